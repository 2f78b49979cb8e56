import { base32crockford } from '@scure/base';
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { invariant } from '#core/kernel';
import { keyBytes } from './library-keys.ts';

/** 152 random bits: beyond any guessing, so no slow derivation is needed. */
export const recoveryEntropyBytes = 19;
/** One byte that catches a mistyped letter 255 times in 256, before any key is tried. */
const checkBytes = 1;
const codeLetters = 32;
const groupLetters = 4;

function checkOf(entropy: Uint8Array): Uint8Array {
	return sha256(entropy).subarray(0, checkBytes);
}

/** Eight groups of four letters and digits, without I, L, O and U. */
export function printRecoveryCode(entropy: Uint8Array): string {
	invariant(entropy.length === recoveryEntropyBytes, 'a recovery code holds 19 bytes');
	const letters = base32crockford.encode(concatBytes(entropy, checkOf(entropy)));
	return letters.match(new RegExp(`.{${groupLetters}}`, 'g'))?.join('-') ?? letters;
}

/** The entropy of a code as a person types it (any case, spaces, O for 0, I or L for 1), or null. */
export function parseRecoveryCode(typed: string): Uint8Array | null {
	const letters = typed
		.toUpperCase()
		.replace(/[\s\-\u2010-\u2015]/g, '')
		.replace(/O/g, '0')
		.replace(/[IL]/g, '1');
	if (letters.length !== codeLetters || !/^[0-9A-HJKMNP-TV-Z]+$/.test(letters)) return null;
	const bytes = base32crockford.decode(letters);
	const entropy = bytes.subarray(0, recoveryEntropyBytes);
	return checkOf(entropy)[0] === bytes[recoveryEntropyBytes] ? entropy : null;
}

/** The key that opens the recovery slot. */
export function recoveryKey(entropy: Uint8Array, salt: Uint8Array): Uint8Array {
	return hkdf(sha256, entropy, salt, utf8ToBytes('atoll/1/recovery'), keyBytes);
}
