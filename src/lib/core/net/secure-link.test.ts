import { describe, expect, test } from 'vitest';
import { keyPair } from '#core/crypto';
import { createSimClock, type SimClock } from '../../../../tests/sim/host/clock.ts';
import { createSimLink } from '../../../../tests/sim/host/network.ts';
import { createSimRandom, testSeed } from '../../../../tests/sim/host/random.ts';
import { closeCodes, type Link, type LinkEnd, secureLink, type SecureOptions } from './mod.ts';

const seed = testSeed('secured links');
const { signal } = new AbortController();
const keyOf = (byte: number) => keyPair(new Uint8Array(32).fill(byte));
const [here, there, stranger] = [keyOf(1), keyOf(2), keyOf(3)] as const;
const psk = new Uint8Array(32).fill(9);
const initiators = {
	XK: { role: 'initiator', pattern: 'XK', responder: there.public },
	XX: { role: 'initiator', pattern: 'XX' },
	XXpsk0: { role: 'initiator', pattern: 'XXpsk0', psk }
} as const;
const responder = { role: 'responder', patterns: ['XX', 'XK', 'XXpsk0'], psk } as const;

type Options = Omit<SecureOptions, 'clock' | 'random'>;
const dialling: Options = {
	side: initiators.XK,
	own: here,
	binding: new Uint8Array(0),
	aead: null,
	isWelcome: () => true
};
const answering: Options = { ...dialling, side: responder, own: there };

/** Everything that a link tells. */
class Heard {
	readonly messages: Uint8Array[] = [];
	end: LinkEnd | null = null;
	constructor(link: Link) {
		link.start({
			onMessage: (message) => this.messages.push(message),
			onReady: () => undefined,
			onEnd: (end) => (this.end = end)
		});
	}
	get texts(): readonly string[] {
		return this.messages.map((message) => Buffer.from(message).toString());
	}
}

const bytes = (text: string) => Uint8Array.from(Buffer.from(text));

/** Who sits between two ends and hands on what it likes. */
class Between {
	readonly carriers: readonly [Link, Link];
	readonly seen: Uint8Array[] = [];
	/** What becomes of the message of that number, counted from 0 in each direction, on its way from an end. */
	change: (message: Uint8Array, number: number, from: 0 | 1) => readonly Uint8Array[] = (message) => [message];

	constructor(clock: SimClock) {
		const options = { delayMs: [1, 1] } as const;
		const random = createSimRandom(seed);
		const [left, right] = [createSimLink(clock, random, options), createSimLink(clock, random, options)];
		this.carriers = [left.ends[0], right.ends[1]];
		this.#carry(left.ends[1], right.ends[0], 0);
		this.#carry(right.ends[0], left.ends[1], 1);
	}

	#carry(inward: Link, outward: Link, from: 0 | 1): void {
		let number = 0;
		inward.start({
			onMessage: (message) => {
				this.seen.push(message);
				for (const changed of this.change(message, number++, from)) outward.send(changed);
			},
			onReady: () => undefined,
			onEnd: (end) => outward.close(end.type === 'LinkClosed' ? end.code : 0)
		});
	}
}

async function secure(between: Between, clock: SimClock, one: Partial<Options> = {}, two: Partial<Options> = {}) {
	const random = createSimRandom(seed);
	const both = Promise.all([
		secureLink(between.carriers[0], { ...dialling, ...one, clock, random }, signal),
		secureLink(between.carriers[1], { ...answering, ...two, clock, random }, signal)
	]);
	await clock.advance(30_000);
	return both;
}

async function connected(between: Between, clock: SimClock) {
	const [one, two] = await secure(between, clock);
	if (!one.ok || !two.ok) throw new Error('both ends are secured');
	return [one.value.link, two.value.link] as const;
}

describe('who is there', () => {
	test.each(['XK', 'XX', 'XXpsk0'] as const)('%s: both ends learn the key of the other', async (pattern) => {
		const clock = createSimClock();
		const [one, two] = await secure(new Between(clock), clock, { side: initiators[pattern] });
		if (!one.ok || !two.ok) throw new Error('both ends are secured');
		expect(one.value).toMatchObject({ pattern, channelKey: there.public });
		expect(two.value).toMatchObject({ pattern, channelKey: here.public });
		expect(one.value.hash).toEqual(two.value.hash);
	});

	const failed = { ok: false, failure: { type: 'HandshakeFailed' } };
	const endedWith = (code: number) => ({
		ok: false,
		failure: { type: 'LinkEnded', end: { type: 'LinkClosed', by: 'them', code } }
	});
	const refusedOf = (channelKey: Uint8Array) => ({ ok: false, failure: { type: 'DeviceRefused', channelKey } });
	const handshakeEnd = endedWith(closeCodes.handshake);

	test.each<[string, Partial<Options>, Partial<Options>, unknown, unknown]>([
		['another device answers than was meant', {}, { own: stranger }, handshakeEnd, failed],
		[
			'who answers is not welcome, and learns nothing of who asked',
			{ side: initiators.XX, isWelcome: () => false },
			{},
			refusedOf(there.public),
			endedWith(closeCodes.refused)
		],
		[
			'who begins is not welcome',
			{ own: stranger },
			{ isWelcome: (key) => Buffer.compare(key, here.public) === 0 },
			{ ok: true },
			refusedOf(stranger.public)
		],
		['the shared bytes differ', { side: { ...initiators.XXpsk0, psk: new Uint8Array(32) } }, {}, handshakeEnd, failed],
		[
			'there are no shared bytes',
			{ side: initiators.XXpsk0 },
			{ side: { ...responder, psk: null } },
			handshakeEnd,
			failed
		],
		[
			'this way is not taken',
			{ side: initiators.XX },
			{ side: { ...responder, patterns: ['XK'] } },
			handshakeEnd,
			failed
		],
		['the carriers differ', { binding: bytes('a') }, { binding: bytes('b') }, handshakeEnd, failed],
		['both wait', { side: responder }, {}, { ok: false, failure: { type: 'HandshakeSlow' } }, expect.anything()]
	])('nobody where %s', async (_, one, two, nearEnd, farEnd) => {
		const clock = createSimClock();
		const [near, far] = await secure(new Between(clock), clock, one, two);
		expect(near).toMatchObject(nearEnd as object);
		expect(far).toMatchObject(farEnd as object);
	});

	test('another version is told as such', async () => {
		const clock = createSimClock();
		const between = new Between(clock);
		between.change = (message, number, from) => [
			number === 0 && from === 0 ? Uint8Array.of(2, ...message.slice(1)) : message
		];
		const [one, two] = await secure(between, clock);
		expect(two).toEqual({ ok: false, failure: { type: 'VersionOther', version: 2 } });
		expect(one).toMatchObject(endedWith(closeCodes.version));
	});

	test('one bit of any handshake message, changed anywhere, leaves one end without the other', async () => {
		for (const [number, from, length] of [
			[0, 0, 50],
			[0, 1, 48],
			[1, 0, 64]
		] as const) {
			for (let at = 0; at < length; at += 5) {
				const clock = createSimClock();
				const between = new Between(clock);
				between.change = (message, n, by) => {
					if (n === number && by === from) {
						expect(message.length).toBe(length);
						message[at] = (message[at] ?? 0) ^ 0x20;
					}
					return [message];
				};
				const [, two] = await secure(between, clock);
				expect(two.ok, `byte ${at} of message ${number} from ${from}`).toBe(false);
			}
		}
	});

	test('called off, it closes the carrier and says so', async () => {
		const clock = createSimClock();
		const { ends } = createSimLink(clock, createSimRandom(seed));
		const calling = new AbortController();
		const securing = secureLink(ends[0], { ...dialling, clock, random: createSimRandom(seed) }, calling.signal);
		const other = new Heard(ends[1]);
		calling.abort(new Error('called off'));
		await expect(securing).rejects.toThrow('called off');
		await clock.advance(100);
		expect(other.end).toMatchObject({ code: closeCodes.cancelled });
	});
});

describe('what somebody on the way can do', () => {
	const marker = 'a file of which nobody may know';

	test('nothing of what is said is to be read there', async () => {
		const clock = createSimClock();
		const between = new Between(clock);
		const [one, two] = await connected(between, clock);
		const heard = new Heard(two);
		one.send(bytes(marker.repeat(5_000)));
		await clock.advance(1_000);
		expect(heard.texts).toEqual([marker.repeat(5_000)]);
		expect(Buffer.concat(between.seen).includes(marker)).toBe(false);
	});

	test('control: without the seal it is', async () => {
		const clock = createSimClock();
		const between = new Between(clock);
		const heard = new Heard(between.carriers[1]);
		between.carriers[0].send(bytes(marker));
		await clock.advance(1_000);
		expect(heard.texts).toEqual([marker]);
		expect(Buffer.concat(between.seen).includes(marker)).toBe(true);
	});

	/** Of the messages of the first end: two of the handshake, the word that it reads, then these. */
	const first = 3;
	const kept: { last: Uint8Array | null } = { last: null };
	const tricks: Readonly<Record<string, (message: Uint8Array, number: number) => readonly Uint8Array[]>> = {
		'a bit changed': (message, n) => {
			if (n === first + 1) message[5] = (message[5] ?? 0) ^ 1;
			return [message];
		},
		'one said twice': (message, n) => (n === first + 1 ? [message, message] : [message]),
		'one left out': (message, n) => (n === first + 1 ? [] : [message]),
		'two swapped': (message, n) => {
			const held = kept.last;
			kept.last = n === first + 1 ? message : null;
			if (n === first + 1) return [];
			return held === null ? [message] : [message, held];
		},
		'one cut short': (message, n) => [n === first + 1 ? message.slice(0, -1) : message],
		'one made longer': (message, n) => [n === first + 1 ? Uint8Array.of(...message, 0) : message],
		'one of its own': (message, n) => (n === first + 1 ? [new Uint8Array(40), message] : [message]),
		'an empty one': (message, n) => (n === first + 1 ? [new Uint8Array(0), message] : [message])
	};

	test.each(Object.entries(tricks))('%s ends the link, and nothing false was told', async (_, trick) => {
		const clock = createSimClock();
		const between = new Between(clock);
		const [one, two] = await connected(between, clock);
		const heard = [new Heard(one), new Heard(two)] as const;
		await clock.advance(100);
		between.change = (message, number, from) => (from === 0 ? trick(message, number) : [message]);
		for (const text of ['one', 'two', 'three', 'four']) one.send(bytes(text));
		await clock.advance(1_000);
		expect(heard[1].end).toEqual({ type: 'LinkClosed', by: 'us', code: closeCodes.seal });
		expect(['one', 'one two']).toContain(heard[1].texts.join(' '));
		expect(heard[0].end).toMatchObject({ type: 'LinkLost' });
	});

	test('control: left alone, all of it comes', async () => {
		const clock = createSimClock();
		const [one, two] = await connected(new Between(clock), clock);
		const heard = new Heard(two);
		for (const text of ['one', 'two', 'three', 'four']) one.send(bytes(text));
		await clock.advance(1_000);
		expect([heard.texts, heard.end]).toEqual([['one', 'two', 'three', 'four'], null]);
	});

	test('an end in the clear is a loss: only the other device says why it closed', async () => {
		const clock = createSimClock();
		const between = new Between(clock);
		const [one, two] = await connected(between, clock);
		const heard = [new Heard(one), new Heard(two)] as const;
		between.carriers[0].close(0x155);
		await clock.advance(1_000);
		expect(heard.map(({ end }) => end?.type)).toEqual(['LinkLost', 'LinkLost']);
	});
});

test('who sends on before the other has started is not held without end', async () => {
	const clock = createSimClock();
	const between = new Between(clock);
	const [one, two] = await connected(between, clock);
	let sent = 0;
	const message = new Uint8Array(50_000);
	for (let isReady = true; isReady && sent < 1_000; sent++) isReady = one.send(message);
	await clock.advance(1_000);
	expect(sent).toBeLessThan(15);
	message.fill(9); // it is the sender's again, also where it waits
	one.close(0x101);
	const heard = new Heard(two);
	await clock.advance(1_000);
	expect([heard.messages.length, heard.end]).toEqual([sent, { type: 'LinkClosed', by: 'them', code: 0x101 }]);
	expect(heard.messages.every((bytes) => bytes.every((byte) => byte === 0))).toBe(true);
});

test('closed while the carrier takes nothing, it gives up after a while', async () => {
	const clock = createSimClock();
	const { ends } = createSimLink(clock, createSimRandom(seed), { bufferBytesMax: 100_000 });
	const random = createSimRandom(seed);
	const both = Promise.all([
		secureLink(ends[0], { ...dialling, clock, random }, signal),
		secureLink(ends[1], { ...answering, clock, random }, signal)
	]);
	await clock.advance(1_000);
	const [one] = await both;
	if (!one.ok) throw new Error(one.failure.type);
	const heard = new Heard(one.value.link);
	while (one.value.link.send(new Uint8Array(200_000)));
	one.value.link.close(0x101);
	expect(heard.end).toEqual({ type: 'LinkClosed', by: 'us', code: 0x101 });
	await clock.advance(10_000);
	expect(ends[0].send(new Uint8Array(1))).toBe(false);
});
