import { err, ok, type Result } from '#core/kernel';
import type { Blake3, FileFailure, OpenFile } from '#core/ports';

/** Read and written at once: long enough that calls do not count, short enough that an abort is quick. */
export const usualBlockBytes = 1024 * 1024;

/** What a step works with, made once for all of its files. */
export type Bench = {
	readonly hasher: Blake3;
	readonly blocks: readonly [Uint8Array, Uint8Array];
	/** Pairs of roots between which a file and its copy were found not to share blocks. */
	readonly unshared: Set<string>;
};

/** Fills `into` or fails: a file that is shorter than it was is not what was opened. */
export async function readBlock(
	file: OpenFile,
	offset: number,
	into: Uint8Array,
	signal: AbortSignal
): Promise<Result<Uint8Array, FileFailure>> {
	const read = await file.read(offset, into, signal);
	if (!read.ok) return read;
	return read.value === into.length ? ok(into) : err({ type: 'FileUnreadable', code: 'ShortRead', retry: 'soon' });
}

/** The part of `block` that a file of `sizeBytes` fills at `offset`. */
export function blockAt(block: Uint8Array, offset: number, sizeBytes: number): Uint8Array {
	return sizeBytes - offset >= block.length ? block : block.subarray(0, sizeBytes - offset);
}

/** What came of `work`, once it is asked for: until then nobody has to be told that it threw. */
export async function later<T>(work: Promise<T>): Promise<() => T> {
	try {
		const value = await work;
		return () => value;
	} catch (error) {
		return () => {
			throw error;
		};
	}
}

/** Reads the block at `offset` into one of two, so that the one before it may still be in use. */
export function readAhead(file: OpenFile, offset: number, { blocks }: Bench, signal: AbortSignal) {
	const own = blocks[(offset / blocks[0].length) % 2 === 0 ? 0 : 1];
	return later(readBlock(file, offset, blockAt(own, offset, file.sizeBytes), signal));
}

/** The BLAKE3 of all bytes of an open file: one block while the next is read. */
export async function hashOf(
	file: OpenFile,
	bench: Bench,
	signal: AbortSignal
): Promise<Result<Uint8Array, FileFailure>> {
	const { hasher, blocks } = bench;
	// What an earlier hash that failed half-way has left.
	hasher.digest();
	let reading = readAhead(file, 0, bench, signal);
	try {
		for (let offset = 0; offset < file.sizeBytes;) {
			const block = (await reading)();
			if (!block.ok) return block;
			offset += blocks[0].length;
			if (offset < file.sizeBytes) reading = readAhead(file, offset, bench, signal);
			hasher.update(block.value);
		}
		return ok(hasher.digest());
	} finally {
		// Nobody closes the file before.
		await reading;
	}
}

export function isSame(a: Uint8Array, b: Uint8Array): boolean {
	if (a.length !== b.length) return false;
	for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
	return true;
}
