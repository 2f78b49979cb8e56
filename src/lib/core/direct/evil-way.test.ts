import { describe, expect, test } from 'vitest';
import { deviceKeys, type DeviceKeys } from '#core/crypto';
import { closeCodes, createMux, linkToDevice, muxSettings, type Link, type Mux, type Stream } from '#core/net';
import { createSimClock } from '../../../../tests/sim/host/clock.ts';
import { describeChannel, SimEther, type EtherOptions } from '../../../../tests/sim/host/direct.ts';
import { createSimLink } from '../../../../tests/sim/host/network.ts';
import { createSimRandom, testSeed, type SimRandom } from '../../../../tests/sim/host/random.ts';
import { isNightly } from '../../../../tests/tier.ts';
import { goDirect, readDescription, signalStreamKind } from './mod.ts';

const { signal } = new AbortController();
const keysOf = (byte: number) => deviceKeys(new Uint8Array(32).fill(byte));
const [here, there, stranger] = [keysOf(1), keysOf(2), keysOf(3)] as const;
const sentinel = 'what nobody else is to read';
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');

/** What somebody who carries the two makes of a message on its way, by its number in its direction. */
type Tamper = (message: Uint8Array, number: number) => readonly Uint8Array[];

/** A link with somebody in the middle of it. */
function tampered(clock: ReturnType<typeof createSimClock>, random: SimRandom, tamper: Tamper): readonly [Link, Link] {
	const options = { delayMs: [1, 3], bufferBytesMax: 16 * 1_048_576 } as const;
	const [left, right] = [createSimLink(clock, random, options), createSimLink(clock, random, options)];
	carry(left.ends[1], right.ends[0], tamper);
	return [left.ends[0], right.ends[1]];
}

/** Hands on what comes at either end to the other one, as `tamper` likes it. */
function carry(one: Link, other: Link, tamper: Tamper): void {
	for (const [from, to] of [
		[one, other],
		[other, one]
	] as const) {
		let number = 0;
		from.start({
			onMessage: (message) => {
				for (const changed of tamper(message, number++)) to.send(changed);
			},
			onReady: () => undefined,
			onEnd: () => to.close(closeCodes.none)
		});
	}
}

/** One attack: on what carries the two, on the talk where that is not sealed, and on the direct way. */
type Attack = {
	readonly carrier?: (random: SimRandom) => Tamper;
	/** Whether the talk goes over a carrier that anybody reads, as it never does. */
	readonly isTalkOpen?: boolean;
	readonly between?: EtherOptions['between'];
	readonly believesAll?: boolean;
	/** The device at the other end is another one than was to be there. */
	readonly answerer?: DeviceKeys;
};

type Found = { readonly links: number; readonly isRead: boolean; readonly heard: number };

const isAttacked = (random: SimRandom) => {
	const first = random.integer(12);
	return (number: number) => number >= first;
};
const flip: NonNullable<Attack['carrier']> = (random) => {
	const isDue = isAttacked(random);
	return (message, number) => {
		const changed = message.slice();
		const at = random.integer(changed.length);
		if (isDue(number)) changed[at] = (changed[at] ?? 0) ^ (1 << random.integer(8));
		return [changed];
	};
};
const drop: NonNullable<Attack['carrier']> = (random) => {
	const nth = random.integer(12);
	return (message, number) => (number === nth ? [] : [message]);
};
const replay: NonNullable<Attack['carrier']> = (random) => {
	const isDue = isAttacked(random);
	const seen: Uint8Array[] = [];
	return (message, number) => {
		seen.push(message.slice());
		return isDue(number) ? [message, seen[random.integer(seen.length)] ?? message] : [message];
	};
};
const swap: NonNullable<Attack['carrier']> = (random) => {
	const nth = random.integer(8);
	let held: Uint8Array | null = null;
	return (message, number) => {
		if (number === nth) {
			held = message.slice();
			return [];
		}
		const due = held;
		held = null;
		return due === null ? [message] : [message, due];
	};
};
const strip: NonNullable<Attack['carrier']> = (random) => {
	const bytes = 1 + random.integer(2);
	return (message, number) => [number === 0 ? message.slice(bytes) : message];
};
const downgrade: NonNullable<Attack['carrier']> = () => (message, number) => {
	if (number === 0) message.fill(0, 0, 1);
	return [message];
};

/** Somebody on the direct way who reads all that passes; `shows` which certificates each side is shown. */
function middle(read: (message: Uint8Array) => void, shows: 'own' | 'told'): NonNullable<EtherOptions['between']> {
	const own = new Uint8Array(32).fill(0xee);
	return (near, far, told) => {
		carry(near, far, (message) => {
			read(message);
			return [message];
		});
		return shows === 'own' ? [own, own] : told;
	};
}

/** Puts the certificate of somebody else into every description that passes. */
const swapCertificates: NonNullable<Attack['carrier']> = () => (message) => {
	const described = text(message);
	const print = /(?:[0-9A-F]{2}:){31}[0-9A-F]{2}/.exec(described)?.[0];
	if (print === undefined) return [message];
	return [Uint8Array.from(Buffer.from(described.replace(print, Array(32).fill('EE').join(':')), 'latin1'))];
};

async function attacked(seed: number, attack: Attack): Promise<Found> {
	const [clock, random] = [createSimClock(), createSimRandom(seed)];
	let isRead = false;
	const see = (message: Uint8Array) => {
		if (text(message).includes(sentinel)) isRead = true;
	};
	const made = attack.carrier?.(random) ?? ((message: Uint8Array) => [message]);
	const ends = tampered(clock, random, (message, number) => {
		see(message);
		return made(message, number);
	});
	const { between = null, believesAll = false, isTalkOpen = false, answerer = there } = attack;
	const ether = new SimEther({ clock, random, between, believesAll });
	const psk = new Uint8Array(32).fill(9);
	const common = { clock, random, aead: null };
	const secured = async (): Promise<readonly [Link, Link] | null> => {
		if (isTalkOpen) return ends;
		const both = await Promise.all([
			linkToDevice(
				ends[0],
				{ ...common, own: here, side: { role: 'initiator', pattern: 'XXpsk0', psk }, isWelcome: () => true },
				signal
			),
			linkToDevice(
				ends[1],
				{ ...common, own: answerer, side: { role: 'responder', patterns: ['XXpsk0'], psk }, isWelcome: () => true },
				signal
			)
		]);
		const [one, other] = both;
		return one.ok && other.ok ? [one.value.link, other.value.link] : null;
	};
	const links: Link[] = [];
	const took = (side: 'offers' | 'answers', own: DeviceKeys, other: DeviceKeys) => async (stream: Stream) => {
		const link = await goDirect(
			{ port: ether.port(), clock, random, own, deviceKey: other.signing.public },
			stream,
			side,
			signal
		);
		if (link.ok) links.push(link.value);
	};
	let heard = 0;
	void (async () => {
		const carried = await secured();
		if (carried === null) return;
		const settings = muxSettings;
		createMux(carried[1], {
			role: 'server',
			settings,
			clock,
			onStream: (stream) => void took('answers', answerer, here)(stream)
		});
		const mux: Mux = createMux(carried[0], { role: 'client', settings, clock, onStream: () => undefined });
		const stream = await mux.open(signalStreamKind, 'control', signal);
		if (stream.ok) await took('offers', here, there)(stream.value);
	})();
	await clock.advance(60_000);
	for (const link of links)
		link.start({
			onMessage: (message) => (heard += text(message) === sentinel ? 1 : 0),
			onReady: () => undefined,
			onEnd: () => undefined
		});
	for (const link of links) link.send(Uint8Array.from(Buffer.from(sentinel)));
	await clock.advance(1_000);
	return { links: links.length, isRead, heard };
}

describe('T41: who carries two devices, or sits on the direct way between them,', () => {
	let isReadThere = false;
	const spy = (message: Uint8Array) => {
		if (text(message).includes(sentinel)) isReadThere = true;
	};
	const attacks: Readonly<Record<string, Attack>> = {
		'changes bits of what it carries': { carrier: flip },
		'drops a message': { carrier: drop },
		'says messages again': { carrier: replay },
		'swaps messages': { carrier: swap },
		'strips the version': { carrier: strip },
		'says another version': { carrier: downgrade },
		'swaps the certificates in what is said': { carrier: swapCertificates },
		'shows a certificate of its own': { between: middle(spy, 'own') },
		'swaps the certificates in a talk that it can write, and shows its own': {
			carrier: swapCertificates,
			isTalkOpen: true,
			between: middle(spy, 'own')
		},
		'is another device': { answerer: stranger }
	};
	const runs = isNightly ? 1_000 : 12;
	test.each(Object.keys(attacks))(
		`and %s, is told nothing and passes for nobody (${runs} runs)`,
		{ timeout: 1_800_000 },
		async (name) => {
			const seed = testSeed(`evil ways: ${name}`);
			isReadThere = false;
			for (let run = 0; run < runs; run++) {
				const found = await attacked(seed + run, attacks[name] ?? {});
				const what = `seed ${seed + run}: ${JSON.stringify(found)}`;
				expect(found.isRead || isReadThere, what).toBe(false);
				// A link there is only from the one to the other; whoever is between has none.
				expect(found.links === 2 ? found.heard : found.links, what).toBe(found.links === 2 ? 2 : 0);
				if (attacks[name]?.between !== undefined || name === 'is another device') expect(found.links, what).toBe(0);
			}
		}
	);

	test('Control: with nobody between there is a link; a host that believes any certificate has all of it read', async () => {
		expect(await attacked(1, {})).toEqual({ links: 2, isRead: false, heard: 2 });
		isReadThere = false;
		expect(await attacked(2, { between: middle(spy, 'own'), believesAll: true })).toMatchObject({ links: 2 });
		expect(isReadThere).toBe(true);
	});

	test('Control: what the attack swaps is what descriptions say', () => {
		const described = Buffer.from(describeChannel('user', new Uint8Array(32).fill(7)), 'latin1');
		const [swapped = new Uint8Array()] = swapCertificates(createSimRandom(1))(described, 0);
		expect(readDescription(text(swapped))?.fingerprint).toEqual(new Uint8Array(32).fill(0xee));
	});
});
