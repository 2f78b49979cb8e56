/** CRC-32 of ISO-HDLC (polynomial EDB88320, as in zip), eight bytes at a time. */

const width = 8;
/** `tables[n]`: what a byte does to the sum when n bytes come after it. */
const tables: readonly Uint32Array[] = makeTables();

function makeTables(): Uint32Array[] {
	const made = Array.from({ length: width }, () => new Uint32Array(256));
	const [first] = made;
	for (let byte = 0; byte < 256; byte++) {
		let sum = byte;
		for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
		first?.set([sum], byte);
	}
	for (let table = 1; table < width; table++)
		for (let byte = 0; byte < 256; byte++) {
			const before = made[table - 1]?.[byte] ?? 0;
			made[table]?.set([(first?.[before & 0xff] ?? 0) ^ (before >>> 8)], byte);
		}
	return made;
}

/** The sum of what `sum` stands for (0 for nothing) and of `bytes` after it. */
export function crc32(sum: number, bytes: Uint8Array): number {
	const [t0, t1, t2, t3, t4, t5, t6, t7] = tables;
	let crc = ~sum;
	let at = 0;
	if (t0 && t1 && t2 && t3 && t4 && t5 && t6 && t7) {
		const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
		for (const end = bytes.length - (bytes.length % width); at < end; at += width) {
			const low = crc ^ view.getInt32(at, true);
			const high = view.getInt32(at + 4, true);
			crc =
				(t7[low & 0xff] ?? 0) ^
				(t6[(low >>> 8) & 0xff] ?? 0) ^
				(t5[(low >>> 16) & 0xff] ?? 0) ^
				(t4[low >>> 24] ?? 0) ^
				(t3[high & 0xff] ?? 0) ^
				(t2[(high >>> 8) & 0xff] ?? 0) ^
				(t1[(high >>> 16) & 0xff] ?? 0) ^
				(t0[high >>> 24] ?? 0);
		}
		for (; at < bytes.length; at++) crc = (t0[(crc ^ (bytes[at] ?? 0)) & 0xff] ?? 0) ^ (crc >>> 8);
	}
	return ~crc >>> 0;
}
