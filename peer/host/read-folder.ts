import { lstatSync, readdirSync, type Stats } from 'node:fs';
import type { DiskEntry, DiskPage, EntryKind, FilesFailure, SkippedName } from '#core/ports';
import { childPath, maybeRaw, pathFromBytes, type DiskPath } from './disk-path.ts';
import { openDirectory, type OpenDirectory } from './open-directory.ts';
import { isOnPseudoDevice } from './pseudo-file-systems.ts';
import { errorCode } from './system-error.ts';

/** As the port says. */
const pageMax = 1_000;

/** What an error of the system means for a folder. */
export function folderFailure(code: string): FilesFailure {
	switch (code) {
		case 'ENOENT':
		case 'ENODEV':
		case 'ENXIO':
			return { type: 'FolderMissing', retry: 'when-online' };
		case 'EACCES':
		case 'EPERM':
			return { type: 'FolderDenied', retry: 'when-online' };
		case 'ENOTDIR':
		case 'ELOOP':
			return { type: 'NotAFolder', retry: 'never' };
		default:
			return { type: 'FolderUnreadable', code, retry: 'soon' };
	}
}

function kindOf(stats: Stats): EntryKind {
	if (stats.isFile()) return 'file';
	if (stats.isDirectory()) return 'directory';
	return stats.isSymbolicLink() ? 'symlink' : 'other';
}

/** What the port tells of a name of which the system says `stats`. */
export function diskEntry(name: string, stats: Stats): DiskEntry {
	const kind = kindOf(stats);
	return {
		name,
		kind,
		sizeBytes: kind === 'file' ? stats.size : 0,
		modifiedMs: Math.floor(stats.mtimeMs),
		// Some file systems count beyond what a number holds; a rounded inode would be another file's.
		inode: Number.isSafeInteger(stats.ino) ? stats.ino : null
	};
}

function skipped(name: string, code: string): SkippedName {
	const denied = code === 'EACCES' || code === 'EPERM';
	return { name, reason: denied ? 'denied' : code === 'ENOENT' ? 'vanished' : 'unreadable', code };
}

/** Every name in the directory, none opened. Names that are not UTF-8 keep their bytes. */
function readNames({ held, device }: OpenDirectory): string[] {
	if (isOnPseudoDevice(held, device)) return [];
	const names = readdirSync(held);
	if (!names.some(maybeRaw)) return names;
	return readdirSync(held, { encoding: 'buffer' }).map((bytes) => pathFromBytes(bytes));
}

function readEntries(base: DiskPath, names: readonly string[]): DiskPage {
	const page = { entries: Array<DiskEntry>(), skipped: Array<SkippedName>() };
	for (const name of names) {
		try {
			page.entries.push(diskEntry(name, lstatSync(childPath(base, name))));
		} catch (error) {
			page.skipped.push(skipped(name, errorCode(error)));
		}
	}
	return page;
}

function readPage(directory: OpenDirectory, names: readonly string[]): DiskPage {
	const page = readEntries(directory.path, names);
	return page.skipped.length === 0 && directory.isInPlace() ? page : readEntries(directory.held, names);
}

/** A directory that is being listed, held open until it was read to the end or `close`. */
export type FolderReading = {
	/** Null where nothing is left. */
	next(): DiskPage | null;
	/** Whether all of it was read. */
	readonly isOver: boolean;
	close(): void;
};

/** Begins to list the directory `segments` below `root`. Throws the system's errors, as `next` does. */
export function readFolder(root: string, segments: readonly string[]): FolderReading {
	const directory = openDirectory(root, segments);
	let at = 0;
	let isOpen = true;
	let names: readonly string[] = [];
	const close = () => {
		if (isOpen) directory.close();
		isOpen = false;
	};
	try {
		names = readNames(directory);
	} catch (error) {
		close();
		throw error;
	}
	return {
		next() {
			if (!isOpen || at >= names.length) return null;
			const due = names.length <= pageMax ? names : names.slice(at, at + pageMax);
			at += pageMax;
			return readPage(directory, due);
		},
		get isOver() {
			return at >= names.length;
		},
		close
	};
}
