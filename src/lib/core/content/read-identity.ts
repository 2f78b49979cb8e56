import { err, ok, type Result } from '#core/kernel';
import type { Blake3, ClockPort, FileFailure, FilesPort, OpenFile, RootRef } from '#core/ports';
import { findType, type FoundType } from './find-type.ts';
import { inputBytesMax, spansOf, writeLength } from './identity.ts';
import type { FileEntry, Unread } from './schema.ts';

/** Disks keep times to some 10 ms at best (a tick of Linux), and FAT to 2 s: a write within that may not show. */
const fineTickMs = 50;
const coarseTickMs = 2_100;

export type ReadDeps = { readonly files: FilesPort; readonly clock: ClockPort };

/** A file of the index and where it is. */
export type FilePlace = { readonly file: FileEntry; readonly root: RootRef; readonly path: readonly string[] };

export const changing: Unread = { reason: 'changing', code: '' };

export function toUnread(failure: FileFailure): Unread {
	switch (failure.type) {
		case 'FileMissing':
			return { reason: 'vanished', code: failure.type };
		case 'FileDenied':
			return { reason: 'denied', code: failure.type };
		case 'NotAFile':
			return { reason: 'unreadable', code: failure.type };
		case 'FileUnreadable':
			return { reason: 'unreadable', code: failure.code };
	}
}

type Unreadable = { readonly type: 'Unread'; readonly unread: Unread };

function unread(why: Unread): { readonly ok: false; readonly failure: Unreadable } {
	return err({ type: 'Unread', unread: why });
}

/** How long to wait until another write would show in the time of a file that was modified at `modifiedMs`. */
export function settleMs(modifiedMs: number | null, nowMs: number): number {
	if (modifiedMs === null) return 0;
	const tickMs = modifiedMs % 1_000 === 0 ? coarseTickMs : fineTickMs;
	const ageMs = nowMs - modifiedMs;
	return ageMs >= 0 && ageMs < tickMs ? tickMs - ageMs : 0;
}

function isAsIndexed(file: FileEntry, opened: OpenFile): boolean {
	return file.sizeBytes === opened.sizeBytes && file.modifiedMs === opened.modifiedMs && file.inode === opened.inode;
}

/**
 * Gives what `work` makes of the file's bytes only if the file was the same before and after: as the index has it,
 * and by its own handle. So nothing is ever made of bytes of two states.
 */
export async function readSteady<T>(
	{ files, clock }: ReadDeps,
	{ file, root, path }: FilePlace,
	work: (opened: OpenFile) => Promise<Result<T, FileFailure>>,
	signal: AbortSignal
): Promise<Result<T, Unreadable>> {
	const waitMs = settleMs(file.modifiedMs, clock.nowMs());
	if (waitMs > 0) await clock.wait(waitMs, signal);
	signal.throwIfAborted();
	const opened = await files.open(root, path, signal);
	if (!opened.ok) return unread(toUnread(opened.failure));
	try {
		if (!isAsIndexed(file, opened.value)) return unread(changing);
		const made = await work(opened.value);
		const unchanged = await opened.value.isUnchanged(signal);
		// A read that fails because the file is being written is a change, not a broken disk.
		if (unchanged.ok && !unchanged.value) return unread(changing);
		if (!made.ok) return unread(toUnread(made.failure));
		return unchanged.ok ? made : unread(toUnread(unchanged.failure));
	} finally {
		await opened.value.close();
	}
}

/** Fills `input` with the length and the spans of the file; the number of bytes, fewer where the file ended early. */
export async function readInput(
	opened: OpenFile,
	input: Uint8Array,
	signal: AbortSignal
): Promise<Result<Uint8Array, FileFailure>> {
	let filled = writeLength(input, opened.sizeBytes);
	for (const { offset, length } of spansOf(opened.sizeBytes)) {
		const read = await opened.read(offset, input.subarray(filled, filled + length), signal);
		if (!read.ok) return read;
		if (read.value < length) return err({ type: 'FileUnreadable', code: 'ShortRead', retry: 'soon' });
		filled += length;
	}
	return ok(input.subarray(0, filled));
}

export type Identified = { readonly identity: Uint8Array; readonly found: FoundType; readonly bytesRead: number };
export type IdentityReader = (place: FilePlace, signal: AbortSignal) => Promise<Result<Identified, Unreadable>>;

/** Reads identities one after the other, with room of its own; `hasher` may be shared, as it is used at one go. */
export function createIdentityReader(deps: ReadDeps, hasher: Blake3): IdentityReader {
	const input = new Uint8Array(inputBytesMax);
	return async (place, signal) => {
		const filled = await readSteady(deps, place, (opened) => readInput(opened, input, signal), signal);
		if (!filled.ok) return filled;
		hasher.update(filled.value);
		const bytes = filled.value.subarray(writeLength(input, place.file.sizeBytes));
		return ok({
			identity: hasher.digest(),
			found: findType(place.file.name, bytes),
			bytesRead: bytes.length
		});
	};
}

/** Read at once for a proof: long enough that calls do not count, short enough that an abort is quick. */
export const pieceBytes = 1024 * 1024;

/** The BLAKE3 of all bytes of a file. */
export async function readProof(
	deps: ReadDeps,
	place: FilePlace,
	hasher: Blake3,
	onBytes: (bytes: number) => void,
	signal: AbortSignal
): Promise<Result<Uint8Array, Unreadable>> {
	const piece = new Uint8Array(Math.min(pieceBytes, place.file.sizeBytes));
	const work = async (opened: OpenFile): Promise<Result<null, FileFailure>> => {
		for (let offset = 0; offset < opened.sizeBytes; offset += piece.length) {
			const part = piece.subarray(0, Math.min(piece.length, opened.sizeBytes - offset));
			const read = await opened.read(offset, part, signal);
			if (!read.ok) return read;
			if (read.value < part.length) return err({ type: 'FileUnreadable', code: 'ShortRead', retry: 'soon' });
			hasher.update(part);
			onBytes(part.length);
		}
		return ok(null);
	};
	const read = await readSteady(deps, place, work, signal);
	return read.ok ? ok(hasher.digest()) : read;
}
