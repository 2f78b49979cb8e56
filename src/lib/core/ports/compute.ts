/** BLAKE3 over what is fed to it, piece by piece (the default hash mode of the BLAKE3 paper, 256 bits). */
export interface Blake3 {
	update(bytes: Uint8Array): void;
	/** The 32 bytes of the hash of all that was fed; what is fed next begins another one. */
	digest(): Uint8Array;
}

/** Work that a host does much faster than plain JavaScript: 10 to 80 times for hashing. */
export interface ComputePort {
	/** A hasher of one's own: two at the same time do not mix. */
	blake3(): Promise<Blake3>;
}
