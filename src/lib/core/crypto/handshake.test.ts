import { createRequire } from 'node:module';
import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
	channelPlainBytesMax,
	createHandshake,
	keyPair,
	noiseMessageBytesMax,
	type Handshake,
	type HandshakeSetting,
	type NoiseSuite
} from '#core/crypto';
import type { Failure, Result } from '#core/kernel';
import { createChannel } from './channel.ts';
import { noisePskVectors, noiseVectorKeys, noiseVectors } from '../../../../tests/vectors/noise.ts';

const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));
const hex = (value: Uint8Array) => Buffer.from(value).toString('hex');
const text = (value: string) => new TextEncoder().encode(value);
const fresh = (length: number) => new Uint8Array(randomBytes(length));
const countFrom = (start: number) => Uint8Array.from({ length: 32 }, (_, at) => start + at);

function given<T, F extends Failure>(result: Result<T, F>): T {
	if (!result.ok) throw new Error(`expected a value: ${result.failure.type}`);
	return result.value;
}

const channelOf = (sending: Uint8Array, receiving: Uint8Array, perKey?: number) =>
	createChannel('ChaChaPoly', { sending, receiving }, null, perKey);

const chaChaSha: NoiseSuite = { cipher: 'ChaChaPoly', hash: 'SHA256' };
const suites: readonly NoiseSuite[] = [chaChaSha, { cipher: 'AESGCM', hash: 'SHA256' }];

/** What differs from a plain XX in a test. */
type Wish = Partial<Pick<HandshakeSetting, 'pattern' | 'suite' | 'prologue' | 'psk'>>;

function settings(wish: Wish = {}) {
	const [initiator, responder] = [keyPair(fresh(32)), keyPair(fresh(32))];
	const pattern = wish.pattern ?? 'XX';
	const psk = wish.psk ?? (pattern === 'XXpsk0' ? fresh(32) : null);
	const shared = { suite: chaChaSha, prologue: text('here'), ...wish, pattern, psk };
	const ephemeralSecret = () => fresh(32);
	return {
		initiator: {
			...shared,
			role: 'initiator',
			own: initiator,
			ephemeralSecret: ephemeralSecret(),
			responder: pattern === 'XK' ? responder.public : null
		},
		responder: { ...shared, role: 'responder', own: responder, ephemeralSecret: ephemeralSecret(), responder: null }
	} satisfies Record<string, HandshakeSetting>;
}

function sides(wish: Wish = {}): readonly [Handshake, Handshake] {
	const both = settings(wish);
	return [createHandshake(both.initiator), createHandshake(both.responder)];
}

/** Lets the two talk until they are done, or one of them refuses: then how many messages had passed. */
function talk(first: Handshake, second: Handshake, change = (_step: number, message: Uint8Array) => message): number {
	for (let step = 0; step < 3; step++) {
		const [from, to] = step % 2 === 0 ? [first, second] : [second, first];
		const message = from.write(text(`payload ${step}`));
		if (!message.ok) return step;
		const read = to.read(change(step, message.value));
		if (!read.ok) {
			expect(read.failure).toEqual({ type: 'HandshakeFailed' });
			return step;
		}
	}
	return 3;
}

describe('published vectors', () => {
	test.each(noiseVectors)('$name, message by message, both sides', ({ name, messages, handshakeHash }) => {
		const [, pattern, , cipher, hash] = name.split('_');
		const suite = { cipher, hash } as NoiseSuite;
		const shared = { pattern: pattern as 'XX' | 'XK', suite, prologue: bytes(noiseVectorKeys.prologue), psk: null };
		const initiator = createHandshake({
			...shared,
			role: 'initiator',
			own: keyPair(bytes(noiseVectorKeys.initiatorStatic)),
			ephemeralSecret: bytes(noiseVectorKeys.initiatorEphemeral),
			responder: pattern === 'XK' ? bytes(noiseVectorKeys.responderPublic) : null
		});
		const responder = createHandshake({
			...shared,
			role: 'responder',
			own: keyPair(bytes(noiseVectorKeys.responderStatic)),
			ephemeralSecret: bytes(noiseVectorKeys.responderEphemeral),
			responder: null
		});
		for (const [step, [payload, message]] of messages.slice(0, 3).entries()) {
			const [from, to] = step % 2 === 0 ? [initiator, responder] : [responder, initiator];
			expect(hex(given(from.write(bytes(payload))))).toBe(message);
			expect(hex(given(to.read(bytes(message))))).toBe(payload);
		}
		expect(hex(initiator.hash())).toBe(hex(responder.hash()));
		if (handshakeHash !== null) expect(hex(initiator.hash())).toBe(handshakeHash);
		expect(hex(initiator.peer() ?? fresh(1))).toBe(noiseVectorKeys.responderPublic);
		const [one, other] = [initiator.channel(), responder.channel()];
		for (const [step, [payload, message]] of messages.slice(3).entries()) {
			const [from, to] = step % 2 === 0 ? [other, one] : [one, other];
			expect(hex(given(from.seal(bytes(payload))))).toBe(message);
			expect(hex(given(to.open(bytes(message))))).toBe(payload);
		}
	});

	test.each(noisePskVectors)('XXpsk0 with %s ends as expected', (cipher, last) => {
		const shared = {
			pattern: 'XXpsk0',
			suite: { cipher, hash: 'SHA256' },
			prologue: Uint8Array.of(1, 2, 3),
			psk: countFrom(4),
			responder: null
		} as const;
		const own = [keyPair(countFrom(0)), keyPair(countFrom(1))] as const;
		const one = createHandshake({ ...shared, role: 'initiator', own: own[0], ephemeralSecret: countFrom(32) });
		const other = createHandshake({ ...shared, role: 'responder', own: own[1], ephemeralSecret: countFrom(33) });
		given(other.read(given(one.write(text('abc')))));
		given(one.read(given(other.write(text('defg')))));
		expect(hex(given(one.write(new Uint8Array(0))))).toBe(last);
		expect(other.read(bytes(last)).ok).toBe(true);
	});
});

/** The parts of the package `noise-handshake` that are used: another project's Noise, over libsodium. */
type OtherNoise = {
	readonly s: { readonly publicKey: Uint8Array };
	readonly tx: Uint8Array;
	readonly rx: Uint8Array;
	readonly hash: Uint8Array;
	initialise(prologue: Uint8Array, remoteStatic?: Uint8Array): void;
	send(payload: Uint8Array): Uint8Array;
	recv(message: Uint8Array): Uint8Array;
};
const OtherNoise = createRequire(import.meta.url)('noise-handshake') as new (
	pattern: string,
	initiator: boolean,
	staticKeys: null,
	options: { psk?: Uint8Array }
) => OtherNoise;

describe('an independent implementation', () => {
	const roles = ['initiator', 'responder'] as const;
	const patterns = ['XX', 'XK', 'XXpsk0'] as const;
	const cases = patterns.flatMap((pattern) => roles.map((role) => [pattern, role] as const));

	test.each(cases)('agrees in %s with us as the %s', (pattern, role) => {
		const own = keyPair(fresh(32));
		const psk = pattern === 'XXpsk0' ? fresh(32) : null;
		const theirs = new OtherNoise(pattern, role === 'responder', null, psk === null ? {} : { psk: Buffer.from(psk) });
		const theirKey = new Uint8Array(theirs.s.publicKey);
		const ours = createHandshake({
			pattern,
			suite: { cipher: 'ChaChaPoly', hash: 'BLAKE2b' },
			role,
			prologue: text('both say this'),
			own,
			ephemeralSecret: fresh(32),
			responder: pattern === 'XK' && role === 'initiator' ? theirKey : null,
			psk
		});
		const knowsUs = pattern === 'XK' && role === 'responder';
		theirs.initialise(Buffer.from('both say this'), ...(knowsUs ? [Buffer.from(own.public)] : []));
		for (let step = 0; step < 3; step++) {
			const said = text(`step ${step}`);
			if ((step % 2 === 0) === (role === 'initiator'))
				expect(new Uint8Array(theirs.recv(Buffer.from(given(ours.write(said)))))).toEqual(said);
			else expect(given(ours.read(new Uint8Array(theirs.send(Buffer.from(said)))))).toEqual(said);
		}
		expect(hex(ours.peer() ?? fresh(1))).toBe(hex(theirKey));
		expect(hex(ours.hash())).toBe(hex(theirs.hash));
		// The keys themselves are nobody's business: what is sealed with theirs shows that they are the same.
		const channel = ours.channel();
		const same = channelOf(new Uint8Array(theirs.tx), new Uint8Array(theirs.rx));
		expect(given(channel.open(given(same.seal(text('from them')))))).toEqual(text('from them'));
		expect(given(same.open(given(channel.seal(text('from us')))))).toEqual(text('from us'));
	});
});

describe('a handshake', () => {
	test.each(suites.flatMap((suite) => (['XX', 'XK', 'XXpsk0'] as const).map((pattern) => ({ pattern, suite }))))(
		'$pattern with $suite.cipher ends with the same hash, the keys of the other and a channel',
		(wish) => {
			const both = settings(wish);
			const [one, other] = [createHandshake(both.initiator), createHandshake(both.responder)];
			expect([one.peer(), other.peer()]).toEqual([null, null]);
			expect(talk(one, other)).toBe(3);
			expect([one.isDone(), other.isDone()]).toEqual([true, true]);
			expect(one.hash()).toEqual(other.hash());
			expect([one.peer(), other.peer()]).toEqual([both.responder.own.public, both.initiator.own.public]);
			const [mine, yours] = [one.channel(), other.channel()];
			expect(given(yours.open(given(mine.seal(text('there')))))).toEqual(text('there'));
			expect(given(mine.open(given(yours.seal(text('back')))))).toEqual(text('back'));
		}
	);

	test('fails at the first message with another shared key, at the first sealed one with another prologue', () => {
		const psk = settings({ pattern: 'XXpsk0' });
		const otherPsk = { ...psk.responder, psk: fresh(32) };
		expect(talk(createHandshake(psk.initiator), createHandshake(otherPsk))).toBe(0);
		const plain = settings();
		const otherPrologue = { ...plain.responder, prologue: text('there') };
		expect(talk(createHandshake(plain.initiator), createHandshake(otherPrologue))).toBe(1);
	});

	test('XK fails at the first message for whoever is not the responder that was asked for', () => {
		const [asked, another] = [settings({ pattern: 'XK' }), settings({ pattern: 'XK' })];
		expect(talk(createHandshake(asked.initiator), createHandshake(another.responder))).toBe(0);
	});

	test.each(['XX', 'XK', 'XXpsk0'] as const)(
		'%s notices a changed byte anywhere, at once or one message on',
		(pattern) => {
			const lengths: number[] = [];
			expect(talk(...sides({ pattern }), (_, message) => (lengths.push(message.length), message))).toBe(3);
			for (const [step, length] of lengths.entries())
				// Each byte would take a minute: the borders of the fields, and some between.
				for (const at of [0, 31, 32, 33, 47, 48, 79, 80, 95, length - 1].filter((place) => place < length)) {
					const [one, other] = sides({ pattern });
					const passed = talk(one, other, (now, message) =>
						now === step ? message.map((byte, place) => (place === at ? byte ^ 1 : byte)) : message
					);
					expect(passed, `byte ${at} of message ${step}`).toBeLessThanOrEqual(step + 1);
					expect(passed).toBeLessThan(3);
					expect([one.isDone(), other.isDone()]).not.toEqual([true, true]);
				}
		}
	);

	test('that failed stays failed, whatever comes then', () => {
		const [one, other] = sides({ pattern: 'XXpsk0' });
		const first = given(one.write(text('hello')));
		expect(other.read(first.subarray(1)).ok).toBe(false);
		expect([other.read(first).ok, other.write(text('?')).ok, other.isDone()]).toEqual([false, false, false]);
		expect(other.peer()).toBeNull();
		expect(() => other.channel()).toThrow('defect');
	});

	test('ends at a message out of turn, and at one that is too long, too short or empty', () => {
		const outOfTurn = sides()[0];
		expect(outOfTurn.read(fresh(64)).ok).toBe(false);
		expect(outOfTurn.write(text('late')).ok).toBe(false);
		for (const message of [fresh(noiseMessageBytesMax + 1), fresh(31), fresh(0)])
			expect(sides()[1].read(message).ok).toBe(false);
		expect(() => sides()[0].write(fresh(noiseMessageBytesMax))).toThrow('defect');
	});

	test.each([
		['all zero', '00'.repeat(32)],
		['one', '01' + '00'.repeat(31)],
		['of order 8', 'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800'],
		['of order 8 too', '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157'],
		['p - 1', 'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f'],
		['p', 'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f'],
		['p + 1', 'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f']
	])('is refused to a public key that gives every secret away: %s', (_, key) => {
		const responder = sides()[1];
		given(responder.read(bytes(key)));
		expect(responder.write(text('never'))).toEqual({ ok: false, failure: { type: 'HandshakeFailed' } });
		const initiator = createHandshake({ ...settings({ pattern: 'XK' }).initiator, responder: bytes(key) });
		expect(initiator.write(text('never')).ok).toBe(false);
	});
});

describe('a channel', () => {
	function channels() {
		const [one, other] = sides();
		talk(one, other);
		return [one.channel(), other.channel()] as const;
	}

	test.each([
		['again', ([first = fresh(0)]: Uint8Array[]) => [first, first]],
		['out of order', ([first = fresh(0), second = fresh(0)]: Uint8Array[]) => [second, first]],
		['after one that was lost', ([, second = fresh(0)]: Uint8Array[]) => [second]],
		[
			'with a changed bit',
			([first = fresh(0)]: Uint8Array[]) => [first.map((byte, at) => (at === 3 ? byte ^ 4 : byte))]
		],
		['cut short', ([first = fresh(0)]: Uint8Array[]) => [first.subarray(0, -1)]],
		['that is empty', () => [fresh(0)]]
	])('is broken for good by a message %s', (_, order) => {
		const [mine, yours] = channels();
		const sent = [1, 2, 3].map((at) => given(mine.seal(text(`message ${at}`))));
		const results = order(sent).map((message) => yours.open(message));
		expect(results.at(-1)?.ok).toBe(false);
		expect(yours.open(sent[0] ?? fresh(0))).toEqual({ ok: false, failure: { type: 'ChannelBroken' } });
		expect(yours.seal(text('no more')).ok).toBe(false);
	});

	test('in order is read to the end, and what one side sealed is nothing to that side', () => {
		const [mine, yours] = channels();
		for (let at = 0; at < 20; at++) expect(yours.open(given(mine.seal(text(`${at}`)))).ok).toBe(true);
		expect(mine.open(given(mine.seal(text('mirrored')))).ok).toBe(false);
	});

	test('carries up to 65,519 bytes in a message', () => {
		const [mine, yours] = channels();
		const most = fresh(channelPlainBytesMax);
		expect(given(yours.open(given(mine.seal(most))))).toEqual(most);
		expect(() => mine.seal(fresh(channelPlainBytesMax + 1))).toThrow('defect');
		expect(yours.open(fresh(noiseMessageBytesMax + 1)).ok).toBe(false);
	});

	test('takes a new key when the old one was used enough, on both sides at once', () => {
		const keys = [fresh(32), fresh(32)] as const;
		const often = channelOf(...keys, 3);
		const same = channelOf(keys[1], keys[0], 3);
		const never = channelOf(keys[1], keys[0]);
		for (let at = 0; at < 10; at++) {
			const sealed = given(often.seal(text(`${at}`)));
			expect(same.open(sealed).ok).toBe(true);
			// Who does not change keys reads the first three, and no other.
			expect(never.open(sealed).ok).toBe(at < 3);
		}
	});
});
