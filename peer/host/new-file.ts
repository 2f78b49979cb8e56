import { constants, openSync } from 'node:fs';
import type { DiskPath } from './disk-path.ts';

const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;

/** Opens a new file. Until it has the rights of its source it is for nobody else. */
export function openNew(at: DiskPath): number {
	return openSync(at, O_WRONLY | (O_NOFOLLOW ?? 0) | O_CREAT | O_EXCL, 0o600);
}

/** Zeros of this length and more are left out of a file's end: it then has a hole there, as its source may have. */
const holeBytesMin = 64 * 1024;
const zeros = Buffer.alloc(1024 * 1024);

/** Whether these bytes, at the end of a file, can be left out. */
export function isHole(bytes: Buffer): boolean {
	return bytes.length >= holeBytesMin && isZeros(bytes);
}

function isZeros(bytes: Buffer): boolean {
	for (let at = 0; at < bytes.length; at += zeros.length) {
		const piece = bytes.subarray(at, at + zeros.length);
		if (zeros.compare(piece, 0, piece.length, 0, piece.length) !== 0) return false;
	}
	return true;
}
