import { Blake3Hasher } from '@napi-rs/blake-hash';
import type { FileMark, HashFailure, HashWish } from '#core/ports';
import { fileFailure, isSameFile, markOf, openFile, type OpenDescriptor } from './open-file.ts';

export const hashBytes = 32;
/** As the port says. */
const headBytesMax = 4_096;
const lengthBytes = 8;
/** Most files are read whole or by windows of less than this; longer ones make more room. */
const usualBytes = 128 * 1024;

/** Hashes many files one after the other, with room of its own. */
export type HashRoom = {
	readonly hasher: Blake3Hasher;
	input: Buffer;
};

export function createHashRoom(): HashRoom {
	return { hasher: new Blake3Hasher(), input: Buffer.allocUnsafe(usualBytes) };
}

/** Views of room that the next file takes. */
export type Hashed = { readonly hash: Uint8Array; readonly head: Uint8Array };

const changing: HashFailure = { type: 'FileChanging', retry: 'soon' };

function isAs(mark: FileMark, { sizeBytes, modifiedMs, inode }: FileMark): boolean {
	return mark.sizeBytes === sizeBytes && mark.modifiedMs === modifiedMs && mark.inode === inode;
}

/** Fills `input` with the file's length and its spans; null where the file ends within them. */
function readSpans(room: HashRoom, opened: OpenDescriptor, { spans }: HashWish): Buffer | null {
	const wanted = spans.reduce((sum, { length }) => sum + length, lengthBytes);
	if (wanted > room.input.length) room.input = Buffer.allocUnsafe(wanted);
	room.input.writeBigUInt64LE(BigInt(opened.stats.size), 0);
	let filled = lengthBytes;
	for (const { offset, length } of spans) {
		if (opened.read(offset, room.input.subarray(filled, filled + length)) < length) return null;
		filled += length;
	}
	return room.input.subarray(0, filled);
}

function hashOpened(room: HashRoom, opened: OpenDescriptor, wish: HashWish): Hashed | HashFailure {
	if (!isAs(wish.mark, markOf(opened.stats))) return changing;
	let read: Buffer | null = null;
	let failure: HashFailure = { type: 'FileUnreadable', code: 'ShortRead', retry: 'soon' };
	try {
		read = readSpans(room, opened, wish);
	} catch (error) {
		failure = fileFailure(error);
	}
	// A read that fails because the file is being written is a change, not a broken disk.
	if (!isSameFile(opened)) return changing;
	if (read === null) return failure;
	room.hasher.update(read);
	const hash = room.hasher.digestBuffer();
	room.hasher.reset();
	return { hash, head: read.subarray(lengthBytes, lengthBytes + Math.min(headBytesMax, wish.spans[0]?.length ?? 0)) };
}

/** What the port's `hash` says of one file. */
export function hashFile(room: HashRoom, root: string, wish: HashWish): Hashed | HashFailure {
	try {
		const opened = openFile(root, wish.path);
		try {
			return hashOpened(room, opened, wish);
		} finally {
			opened.close();
		}
	} catch (error) {
		return fileFailure(error);
	}
}
