import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';

/** HMAC-SHA256 (RFC 2104). */
export function authenticate(key: Uint8Array, message: Uint8Array): Uint8Array {
	return hmac(sha256, key, message);
}

/** Whether the two are equal, in time that does not depend on where they differ. */
export function isSameBytes(one: Uint8Array, other: Uint8Array): boolean {
	if (one.length !== other.length) return false;
	let difference = 0;
	for (const [at, byte] of one.entries()) difference |= byte ^ (other[at] ?? 0);
	return difference === 0;
}

/** Whether `tag` is the tag of `message`, in time that does not depend on where they differ. */
export function isAuthentic(key: Uint8Array, message: Uint8Array, tag: Uint8Array): boolean {
	return isSameBytes(authenticate(key, message), tag);
}
