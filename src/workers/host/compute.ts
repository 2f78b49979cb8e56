import { createBLAKE3 } from 'hash-wasm';
import type { ComputePort } from '#core/ports';

/** Hashes by WebAssembly. */
export function createCompute(): ComputePort {
	return {
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
