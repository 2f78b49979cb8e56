import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { concatBytes } from '@noble/hashes/utils.js';
import { invariant } from '#core/kernel';

/** Long enough that a random nonce never repeats (draft-irtf-cfrg-xchacha). */
const nonceBytes = 24;
const tagBytes = 16;

/** XChaCha20-Poly1305 of `plain` bound to `context`: nonce, ciphertext and tag in one. */
export function sealBox(key: Uint8Array, plain: Uint8Array, context: Uint8Array, nonce: Uint8Array): Uint8Array {
	invariant(nonce.length === nonceBytes, 'a nonce has 24 bytes');
	return concatBytes(nonce, xchacha20poly1305(key, nonce, context).encrypt(plain));
}

/** What was sealed, or null where the key, the context or a byte is another. */
export function openBox(key: Uint8Array, box: Uint8Array, context: Uint8Array): Uint8Array | null {
	if (box.length < nonceBytes + tagBytes) return null;
	try {
		return xchacha20poly1305(key, box.subarray(0, nonceBytes), context).decrypt(box.subarray(nonceBytes));
	} catch {
		return null;
	}
}
