import { utf8ToBytes } from '@noble/hashes/utils.js';

/** SQLCipher 4's own number; nothing below it is accepted from a header. */
export const pbkdf2RoundsMin = 256_000;
/** About half a second on a laptop: what a person waits at an unlock, and an attacker at every guess. */
export const pbkdf2RoundsDefault = 600_000;
/** A header may not make this device compute for minutes. */
export const pbkdf2RoundsMax = 10_000_000;

/** The bytes of a password, equal for every way in which a keyboard may compose its letters (NFC). */
export function passwordBytes(password: string): Uint8Array {
	return utf8ToBytes(password.normalize('NFC'));
}
