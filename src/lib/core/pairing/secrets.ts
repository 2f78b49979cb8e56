import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import {
	atollSuite,
	createHandshake,
	drawWords,
	packParts,
	type CPaceAgreed,
	type CPaceMessages,
	type DeviceKeys,
	type Handshake,
	type HandshakeSetting
} from '#core/crypto';
import type { Door } from './offers.ts';
import { printShortCode, type ShortCode } from './short-code.ts';

/** 33 bits: one in eight thousand million that two sets of words are equal by chance. */
const checkWordCount = 3;
export const nonceBytes = 32;
export const ephemeralBytes = 32;
export const sessionBytes = 16;
export const shareSeedBytes = 64;
const meetingBytes = 16;
const domain = 'atoll/1/pair';

function derive(material: Uint8Array, purpose: string, length: number): Uint8Array {
	return hkdf(sha256, material, undefined, utf8ToBytes(`${domain}/${purpose}`), length);
}

/** Where two devices with the same 128 bits find each other: tells nobody else anything of them. */
export function meetingOf(secret: Uint8Array): string {
	return bytesToHex(derive(secret, 'meeting', meetingBytes));
}

/** What a short code is to CPace: its letters, and which protocol and offer it is for. */
export function codeAgreement(code: ShortCode, session: Uint8Array): CPaceAgreed {
	return {
		password: utf8ToBytes(printShortCode(code)),
		context: packParts(utf8ToBytes(domain), utf8ToBytes(String(code.nameplate))),
		session
	};
}

/**
 * What the two sides of the exchange sent, the new device first. Each says which side it is: whoever sends a share and
 * its tag back to where they came from must not pass for the other side.
 */
export function shareMessages(newDevice: Uint8Array, existing: Uint8Array): CPaceMessages {
	return {
		initiator: { share: newDevice, data: utf8ToBytes('new') },
		responder: { share: existing, data: utf8ToBytes('existing') }
	};
}

/** One side of the handshake of a pairing. `material`: the 128 bits, or the key that CPace ended with. */
export function pairingHandshake(
	role: HandshakeSetting['role'],
	door: Door['type'],
	material: Uint8Array,
	keys: DeviceKeys,
	ephemeralSecret: Uint8Array
): Handshake {
	return createHandshake({
		pattern: 'XXpsk0',
		suite: atollSuite,
		role,
		prologue: packParts(utf8ToBytes(domain), utf8ToBytes(door)),
		own: keys.channel,
		ephemeralSecret,
		responder: null,
		psk: derive(material, door, 32)
	});
}

/** What the new device is bound to before it has seen anything of the other: it cannot try nonces, keys or names. */
export function commitmentTo(nonce: Uint8Array, card: Uint8Array): Uint8Array {
	return sha256(packParts(utf8ToBytes(`${domain}/commitment`), nonce, card));
}

/**
 * The words that both screens show: of the handshake's hash after its second message and of what the new device had
 * committed to in its first. Whoever is between the two has fixed all its parts before it learns the last one, so it
 * cannot search for keys that make the words on both screens equal.
 */
export function checkWords(hashOfSecond: Uint8Array, nonce: Uint8Array, card: Uint8Array): readonly string[] {
	return drawWords(sha256(packParts(utf8ToBytes(`${domain}/words`), hashOfSecond, nonce, card)), checkWordCount);
}
