import { describe, expect, test } from 'vitest';
import { deviceKeys } from '#core/crypto';
import { libraryId } from '#core/kernel';
import { createSimRandom, testSeed } from '../../../../tests/sim/host/random.ts';
import { isNightly } from '../../../../tests/tier.ts';
import { readRelayMessage } from './messages.ts';
import {
	heldPlace,
	makePass,
	passHolder,
	ownPlace,
	parsePlaceAddress,
	parseRelayName,
	printClientMessage,
	printPlaceAddress,
	printRelayMessage,
	printRelayName,
	readClientMessage,
	relayMessageBytesMax,
	relayToken,
	signHold,
	type ClientMessage,
	type RelayMessage
} from './mod.ts';
import { callKey } from './place.ts';

const random = createSimRandom(testSeed('relays'));
const [one, other] = [1, 2].map((byte) => deviceKeys(new Uint8Array(32).fill(byte)));
if (one === undefined || other === undefined) throw new Error('two devices');
const [library, another] = ['0', '1'].map((digit) => libraryId(digit.repeat(32)));
if (library === undefined || another === undefined) throw new Error('two libraries');
const url = 'wss://nas.example/relay';
const place = ownPlace(one, library, url);
const token = relayToken(other);
const by = { type: 'token', token } as const;

const relayMessages: readonly RelayMessage[] = [
	{ kind: 'greeting', version: 2, challenge: random.bytes(32) },
	{ kind: 'held' },
	{ kind: 'called', ticket: random.bytes(16), challenge: random.bytes(32), pass: random.bytes(72) },
	{ kind: 'called', ticket: random.bytes(16), challenge: random.bytes(32), pass: random.bytes(0) },
	{ kind: 'alive' },
	{ kind: 'joined' }
];
const clientMessages: readonly ClientMessage[] = [
	signHold(place, by, random.bytes(32)),
	signHold(place, { type: 'device', own: one }, random.bytes(32)),
	{ kind: 'call', place: random.bytes(16), pass: random.bytes(72) },
	{ kind: 'call', place: random.bytes(16), pass: random.bytes(0) },
	{ kind: 'answer', ticket: random.bytes(16) },
	{ kind: 'decline', ticket: random.bytes(16) },
	{ kind: 'alive' }
];

describe('what is said to a relay, and by it', () => {
	test('comes as it was said, and from one side only', () => {
		for (const message of relayMessages) {
			const bytes = printRelayMessage(message);
			expect(bytes.length).toBeLessThanOrEqual(relayMessageBytesMax);
			expect(readRelayMessage(bytes)).toEqual(message);
			if (message.kind !== 'alive') expect(readClientMessage(bytes)).toBeNull();
		}
		for (const message of clientMessages) {
			const bytes = printClientMessage(message);
			expect(bytes.length).toBeLessThanOrEqual(relayMessageBytesMax);
			expect(readClientMessage(bytes)).toEqual(message);
			if (message.kind !== 'alive') expect(readRelayMessage(bytes)).toBeNull();
		}
	});

	test('T34: any other bytes are no message, and what is one is so in one way only', () => {
		const whole = [...relayMessages.map(printRelayMessage), ...clientMessages.map(printClientMessage)];
		for (let round = isNightly ? 500_000 : 20_000; round > 0; round--) {
			const bytes = Uint8Array.from(whole[random.integer(whole.length)] ?? []);
			for (let left = random.integer(4); left > 0; left--) bytes[random.integer(bytes.length)] = random.integer(256);
			const cut = random.chance(0.3) ? bytes.subarray(0, random.integer(bytes.length + 1)) : bytes;
			const fed = random.chance(0.2) ? random.bytes(random.integer(200)) : cut;
			const [said, asked] = [readRelayMessage(fed), readClientMessage(fed)];
			if (said !== null) expect(printRelayMessage(said)).toEqual(fed);
			if (asked !== null) expect(printClientMessage(asked)).toEqual(fed);
		}
		expect(readClientMessage(new Uint8Array(1_000_000))).toBeNull();
	});
});

describe('a place at a relay', () => {
	const challenge = random.bytes(32);

	test('is always the same, and another one for each device, library and relay', () => {
		expect(ownPlace(one, library, url)).toEqual(place);
		const others = [ownPlace(other, library, url), ownPlace(one, another, url), ownPlace(one, library, `${url}2`)];
		const all = [place, ...others].flatMap((each) => [each.place, each.secret, each.keys.public, callKey(each)]);
		expect(new Set(all.map((bytes) => Buffer.from(bytes).toString('hex'))).size).toBe(all.length);
	});

	test('is held by who has its key and a token, for that challenge', () => {
		const entitled = { tokens: [random.bytes(16), token], members: [] };
		const hold = signHold(place, by, challenge);
		expect(heldPlace(hold, challenge, entitled)).toEqual({ place: place.place, member: null });
		expect(heldPlace(hold, random.bytes(32), entitled)).toBeNull();
		expect(heldPlace(hold, challenge, { tokens: [], members: [] })).toBeNull();
		expect(heldPlace(signHold(place, { ...by, token: random.bytes(16) }, challenge), challenge, entitled)).toBeNull();
		// Who has the token as well takes nobody else's place.
		const theirs = signHold(ownPlace(other, library, url), by, challenge);
		expect(heldPlace({ ...theirs, key: place.keys.public }, challenge, entitled)).toBeNull();
		expect(heldPlace({ ...hold, signature: theirs.signature }, challenge, entitled)).toBeNull();
	});

	test('is held by a device that the relay knows, for that challenge and that place', () => {
		const entitled = { tokens: [], members: [other.signing.public, one.signing.public] };
		const hold = signHold(place, { type: 'device', own: one }, challenge);
		expect(heldPlace(hold, challenge, entitled)).toEqual({ place: place.place, member: one.signing.public });
		expect(heldPlace(hold, random.bytes(32), entitled)).toBeNull();
		// As after its removal.
		expect(heldPlace(hold, challenge, { ...entitled, members: [other.signing.public] })).toBeNull();
		// A pass that was seen is for nobody else's place, and gives no other member one in its name.
		const theirs = signHold(ownPlace(other, library, url), { type: 'device', own: other }, challenge);
		expect(heldPlace({ ...theirs, right: hold.right }, challenge, entitled)).toBeNull();
		expect(heldPlace({ ...hold, signature: theirs.signature }, challenge, entitled)).toBeNull();
	});

	test('a pass tells who does not know the key of its device nothing of it, and is another one each time', () => {
		const use = { use: 'call', about: place.place, challenge } as const;
		const pass = makePass(one.signing, use);
		expect(passHolder(pass, use, [other.signing.public, one.signing.public])).toEqual(one.signing.public);
		expect(Buffer.from(pass).includes(Buffer.from(one.signing.public).subarray(0, 4))).toBe(false);
		const again = makePass(one.signing, { ...use, challenge: random.bytes(32) });
		// Neither hint nor signature has four bytes in a row that the other one has at that place.
		const isSame = pass.map((byte, at) => Number(byte === again[at])).join('');
		expect(isSame).not.toContain('1111');
	});

	test.each([
		'wss://nas.example/relay',
		'ws://localhost:4310/relay',
		'ws://[::1]:4310/relay',
		`wss://nas.example/relay#${'A'.repeat(22)}`
	])('%s names a relay', (text) => {
		const name = parseRelayName(text);
		expect(name === null ? null : printRelayName(name)).toBe(text);
	});

	test.each([
		'',
		'https://nas.example/relay',
		'wss://nas.example/link',
		'wss://nas.example/relay/',
		'wss://nas.example/relay?x',
		'wss://x@nas.example/relay',
		'wss://nas.example/relay#',
		`wss://nas.example/relay#${'A'.repeat(21)}`,
		`wss://nas.example/relay#${'A'.repeat(21)}B`,
		` ${url}`
	])('%j does not', (text) => expect(parseRelayName(text)).toBeNull());

	test('an address is read as it was printed, and fits where addresses are kept', () => {
		const { keys: _, ...address } = place;
		const text = printPlaceAddress(place);
		expect(parsePlaceAddress(text)).toEqual(address);
		expect(text.length - url.length).toBeLessThan(50);
		for (const wrong of [
			url,
			`${text}A`,
			text.slice(0, -1),
			text.replace(/\.(?=[^.]*$)/, ''),
			text.replace('/relay', '/link')
		])
			expect(parsePlaceAddress(wrong)).toBeNull();
	});
});
