import { describe, expect, test } from 'vitest';
import { keyPair, type Channel } from '#core/crypto';
import { createSimClock } from '../../../../tests/sim/host/clock.ts';
import { createSimLink } from '../../../../tests/sim/host/network.ts';
import { createSimRandom, testSeed } from '../../../../tests/sim/host/random.ts';
import { isNightly } from '../../../../tests/tier.ts';
import { createHandshakeTalk, type HandshakeTalk, type SecureSide } from './handshake-talk.ts';
import { closeCodes, type Link, type LinkEnd } from './link.ts';
import { SealedLink } from './sealed-link.ts';

const seed = testSeed('records of a hostile device');
const random = createSimRandom(seed);
const [here, there] = [keyPair(new Uint8Array(32).fill(1)), keyPair(new Uint8Array(32).fill(2))];

function talkOf(side: SecureSide): HandshakeTalk {
	const own = side.role === 'initiator' ? here : there;
	const options = { side, own, binding: new Uint8Array(0), isWelcome: () => true };
	return createHandshakeTalk(options, random.bytes(32));
}
const answering = () => talkOf({ role: 'responder', patterns: ['XX', 'XK', 'XXpsk0'], psk: new Uint8Array(32) });
const dialling = () => talkOf({ role: 'initiator', pattern: 'XK', responder: there.public });

/** The channels of two devices that know each other. */
function channels(): readonly [Channel, Channel] {
	const [one, two] = [dialling(), answering()];
	const first = two.take(one.begin() ?? new Uint8Array(0));
	if (!first.ok || first.value.send === null) throw new Error('no handshake');
	const second = one.take(first.value.send);
	if (!second.ok || second.value.send === null) throw new Error('no handshake');
	const third = two.take(second.value.send);
	const [near, far] = [second.value.done, third.ok ? third.value.done : null];
	if (near === null || far === null) throw new Error('no handshake');
	return [near.channel(), far.channel()];
}

type Hostile = {
	readonly link: SealedLink;
	readonly carrier: Link;
	readonly messages: Uint8Array[];
	readonly end: () => LinkEnd | null;
	/** Seals a record and has the link take it. */
	say(...record: number[]): void;
	start(): void;
};

/** A link whose other end holds the right keys, and says what it likes. */
function hostile(): Hostile {
	const clock = createSimClock();
	const [carrier] = createSimLink(clock, random).ends;
	const [mine, theirs] = channels();
	const link = new SealedLink(carrier, mine, clock, true);
	const messages: Uint8Array[] = [];
	let end: LinkEnd | null = null;
	return {
		link,
		carrier,
		messages,
		end: () => end,
		say: (...record) => {
			const sealed = theirs.seal(Uint8Array.from(record));
			if (sealed.ok) link.take(sealed.value);
		},
		start: () =>
			link.start({
				onMessage: (message) => messages.push(message),
				onReady: () => undefined,
				onEnd: (ended) => (end = ended)
			})
	};
}

const bytes = (length: number) => Array.from({ length }, () => 7);
const repeat = (count: number, say: () => void) => {
	for (let n = 0; n < count; n++) say();
};

describe('a device that breaks the rules ends the link', () => {
	test.each<[string, (peer: Hostile) => void]>([
		['with an empty record', ({ say }) => say()],
		['with a record of no known kind', ({ say }) => say(4, 1)],
		['by saying twice that it reads', ({ say }) => repeat(2, () => say(0))],
		['with a word about reading that says more', ({ say }) => say(0, 1)],
		['with a piece of nothing that goes on', ({ say }) => say(1)],
		['with a message of too many pieces', ({ say }) => repeat(257, () => say(1, 1))],
		['with a message that is too long', ({ say }) => repeat(5, () => say(1, ...bytes(60_000)))],
		['with a code that is too short', ({ say }) => say(3, 1, 2)],
		['with a code that is none', ({ say }) => say(3, 0x80, 0, 0, 0)]
	])('%s', (_, breakRule) => {
		const peer = hostile();
		peer.start();
		breakRule(peer);
		expect(peer.end()).toEqual({ type: 'LinkClosed', by: 'us', code: closeCodes.protocol });
		expect(peer.messages).toEqual([]);
		expect(peer.carrier.send(new Uint8Array(1)), 'its carrier is closed as well').toBe(false);
	});

	test.each([
		['large', 60_000],
		['small', 200]
	])('with more %s messages than are held for who has not started', (_, length) => {
		const peer = hostile();
		const record = [2, ...bytes(length)];
		const heldMax = Math.ceil(524_288 / (record.length + 16));
		repeat(heldMax + 1, () => peer.say(...record));
		peer.start();
		expect(peer.end()).toEqual({ type: 'LinkClosed', by: 'us', code: closeCodes.protocol });
	});

	test('control: the longest message, in the most pieces, and the end', () => {
		const peer = hostile();
		peer.start();
		peer.say(0);
		repeat(255, () => peer.say(1, ...bytes(1_024)));
		peer.say(2, ...bytes(1_024));
		expect(peer.messages.map(({ length }) => length)).toEqual([262_144]);
		peer.say(3, 0, 0, 1, 0x42);
		expect(peer.end()).toEqual({ type: 'LinkClosed', by: 'them', code: 0x142 });
	});
});

/** With each, keys are agreed on, which takes about a millisecond. */
const talks = isNightly ? 20_000 : 300;
/** Of twenty, one may end the link; a new one begins with a handshake. */
const records = isNightly ? 100_000 : 1_000;

test(`${talks} messages that begin no handshake are refused, and nothing throws`, () => {
	const right = dialling().begin() ?? new Uint8Array(0);
	for (let n = 0; n < talks; n++) {
		const message = random.chance(0.5)
			? random.bytes(random.integer(120))
			: right.slice(0, random.integer(right.length));
		if (random.chance(0.7)) message.set([1, random.integer(3)].slice(0, message.length));
		const step = answering().take(message);
		// XX begins with a bare key: any 32 bytes are answered, and nothing more than that.
		if (step.ok) expect([message[1], step.value.done]).toEqual([0, null]);
	}
});

test(`${records} records of any bytes do nothing but what a rule says`, () => {
	let peer = hostile();
	peer.start();
	for (let n = 0; n < records; n++) {
		const kind = random.chance(0.95) ? 1 + random.integer(2) : random.integer(random.chance(0.5) ? 4 : 256);
		peer.say(kind, ...random.bytes(kind === 1 || kind === 2 ? 1 + random.integer(12) : random.integer(12)));
		const end = peer.end();
		if (end === null) continue;
		const isBreach = end.type === 'LinkClosed' && end.by === 'us' && end.code === closeCodes.protocol;
		expect(isBreach || (end.type === 'LinkClosed' && end.by === 'them'), `${end.type} of record ${n}`).toBe(true);
		peer = hostile();
		peer.start();
	}
});
