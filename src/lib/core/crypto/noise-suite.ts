import { gcm } from '@noble/ciphers/aes.js';
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { blake2b } from '@noble/hashes/blake2.js';
import { sha256 } from '@noble/hashes/sha2.js';

/** What a Noise protocol's name says after its pattern and `25519` (Noise revision 34, section 12). */
export type NoiseSuite = {
	readonly cipher: 'AESGCM' | 'ChaChaPoly';
	readonly hash: 'SHA256' | 'BLAKE2b';
};

/** ChaCha20-Poly1305, as in plain JavaScript AES looks up tables by secret bytes and takes twice as long. */
export const atollSuite: NoiseSuite = { cipher: 'ChaChaPoly', hash: 'SHA256' };

/** Tag of both ciphers. */
export const tagBytes = 16;

const ciphers = { AESGCM: gcm, ChaChaPoly: chacha20poly1305 } as const;
const hashes = { SHA256: sha256, BLAKE2b: blake2b } as const;

/** Four zero bytes and the counter, which AESGCM wants with its highest byte first and ChaChaPoly with its lowest. */
export function nonceOf(cipher: NoiseSuite['cipher'], counter: bigint): Uint8Array {
	const nonce = new Uint8Array(12);
	new DataView(nonce.buffer).setBigUint64(4, counter, cipher === 'ChaChaPoly');
	return nonce;
}

export function encrypt(
	cipher: NoiseSuite['cipher'],
	key: Uint8Array,
	counter: bigint,
	context: Uint8Array,
	plain: Uint8Array
): Uint8Array {
	return ciphers[cipher](key, nonceOf(cipher, counter), context).encrypt(plain);
}

/** The plain bytes, or null where the key, the counter, the context or a byte is another. */
export function decrypt(
	cipher: NoiseSuite['cipher'],
	key: Uint8Array,
	counter: bigint,
	context: Uint8Array,
	sealed: Uint8Array
): Uint8Array | null {
	if (sealed.length < tagBytes) return null;
	try {
		return ciphers[cipher](key, nonceOf(cipher, counter), context).decrypt(sealed);
	} catch {
		return null;
	}
}

export function digest(hash: NoiseSuite['hash'], bytes: Uint8Array): Uint8Array {
	return hash === 'SHA256' ? sha256(bytes) : blake2b(bytes);
}

export function digestBytes(hash: NoiseSuite['hash']): number {
	return hashes[hash].outputLen;
}

/** `count` outputs of the hash's length (Noise revision 34, section 4.3: HKDF of RFC 5869 without an info). */
export function expand(
	hash: NoiseSuite['hash'],
	chainingKey: Uint8Array,
	input: Uint8Array,
	count: number
): readonly Uint8Array[] {
	const length = digestBytes(hash);
	const output = hkdf(hashes[hash], input, chainingKey, undefined, count * length);
	return Array.from({ length: count }, (_, at) => output.slice(at * length, (at + 1) * length));
}
