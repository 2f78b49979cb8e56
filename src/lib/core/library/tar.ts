/**
 * Two plain files in a tar archive (POSIX ustar), so that a backup unpacks with any tool into a library folder.
 * Decoding is pure and bounded: a header block in, a member or null out.
 */
export const blockBytes = 512;
/** Twelve octal digits with their end mark: what ustar can say. */
const sizeBytesMax = 8 ** 11 - 1;

export type TarMember = { readonly path: string; readonly sizeBytes: number };

const encoder = new TextEncoder();

/** Bytes of zeros that follow a member of `sizeBytes`. */
export function paddingBytes(sizeBytes: number): number {
	return (blockBytes - (sizeBytes % blockBytes)) % blockBytes;
}

function field(block: Uint8Array, at: number, text: string): void {
	block.set(encoder.encode(text), at);
}

function checksum(block: Uint8Array): number {
	let sum = 0;
	for (const [at, byte] of block.entries()) sum += at >= 148 && at < 156 ? 32 : byte;
	return sum;
}

/** The header block of one file, or null where ustar cannot hold its path or size. */
export function printTarHeader(member: TarMember, modifiedMs: number): Uint8Array | null {
	if (encoder.encode(member.path).length > 100 || member.sizeBytes > sizeBytesMax) return null;
	const block = new Uint8Array(blockBytes);
	const octal = (value: number, digits: number) => value.toString(8).padStart(digits, '0');
	field(block, 0, member.path);
	field(block, 100, `${octal(0o600, 7)}\0${octal(0, 7)}\0${octal(0, 7)}\0`);
	field(block, 124, `${octal(member.sizeBytes, 11)}\0${octal(Math.floor(modifiedMs / 1000), 11)}\0`);
	field(block, 156, '0');
	field(block, 257, 'ustar\x0000');
	field(block, 148, `${octal(checksum(block), 6)}\0 `);
	return block;
}

function textAt(block: Uint8Array, at: number, length: number): string {
	const bytes = block.subarray(at, at + length);
	const end = bytes.indexOf(0);
	return String.fromCharCode(...bytes.subarray(0, end < 0 ? length : end));
}

function octalAt(block: Uint8Array, at: number, length: number): number | null {
	const text = textAt(block, at, length).trim();
	return /^[0-7]{1,12}$/.test(text) ? parseInt(text, 8) : null;
}

/** The regular file that `block` announces, or null for anything else: links, folders, devices, damage. */
export function parseTarHeader(block: Uint8Array): TarMember | null {
	if (block.length !== blockBytes || textAt(block, 257, 5) !== 'ustar') return null;
	if (octalAt(block, 148, 8) !== checksum(block)) return null;
	const kind = textAt(block, 156, 1);
	const sizeBytes = octalAt(block, 124, 12);
	if ((kind !== '0' && kind !== '') || sizeBytes === null || textAt(block, 345, 155) !== '') return null;
	return { path: textAt(block, 0, 100), sizeBytes };
}
