/** Up to this size all bytes are read. */
export const wholeBytesMax = 100 * 1024;
const endBytes = 8 * 1024;
const middleBytes = 10 * 1024;
const middles = 4;
const lengthBytes = 8;

/** What is read of a longer one. */
export const windowBytes = 2 * endBytes + middles * middleBytes;

/** Part of a file. */
export type Span = { readonly offset: number; readonly length: number };

/** The bytes of a file of `sizeBytes` that its identity is made of, in order, spans that touch joined. */
export function spansOf(sizeBytes: number): Span[] {
	if (sizeBytes <= wholeBytesMax) return sizeBytes === 0 ? [] : [{ offset: 0, length: sizeBytes }];
	const step = Math.floor((sizeBytes - 2 * endBytes) / middles);
	const others = Array.from({ length: middles - 1 }, (_, at) => ({
		offset: endBytes + (at + 1) * step,
		length: middleBytes
	}));
	return [
		// The first of the four in the middle begins where the start ends.
		{ offset: 0, length: endBytes + middleBytes },
		...others,
		{ offset: sizeBytes - endBytes, length: endBytes }
	];
}

/** Room for the longest input there is. */
export const inputBytesMax = lengthBytes + wholeBytesMax;

/** Writes the length of a file at the start of `input`: 8 bytes, the lowest first. Says where its bytes begin. */
export function writeLength(input: Uint8Array, sizeBytes: number): number {
	const view = new DataView(input.buffer, input.byteOffset, lengthBytes);
	view.setBigUint64(0, BigInt(sizeBytes), true);
	return lengthBytes;
}
