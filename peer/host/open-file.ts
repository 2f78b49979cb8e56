import { closeSync, constants, fstatSync, openSync, read, readSync, type Stats } from 'node:fs';
import { promisify } from 'node:util';
import type { FileFailure, FileMark } from '#core/ports';
import { childPath, diskPath, type DiskPath } from './disk-path.ts';
import { isStraightBelow, openDirectory } from './open-directory.ts';
import { errorCode } from './system-error.ts';

const readLater = promisify(read);

/** A file of the person held open for reading. All methods throw the system's errors. */
export type OpenDescriptor = {
	readonly descriptor: number;
	readonly stats: Stats;
	read(offset: number, into: Uint8Array): number;
	/** The same in a thread of Node's own. */
	readLater(offset: number, into: Uint8Array): Promise<number>;
	/** What the disk says of the same file now. */
	look(): Stats;
	close(): void;
};

/** Thrown where the name stands for something that is no file. */
export class NoFile extends Error {
	override readonly name = 'NoFile';
}

/** What an error of the system means for a file. */
export function fileFailure(error: unknown): FileFailure {
	if (error instanceof NoFile) return { type: 'NotAFile', retry: 'never' };
	const code = errorCode(error);
	switch (code) {
		case 'ENOENT':
		case 'ENOTDIR':
		case 'ENODEV':
			return { type: 'FileMissing', retry: 'when-online' };
		case 'EACCES':
		case 'EPERM':
			return { type: 'FileDenied', retry: 'when-online' };
		// A symlink, a folder, and a socket or a device without a driver, in this order.
		case 'ELOOP':
		case 'EISDIR':
		case 'ENXIO':
			return { type: 'NotAFile', retry: 'never' };
		default:
			return { type: 'FileUnreadable', code, retry: 'soon' };
	}
}

/** What tells a file from the one that it was, as coarsely as the index keeps it. */
export function markOf({ size, mtimeMs, ino }: Stats): FileMark {
	return { sizeBytes: size, modifiedMs: Math.floor(mtimeMs), inode: Number.isSafeInteger(ino) ? ino : null };
}

/** Whether the disk says the same of the file as when it was opened. */
export function isSameFile({ stats, look }: OpenDescriptor): boolean {
	const now = look();
	// Both times come to a quarter of a microsecond. The change time tells of a write whose modification time was set back.
	return now.size === stats.size && now.mtimeMs === stats.mtimeMs && now.ctimeMs === stats.ctimeMs;
}

const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK, O_NOCTTY, O_NOATIME } = constants;
/** A pipe or a terminal that took the file's place must neither block nor be taken over. */
const careful = O_RDONLY | (O_NOFOLLOW ?? 0) | (O_NONBLOCK ?? 0) | (O_NOCTTY ?? 0);

/** Reading is to leave no trace on the disk; the system lets only a file's owner ask for that. */
function openQuietly(path: DiskPath): number {
	if (O_NOATIME === undefined) return openSync(path, careful);
	try {
		return openSync(path, careful | O_NOATIME);
	} catch (error) {
		if (errorCode(error) !== 'EPERM') throw error;
		return openSync(path, careful);
	}
}

/** Null where the path is longer than the system takes in one piece. */
function openAtOnce(path: DiskPath): number | null {
	try {
		return openQuietly(path);
	} catch (error) {
		if (errorCode(error) === 'ENAMETOOLONG') return null;
		throw error;
	}
}

function openIn(root: string, folder: readonly string[], name: string): number {
	const directory = openDirectory(root, folder);
	try {
		const descriptor = openQuietly(childPath(directory.held, name));
		// Where directories cannot be held, a swap on the way is found out afterwards.
		if (directory.held !== directory.path || directory.isInPlace()) return descriptor;
		closeSync(descriptor);
		throw new NoFile();
	} finally {
		directory.close();
	}
}

function openBelow(root: string, path: readonly string[]): number {
	const descriptor = openAtOnce(diskPath(root, path));
	if (descriptor !== null) {
		if (isStraightBelow(root, path, descriptor)) return descriptor;
		closeSync(descriptor);
	}
	return openIn(root, path.slice(0, -1), path.at(-1) ?? '');
}

/** Opens the file `path` below `root`; as in `openDirectory`, nothing below the root is a symlink. */
export function openFile(root: string, path: readonly string[]): OpenDescriptor {
	const descriptor = openBelow(root, path);
	try {
		const stats = fstatSync(descriptor);
		if (!stats.isFile()) throw new NoFile();
		return {
			descriptor,
			stats,
			read: (offset, into) => readFully(descriptor, offset, into),
			readLater: (offset, into) => readFullyLater(descriptor, offset, into),
			look: () => fstatSync(descriptor),
			close: () => closeSync(descriptor)
		};
	} catch (error) {
		closeSync(descriptor);
		throw error;
	}
}

function readFully(descriptor: number, offset: number, into: Uint8Array): number {
	let filled = 0;
	while (filled < into.length) {
		const read = readSync(descriptor, into, filled, into.length - filled, offset + filled);
		if (read === 0) break;
		filled += read;
	}
	return filled;
}

async function readFullyLater(descriptor: number, offset: number, into: Uint8Array): Promise<number> {
	let filled = 0;
	while (filled < into.length) {
		const { bytesRead } = await readLater(descriptor, into, filled, into.length - filled, offset + filled);
		if (bytesRead === 0) break;
		filled += bytesRead;
	}
	return filled;
}
