import { concatBytes } from '@noble/hashes/utils.js';

/** A part is never longer than a Noise message. */
const partBytesMax = 65_535;

/** A length in LEB128: seven bits in a byte, the lowest first (`prepend_len` of draft-irtf-cfrg-cpace). */
function lengthBytes(length: number): Uint8Array {
	const bytes: number[] = [];
	let rest = length;
	for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
	return Uint8Array.of(...bytes, rest);
}

/** Parts one after the other, each behind its length, so that no two lists of parts give the same bytes (`lv_cat`). */
export function packParts(...parts: readonly Uint8Array[]): Uint8Array {
	return concatBytes(...parts.flatMap((part) => [lengthBytes(part.length), part]));
}

/** The parts that `packParts` made exactly these bytes from, `countMax` of them at most; null for all other bytes. */
export function unpackParts(bytes: Uint8Array, countMax: number): readonly Uint8Array[] | null {
	const parts: Uint8Array[] = [];
	let at = 0;
	while (at < bytes.length) {
		let length = 0;
		let digit = 0x80;
		for (let shift = 0; digit >= 0x80; shift += 7) {
			digit = bytes[at++] ?? 0xff;
			length |= (digit & 0x7f) << shift;
			// Three digits hold the longest part; a last digit of nothing would be a second way to write a length.
			if (shift > 14 || (shift > 0 && digit === 0)) return null;
		}
		if (length > partBytesMax || length > bytes.length - at || parts.length === countMax) return null;
		parts.push(bytes.slice(at, at + length));
		at += length;
	}
	return parts;
}
