import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { Aead, ComputePort } from '#core/ports';

const cipher = 'chacha20-poly1305';
const authTagLength = 16;

const aead: Aead = {
	seal(key, nonce, plain) {
		const sealing = createCipheriv(cipher, key, nonce, { authTagLength });
		const sealed = new Uint8Array(plain.length + authTagLength);
		sealed.set(sealing.update(plain));
		sealing.final();
		sealed.set(sealing.getAuthTag(), plain.length);
		return sealed;
	},
	open(key, nonce, sealed) {
		if (sealed.length < authTagLength) return null;
		const opening = createDecipheriv(cipher, key, nonce, { authTagLength });
		opening.setAuthTag(sealed.subarray(-authTagLength));
		const { buffer, byteOffset, length } = opening.update(sealed.subarray(0, -authTagLength));
		try {
			opening.final();
		} catch {
			return null;
		}
		return new Uint8Array(buffer, byteOffset, length);
	}
};

/** Hashes and seals by native code; the hasher takes a Buffer, which is a view of the same bytes. */
export function createCompute(): ComputePort {
	return {
		aead,
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
