import { expect, test } from 'vitest';
import { testSeed } from './host/random.ts';
import { findFault } from './peer-checks.ts';
import { fileName } from './peer-person.ts';
import { PeerWorld } from './peer-world.ts';

/** As a message may begin with the end of what the one before it began with. */
const tailBytes = 64;

/** Looks for texts and ids in all that passes. */
class Eavesdropper {
	readonly found = new Set<string>();
	bytes = 0;
	readonly #markers: ReadonlyMap<string, Buffer>;
	#tail = Buffer.alloc(0);

	constructor(texts: readonly string[], ids: readonly string[]) {
		this.#markers = new Map([
			...texts.map((text) => [text, Buffer.from(text)] as const),
			...ids.map((id) => [id, Buffer.from(id, 'hex')] as const),
			...ids.map((id) => [`${id} as text`, Buffer.from(id)] as const)
		]);
	}

	hear(message: Uint8Array): void {
		this.bytes += message.length;
		const heard = Buffer.concat([this.#tail, message]);
		for (const [name, marker] of this.#markers) if (heard.includes(marker)) this.found.add(name);
		this.#tail = heard.subarray(-tailBytes);
	}
}

const texts = [fileName, 'tag 4711', 'note 813', 'a register', 'its value', 'Laptop of Ada'];

/** Three devices that say all sorts of things to each other; what somebody on the way has found. */
async function overhear(isSecure: boolean): Promise<Eavesdropper> {
	const ids = [1, 2, 3].map((n) => n.toString(16).padStart(32, '0'));
	const ear = new Eavesdropper(texts, ids);
	const seed = testSeed('wire');
	const world = new PeerWorld({ seed, peers: 3, hasPeople: true, isSecure, onSend: (message) => ear.hear(message) });
	await world.begin();
	await world.take({ do: 'wait', ms: 3_000 });
	await world.take({ do: 'act', peer: 0, deed: 'create-tag', which: 4_711 });
	await world.take({ do: 'act', peer: 1, deed: 'note', which: 813 });
	await world.take({ do: 'write', peer: 2, key: 'a register', value: 'its value' });
	const [, , third] = world.peers;
	const context = { signal: new AbortController().signal, command: '' as never };
	const device = world.peers[0]?.device;
	if (device !== undefined) await third?.core?.commands['devices.rename']({ device, name: 'Laptop of Ada' }, context);
	await world.take({ do: 'cut', link: 0 });
	await world.settle();
	expect(await findFault(world)).toBeNull();
	await world.close();
	return ear;
}

test('no name, tag, note or id is in any byte that passes a line', async () => {
	const { found, bytes } = await overhear(true);
	expect([...found]).toEqual([]);
	expect(bytes).toBeGreaterThan(5_000);
});

test('control: they are where lines are not secured', async () => {
	const { found } = await overhear(false);
	expect([...found]).toEqual(expect.arrayContaining(texts));
	expect([...found].filter((name) => name.endsWith('as text')).length).toBeGreaterThan(0);
});
