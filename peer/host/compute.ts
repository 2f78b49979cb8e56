import type { ComputePort } from '#core/ports';

/** Hashes by native code; the hasher takes a Buffer, which is a view of the same bytes. */
export function createCompute(): ComputePort {
	return {
		async blake3() {
			// Late, so that commands that hash nothing do not load it.
			const { Blake3Hasher } = await import('@napi-rs/blake-hash');
			const hasher = new Blake3Hasher();
			return {
				update: (bytes) => void hasher.update(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)),
				digest() {
					const hash = Uint8Array.from(hasher.digestBuffer());
					hasher.reset();
					return hash;
				}
			};
		}
	};
}
