/** BLAKE3 over what is fed to it, piece by piece (the default hash mode of the BLAKE3 paper, 256 bits). */
export interface Blake3 {
	update(bytes: Uint8Array): void;
	/** The 32 bytes of the hash of all that was fed; what is fed next begins another one. */
	digest(): Uint8Array;
}

/** ChaCha20-Poly1305 (RFC 8439) with nothing beside the sealed bytes; the tag of 16 bytes stands at their end. */
export interface Aead {
	/** `key` has 32 bytes, `nonce` 12, which are used once with it. */
	seal(key: Uint8Array, nonce: Uint8Array, plain: Uint8Array): Uint8Array;
	/** The plain bytes, or null where one of the three is another. */
	open(key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array): Uint8Array | null;
}

/** Work that a host does much faster than plain JavaScript: 10 to 80 times for hashing. */
export interface ComputePort {
	/** A hasher of one's own: two at the same time do not mix. */
	blake3(): Promise<Blake3>;
	/** Null where a host has none that answers at once: what is written in JavaScript does it then. */
	readonly aead: Aead | null;
}
