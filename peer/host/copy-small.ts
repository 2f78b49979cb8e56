import { closeSync, ftruncateSync, writeSync } from 'node:fs';
import { Blake3Hasher } from '@napi-rs/blake-hash';
import type { ChangeFailure, DiskPlace, FileFailure } from '#core/ports';
import { changeFailure, checkNewName, checkSeen, Refused, refusals } from './change-failure.ts';
import { numbersOfMark, type CopyAnswer, type CopyFault, type CopyRequest, type FolderOrder } from './copy-message.ts';
import { childPath } from './disk-path.ts';
import { hashBytes } from './hash-file.ts';
import { keepFacts } from './keep-facts.ts';
import { isHole, openNew } from './new-file.ts';
import { openDirectory, type OpenDirectory } from './open-directory.ts';
import { fileFailure, isSameFile, openFileIn, type OpenDescriptor } from './open-file.ts';
import { folderFailure } from './read-folder.ts';
import { errorCode } from './system-error.ts';

/** The largest file that is copied in one piece. */
export const smallBytesMax = 1024 * 1024;
/** Most small files are smaller; longer ones make more room. */
const usualBytes = 128 * 1024;

/** Copies and hashes small files one after the other, with room of its own. */
export type CopyRoom = { readonly hasher: Blake3Hasher; input: Buffer };

export function createCopyRoom(): CopyRoom {
	return { hasher: new Blake3Hasher(), input: Buffer.allocUnsafe(usualBytes) };
}

/** Thrown where a file cannot be read to its end. */
class Fault extends Error {
	readonly failed: 'from' | 'to';
	readonly failure: FileFailure | ChangeFailure;

	constructor(failed: 'from' | 'to', failure: FileFailure | ChangeFailure) {
		super(failure.type);
		this.failed = failed;
		this.failure = failure;
	}
}

function attempt<T>(
	failed: 'from' | 'to',
	toFailure: (error: unknown) => FileFailure | ChangeFailure,
	work: () => T
): T {
	try {
		return work();
	} catch (error) {
		throw error instanceof Fault
			? error
			: new Fault(failed, error instanceof Refused ? error.failure : toFailure(error));
	}
}

/** What `work`, which reads, has failed with; null where it has not. */
function faultOf(work: () => void): unknown {
	try {
		attempt('from', fileFailure, work);
		return null;
	} catch (error) {
		return error;
	}
}

/** All bytes of an open file, in the room. */
function readAll(room: CopyRoom, opened: OpenDescriptor): Buffer {
	const { size } = opened.stats;
	if (size > room.input.length) room.input = Buffer.allocUnsafe(size);
	const bytes = room.input.subarray(0, size);
	const read = opened.read(0, bytes);
	if (read < size) throw new Fault('from', { type: 'FileUnreadable', code: 'ShortRead', retry: 'soon' });
	return bytes;
}

function putHash({ hasher }: CopyRoom, bytes: Buffer, into: Uint8Array): void {
	hasher.update(bytes);
	into.set(hasher.digestBuffer());
	hasher.reset();
}

function writeNew(folder: OpenDirectory, name: string, bytes: Buffer, like: OpenDescriptor): void {
	checkNewName(name, folder);
	const descriptor = openNew(childPath(folder.held, name));
	try {
		if (isHole(bytes)) ftruncateSync(descriptor, bytes.length);
		else for (let done = 0; done < bytes.length;) done += writeSync(descriptor, bytes, done, bytes.length - done, done);
		keepFacts(descriptor, like.stats);
	} finally {
		closeSync(descriptor);
	}
}

type Target = { readonly folder: OpenDirectory; readonly name: string; readonly mark: Float64Array };

function copyOpened(room: CopyRoom, opened: OpenDescriptor, { folder, name, mark }: Target, into: Uint8Array): void {
	const [sizeBytes = NaN, modifiedMs = NaN, inode = NaN] = mark;
	const orNull = (value: number) => (Number.isNaN(value) ? null : value);
	const expected = { kind: 'file', sizeBytes, modifiedMs: orNull(modifiedMs), inode: orNull(inode) } as const;
	checkSeen(expected, opened.stats);
	const fault = faultOf(() => {
		const bytes = readAll(room, opened);
		putHash(room, bytes, into);
		attempt('to', changeFailure, () => writeNew(folder, name, bytes, opened));
	});
	// A read that fails because the file is being written is a change, not a broken disk.
	if (!isSameFile(opened)) throw new Fault('from', refusals.changed);
	if (fault !== null) throw fault;
}

function doFile(room: CopyRoom, folder: OpenDirectory, name: string, target: Target | null, into: Uint8Array): void {
	attempt('from', fileFailure, () => {
		const opened = openFileIn(folder, name);
		try {
			if (target === null) putHash(room, readAll(room, opened), into);
			else copyOpened(room, opened, target, into);
		} finally {
			opened.close();
		}
	});
}

function openAbove({ root, path }: DiskPlace): OpenDirectory {
	return openDirectory(root, path.slice(0, -1));
}

/** Calls `work` with the folders of an order, held open meanwhile. */
function inFolders(order: FolderOrder, work: (from: OpenDirectory, to: OpenDirectory | null) => void): void {
	const from = attempt('from', fileFailure, () => openAbove(order.from));
	try {
		const { to } = order;
		if (to === null) return work(from, null);
		const into = attempt(
			'to',
			(error) => folderFailure(errorCode(error)),
			() => openAbove(to)
		);
		try {
			work(from, into);
		} finally {
			into.close();
		}
	} finally {
		from.close();
	}
}

function doOrder(room: CopyRoom, order: FolderOrder, hashes: Uint8Array, first: number, faults: CopyFault[]): number {
	const { names, newNames } = order;
	const note = (which: number, error: unknown) => {
		if (!(error instanceof Fault)) throw error;
		faults.push({ which: first + which, failed: error.failed, failure: error.failure });
	};
	try {
		inFolders(order, (from, folder) => {
			for (const [at, name] of names.entries()) {
				const into = hashes.subarray((first + at) * hashBytes, (first + at + 1) * hashBytes);
				const mark = order.marks.subarray(at * numbersOfMark, (at + 1) * numbersOfMark);
				try {
					doFile(room, from, name, folder && { folder, name: newNames[at] ?? '', mark }, into);
				} catch (error) {
					note(at, error);
				}
			}
		});
	} catch (error) {
		for (const at of names.keys()) note(at, error);
	}
	return names.length;
}

/** Does what is asked for, one file after the other. */
export function doRequest(room: CopyRoom, { id, orders }: CopyRequest): CopyAnswer {
	const count = orders.reduce((sum, { names }) => sum + names.length, 0);
	const hashes = new Uint8Array(count * hashBytes);
	const faults: CopyFault[] = [];
	let first = 0;
	for (const order of orders) first += doOrder(room, order, hashes, first, faults);
	return { id, hashes, faults };
}
