import { describe, expect, test } from 'vitest';
import { deviceId, wireToBytes, type WireValue } from '#core/kernel';
import type { Link } from '#core/net';
import type { Message } from '#core/sync';
import { linkToChannel } from './host/channel.ts';
import { createSimLink } from './host/network.ts';
import { createSimRandom } from './host/random.ts';
import { ask, settled } from './peer-commands.ts';
import { PeerWorld } from './peer-world.ts';

const hostile = deviceId('ee'.padStart(32, '0'));
const never = new AbortController().signal;

/** Somebody who was let in, and means harm: it has what it was told, and says what it likes. */
type Attacker = {
	readonly heard: Message[];
	/** Says something that the protocol has no place for, or does not know. */
	raw(bytes: Uint8Array): void;
	say(message: WireValue): Promise<void>;
	/** Has the other side ask for a domain, and answers with that batch. */
	offer(domain: string, batch: WireValue): Promise<void>;
};

const ping = { kind: 'ping' } as const;

async function attack(world: PeerWorld, hello: Readonly<Record<string, WireValue>> = {}): Promise<Attacker> {
	const core = world.peers[0]?.core;
	if (core === null || core === undefined) throw new Error('the device is off');
	const { id } = (await ask(world, 0, 'library.status', {})) as { readonly id: string };
	const link = createSimLink(world.clock, createSimRandom(1), { delayMs: [1, 1], messageBytesMax: 2 ** 23 });
	const [near, far]: readonly [Link, Link] = link.ends;
	void core.connect(hostile, linkToChannel(near), 0, never);
	const channel = linkToChannel(far);
	const heard: Message[] = [];
	void (async () => {
		for (let message = await channel.receive(never); message !== null; message = await channel.receive(never))
			heard.push(message as Message);
	})();
	const say = async (message: WireValue) => {
		await channel.send(message, never);
		await world.take({ do: 'wait', ms: 20 });
	};
	const versions = { from: 1, to: 1 };
	const domains = ['devices', 'metadata', 'index', 'registers'];
	await say({ kind: 'hello', versions, features: [], library: id, device: hostile, domains, ...hello });
	let digests = 0;
	return {
		heard,
		raw: (bytes) => void far.send(bytes),
		say,
		offer: async (domain, batch) => {
			await say({ kind: 'changed', domain, digest: new Uint8Array(16).fill(++digests) });
			await world.take({ do: 'wait', ms: 200 });
			const wants = heard.filter((message) => message.kind === 'want' && message.domain === domain);
			const want = wants.at(-1);
			if (want?.kind !== 'want') throw new Error(`it does not ask for ${domain}`);
			await say({ kind: 'batch', domain, pull: want.pull, batch });
		}
	};
}

/** All that a device knows, but when it heard of whom. */
function everything(world: PeerWorld): string {
	const database = world.peers[0]?.database;
	const tables =
		database
			?.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'name_index%' ORDER BY name`)
			.column() ?? [];
	return tables
		.filter((table) => table !== 'command' && table !== 'device')
		.map((table) => `${String(table)} ${JSON.stringify(database?.prepare(`SELECT * FROM "${String(table)}"`).all())}`)
		.concat(
			JSON.stringify(database?.prepare('SELECT id, heardStamp, admitted, removed, renames, name FROM device').all())
		)
		.join('\n');
}

const shown = async (world: PeerWorld) =>
	(await ask(world, 0, 'sync.status', {})).find(({ device }) => device === hostile);
const stamp = (ms: number) => ms * 2_048;
const world = () => settled(new PeerWorld({ seed: 77, peers: 2, hasPeople: true }));
const idOf = (n: number) => n.toString(16).padStart(32, '0');
/** One that this version keeps and passes on, and does not read. */
const laterKind = 60_000;
const said = (device: string, atMs: number): WireValue => ({
	since: [[device, 0]],
	facts: [[0, stamp(atMs), laterKind, new Uint8Array(), new Uint8Array()]]
});

describe('a device that was let in and means harm changes nothing, and is shown', () => {
	test.each<[string, string, (nowMs: number) => WireValue, string]>([
		['speaks for the device that it speaks to', 'metadata', (nowMs) => said(idOf(1), nowMs + 60_000), 'BatchNotTheirs'],
		['has stamps from the future', 'metadata', (nowMs) => said(hostile, nowMs + 6 * 60_000), 'BatchFromTheFuture'],
		['has stamps of no number', 'metadata', () => said(hostile, Infinity), 'BatchWrong'],
		['says what is no fact', 'metadata', () => ({ since: [], facts: 'many' }), 'BatchWrong'],
		[
			'sends more facts than a batch has',
			'metadata',
			(nowMs) => ({
				since: [[hostile, 0]],
				facts: Array.from({ length: 5_000 }, (_, n) => [0, stamp(nowMs) + n, 12, new Uint8Array(), new Uint8Array()])
			}),
			'BatchWrong'
		],
		['has an index of no form', 'index', () => ({ library: 'x', owner: hostile }), 'BatchWrong'],
		['names devices as none are', 'devices', () => ({ nobody: [1, 0, 1, '', 'x', 'peer'] }), 'BatchWrong'],
		[
			'removes a device more often than there are numbers',
			'devices',
			() => ({ [idOf(2)]: [0, 2 ** 40, 0, '', '', ''] }),
			'BatchWrong'
		],
		['hides letters in a name', 'devices', () => ({ [idOf(2)]: [1, 0, 1, hostile, 'a\u202eb', 'peer'] }), 'BatchWrong'],
		['names no device at all', 'devices', () => ({}), 'BatchWrong']
	])('%s', async (_, domain, batch, why) => {
		const at = await world();
		const attacker = await attack(at);
		await at.take({ do: 'wait', ms: 1_000 });
		const before = everything(at);
		await attacker.offer(domain, batch(at.clock.nowMs()));
		const told = await shown(at);
		expect(told?.link).toBe('open');
		expect(told?.domains.find((one) => one.domain === domain)?.pull).toMatchObject({
			type: 'refused',
			why: { type: why }
		});
		expect(attacker.heard.at(-1)).toMatchObject({ kind: 'refused', domain, by: 'asker' });
		expect(everything(at)).toBe(before);
		// Nobody else is held up by it.
		await at.take({ do: 'act', peer: 1, deed: 'create-tag', which: 3 });
		await at.take({ do: 'wait', ms: 8_000 });
		expect(at.peers[0]?.database?.prepare('SELECT name FROM tag').column()).toEqual(['tag 3']);
		await at.close();
	});

	test.each<[string, (attacker: Attacker) => void | Promise<void>, object]>([
		['sends what is no value', ({ raw }) => raw(new Uint8Array(2_000).fill(0xff)), { type: 'Cut' }],
		['sends a message longer than any', ({ raw }) => raw(wireToBytes(new Uint8Array(2 ** 22))), { type: 'Cut' }],
		['says hello twice', ({ say }) => say({ kind: 'hello' }), { type: 'Breach' }],
		[
			'pushes what nobody asked for',
			({ say }) => say({ kind: 'batch', domain: 'index', pull: 0, batch: null }),
			{ type: 'Breach' }
		],
		['says that it is none of them any more', ({ say }) => say({ kind: 'bye', code: 'closing' }), { type: 'PeerEnded' }]
	])('%s: the talk ends', async (_, harm, ended) => {
		const at = await world();
		const attacker = await attack(at);
		await at.take({ do: 'wait', ms: 1_000 });
		const before = everything(at);
		await harm(attacker);
		await at.take({ do: 'wait', ms: 3_000 });
		expect((await shown(at))?.ended).toMatchObject(ended);
		expect(everything(at)).toBe(before);
		await at.close();
	});

	test.each([
		['of another library', { library: 'ab'.repeat(16) }, 'OtherLibrary'],
		['in the name of another device', { device: idOf(2) }, 'OtherDevice'],
		['of a version to come', { versions: { from: 9, to: 9 } }, 'OtherVersion']
	])('one %s is told so and left', async (_, hello, type) => {
		const at = await world();
		const before = everything(at);
		const { heard } = await attack(at, hello);
		await at.take({ do: 'wait', ms: 2_000 });
		expect((await shown(at))?.ended).toMatchObject({ type });
		expect(heard.at(-1)).toMatchObject({ kind: 'bye' });
		expect(everything(at)).toBe(before);
		await at.close();
	});

	test('what an honest device has said changes nothing when it is told again, by whomever', async () => {
		const at = await world();
		await at.take({ do: 'act', peer: 1, deed: 'create-tag', which: 3 });
		await at.take({ do: 'wait', ms: 1_000 });
		const attacker = await attack(at);
		// It asks for all there is, and tells it back.
		const told: { readonly domain: string; readonly batch: WireValue }[] = [];
		for (const domain of ['devices', 'metadata']) {
			await attacker.say({ kind: 'want', domain, pull: 1, have: {} });
			await at.take({ do: 'wait', ms: 200 });
			for (const message of attacker.heard)
				if (message.kind === 'batch' && message.domain === domain) told.push({ domain, batch: message.batch });
		}
		expect(told.length).toBeGreaterThan(0);
		const before = everything(at);
		for (const { domain, batch } of told) await attacker.offer(domain, batch);
		await attacker.say(ping);
		expect(everything(at)).toBe(before);
		expect((await shown(at))?.link).toBe('open');
		await at.close();
	});
});

test('control: what such a device says honestly is taken', async () => {
	const at = await world();
	const attacker = await attack(at);
	const before = everything(at);
	await attacker.offer('metadata', said(hostile, at.clock.nowMs()));
	expect(attacker.heard.some(({ kind }) => kind === 'merged')).toBe(true);
	expect(everything(at)).not.toBe(before);
	await at.close();
});
