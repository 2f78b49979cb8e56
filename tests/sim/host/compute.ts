import { blake3 } from '@noble/hashes/blake3.js';
import type { ComputePort } from '#core/ports';

/** Hashes by plain JavaScript: a third implementation, against which the fast ones are held. */
export function createSimCompute(): ComputePort {
	return {
		aead: null,
		async blake3() {
			let hash = blake3.create();
			return {
				update: (bytes) => void hash.update(bytes),
				digest() {
					const digest = hash.digest();
					hash = blake3.create();
					return digest;
				}
			};
		}
	};
}
