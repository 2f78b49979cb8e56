import type { Aead } from '#core/ports';
import { decrypt, encrypt, nonceOf, type NoiseSuite } from './noise-suite.ts';

const keyBytes = 32;
/** 2^64 - 1 encrypts nothing but the next key. */
const rekeyCounter = 0xffff_ffff_ffff_ffffn;
const nothing = new Uint8Array(0);

/** A key and how often it was used (Noise revision 34, section 5.1). */
export type CipherState = {
	/** The sealed bytes, or null when the counter has come to its end. */
	encrypt(context: Uint8Array, plain: Uint8Array): Uint8Array | null;
	/** The plain bytes, or null; a refusal does not count. */
	decrypt(context: Uint8Array, sealed: Uint8Array): Uint8Array | null;
};

/**
 * A cipher state that takes a new key, made from the old one, after each `messagesPerKey` messages (REKEY of section
 * 4.2; the counter goes on). It ends at 2^53 messages, far below the 2^64 of Noise. What a host lends does the same
 * work as the suite's own code, where there is no context.
 */
export function createCipherState(
	cipher: NoiseSuite['cipher'],
	firstKey: Uint8Array,
	messagesPerKey: number,
	lent: Aead | null = null
): CipherState {
	const aead = cipher === 'ChaChaPoly' ? lent : null;
	let key = firstKey.slice(0, keyBytes);
	let counter = 0;
	const advance = () => {
		counter++;
		if (counter % messagesPerKey === 0)
			key = encrypt(cipher, key, rekeyCounter, nothing, new Uint8Array(keyBytes)).slice(0, keyBytes);
	};
	return {
		encrypt(context, plain) {
			if (counter === Number.MAX_SAFE_INTEGER) return null;
			const count = BigInt(counter);
			const isLent = aead !== null && context.length === 0;
			const sealed = isLent
				? aead.seal(key, nonceOf(cipher, count), plain)
				: encrypt(cipher, key, count, context, plain);
			advance();
			return sealed;
		},
		decrypt(context, sealed) {
			if (counter === Number.MAX_SAFE_INTEGER) return null;
			const count = BigInt(counter);
			const isLent = aead !== null && context.length === 0;
			const plain = isLent
				? aead.open(key, nonceOf(cipher, count), sealed)
				: decrypt(cipher, key, count, context, sealed);
			if (plain !== null) advance();
			return plain;
		}
	};
}
