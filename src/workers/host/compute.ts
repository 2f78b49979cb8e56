import { createBLAKE3 } from 'hash-wasm';
import type { ComputePort } from '#core/ports';

/** Hashes by WebAssembly. */
export function createCompute(): ComputePort {
	return {
		aead: null, // WebCrypto answers late only, and knows no ChaCha20
		async blake3() {
			const hasher = await createBLAKE3();
			return {
				update: (bytes) => void hasher.update(bytes),
				digest() {
					const hash = hasher.digest('binary');
					hasher.init();
					return hash;
				}
			};
		}
	};
}
