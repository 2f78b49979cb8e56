import { sha256 } from '@noble/hashes/sha2.js';
import { wireToBytes, type WireValue } from '#core/kernel';
import { digestBytes } from './messages/fields.ts';

/** The first 128 bits of SHA-256 over the one encoding that `value` has: the same on every device, for the same value. */
export function digestOf(value: WireValue): Uint8Array<ArrayBuffer> {
	return Uint8Array.from(sha256(wireToBytes(value)).subarray(0, digestBytes));
}

export function isSameDigest(a: Uint8Array | null, b: Uint8Array | null): boolean {
	return a !== null && b !== null && a.length === b.length && a.every((byte, at) => byte === b[at]);
}
