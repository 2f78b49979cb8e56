import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
	createHandshake,
	deviceIdOfKey,
	deviceKeys,
	isSigned,
	keyPair,
	secretWordCount,
	signStatement,
	suggestWords,
	unpackParts,
	wordsToBytes,
	bytesToWords,
	type HandshakeSetting
} from '#core/crypto';
import { libraryId } from '#core/kernel';
import { parseCard, parseInvitation, parseShortCode, printCard, printInvitation } from '#core/pairing';
import { parseSealed, parseWelcome, partsOf, printMessage, printWelcome, type MessageKind } from './messages.ts';
import { parseRefusal, printRefusal } from './side.ts';
import { createSimRandom, testSeed } from '../../../../tests/sim/host/random.ts';
import { isNightly } from '../../../../tests/tier.ts';

/** Of all decoders together. */
const inputCount = isNightly ? 1_000_000 : 50_000;
/** Nothing that comes from outside may take longer (of this thread's own time). */
const callMsMax = 50;

const random = createSimRandom(testSeed('decoders of pairing'));
const keys = deviceKeys(random.bytes(32));
const card = printCard(keys, { id: deviceIdOfKey(keys.signing.public), kind: 'peer', name: 'Cellar' });
const statement = random.bytes(40);
const signature = signStatement(keys.signing, 'fuzz', statement);
const welcome = { library: libraryId('5a'.repeat(16)), libraryKey: random.bytes(32), libraryName: 'Family' };
const invitation = printInvitation('https://app.example/', {
	secret: random.bytes(16),
	expiresMs: 9_000_000_000_000,
	addresses: ['lan:a', 'b']
});

/** `good` as an enemy would send it: bits turned, pieces left out, doubled or put in, lengths made huge. */
function spoil(good: Uint8Array): Uint8Array {
	let bytes = Array.from(good);
	for (let change = random.integer(4); change >= 0; change--) {
		const at = random.integer(bytes.length + 1);
		const end = at + random.integer(20);
		switch (random.integer(7)) {
			case 0:
				bytes[at] = (bytes[at] ?? 0) ^ (1 << random.integer(8));
				break;
			case 1:
				bytes = bytes.slice(0, at);
				break;
			case 2:
				bytes.splice(at, end - at);
				break;
			case 3:
				bytes.splice(at, 0, ...bytes.slice(at, end));
				break;
			case 4:
				bytes.splice(at, 0, ...random.bytes(random.integer(8)));
				break;
			case 5:
				bytes.splice(at, 1, 0xff, 0xff, 0x03);
				break;
			default:
				bytes[at] = [0, 1, 0x7f, 0x80, 0xff][random.integer(5)] ?? 0;
		}
	}
	return random.chance(0.02) ? random.bytes(random.integer(3_000)) : Uint8Array.from(bytes);
}

const spoilText = (good: string) =>
	new TextDecoder(random.chance(0.5) ? 'latin1' : 'utf-8').decode(spoil(new TextEncoder().encode(good)));

function handshakeReads(role: HandshakeSetting['role'], ephemeralSecret: Uint8Array): (message: Uint8Array) => unknown {
	const shared = {
		pattern: 'XX',
		suite: { cipher: 'ChaChaPoly', hash: 'SHA256' },
		responder: null,
		psk: null
	} as const;
	const setting = { ...shared, role, prologue: statement, own: keyPair(ephemeralSecret), ephemeralSecret };
	return (message) => {
		const handshake = createHandshake(setting);
		if (role === 'initiator') handshake.write(statement);
		return handshake.read(message);
	};
}

const words = bytesToWords(random.bytes(16)).join(' ');
const kinds: readonly MessageKind[] = ['share', 'first', 'second', 'third', 'sealed', 'refused'];
const someKind = () => kinds[random.integer(kinds.length)] ?? 'share';
const someMessage = () => printMessage(someKind(), random.bytes(16), random.bytes(32));

/** Each decoder with what makes its inputs, and how many of a thousand inputs are for it: curves are slow. */
const decoders: readonly (readonly [name: string, share: number, decode: () => unknown])[] = [
	['parts', 300, () => unpackParts(spoil(card), 8)],
	['messages', 190, () => partsOf(spoil(someMessage()), someKind(), random.integer(3))],
	['sealed messages', 140, () => parseWelcome(parseSealed(spoil(printWelcome(welcome)))?.parts ?? [])],
	['refusals', 50, () => parseRefusal(spoil(printRefusal({ type: 'PairingUsed' })))],
	['invitations', 140, () => parseInvitation(spoilText(invitation), 1)],
	['words', 70, () => wordsToBytes(spoilText(words))],
	['short codes', 70, () => parseShortCode(spoilText('7-orbit-violin'))],
	['suggestions', 4, () => suggestWords(spoilText('violin'))],
	['cards', 20, () => parseCard(spoil(card))],
	['statements', 4, () => isSigned(keys.signing.public, 'fuzz', spoil(statement), spoil(signature))],
	['first messages of a handshake', 10, () => readFirst(spoil(random.bytes(64)))],
	['second messages of a handshake', 2, () => readSecond(spoil(random.bytes(112)))]
];
const readFirst = handshakeReads('responder', random.bytes(32));
const readSecond = handshakeReads('initiator', random.bytes(32));

describe('what comes from outside', () => {
	const slowest = new Map<string, number>();
	beforeAll(() => {
		// Compiling and tables of the curves are no part of what a message costs.
		for (const [, , decode] of decoders) for (let run = 0; run < 20; run++) decode();
	});
	afterAll(() => console.info('slowest, in ms:', Object.fromEntries(slowest)));

	test('is all tried', () => expect(decoders.reduce((sum, [, share]) => sum + share, 0)).toBe(1_000));

	test.each(decoders)('as %s is read or refused, never thrown at, and at once', (name, share, decode) => {
		let worstMs = 0;
		for (let run = 0; run < (inputCount * share) / 1_000; run++) {
			const before = process.threadCpuUsage();
			decode();
			const { user, system } = process.threadCpuUsage(before);
			worstMs = Math.max(worstMs, (user + system) / 1_000);
		}
		slowest.set(name, worstMs);
		expect(worstMs).toBeLessThan(callMsMax);
	});

	test('that was not spoiled is read: the decoders were not fed with what they refuse anyway', () => {
		expect(parseCard(card)?.name).toBe('Cellar');
		expect(parseInvitation(invitation, 1).ok).toBe(true);
		expect(parseShortCode('7-orbit-violin').ok).toBe(true);
		expect(words.split(' ')).toHaveLength(secretWordCount);
		expect(parseWelcome(parseSealed(printWelcome(welcome))?.parts ?? [])).toEqual(welcome);
		expect(isSigned(keys.signing.public, 'fuzz', statement, signature)).toBe(true);
	});
});
