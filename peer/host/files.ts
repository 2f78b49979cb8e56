import { lstatSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { err, invariant, ok, type Result } from '#core/kernel';
import type {
	ChangedFolders,
	DiskEntry,
	DiskPage,
	FileFailure,
	FilesFailure,
	FilesPort,
	OpenFile,
	RootRef,
	WatchFailure
} from '#core/ports';
import { checkRoot, checkSegments, childPath, diskPath, pathFromBytes, type DiskPath } from './disk-path.ts';
import { createHasher } from './file-hasher.ts';
import { createLister } from './lister.ts';
import { openDirectory } from './open-directory.ts';
import { fileFailure, isSameFile, markOf, openFile, type OpenDescriptor } from './open-file.ts';
import { diskEntry, folderFailure, readFolder, type FolderReading } from './read-folder.ts';
import { errorCode } from './system-error.ts';
import { createTurns } from './turns.ts';
import { TreeWatch } from './watch-tree.ts';

/** Folders worth listing at once, so that some are always there while others are written; a kill loses so many listings. */
export const listingsMax = 160;
/** Listings wanted at once beyond which a thread of their own is worth starting. */
const listedHereMax = 128;

function gone(error: unknown): boolean {
	return ['ENOENT', 'ENOTDIR', 'ELOOP'].includes(errorCode(error));
}

/** Null where `path` leads to nothing in a root that is there; throws the system's errors. */
function lookAt(root: RootRef, path: readonly string[]): DiskEntry | null {
	const name = path.at(-1) ?? '';
	try {
		const folder = openDirectory(root, path.slice(0, -1));
		try {
			return diskEntry(name, lstatSync(childPath(folder.held, name)));
		} finally {
			folder.close();
		}
	} catch (error) {
		if (!gone(error)) throw error;
		openDirectory(root, []).close();
		return null;
	}
}

/** The directory's number on this machine, which a bind mount or another spelling does not change. */
function identity(path: DiskPath): string {
	const { dev, ino } = statSync(path, { bigint: true });
	return `${dev}:${ino}`;
}

/** Identities of the directory and of all that it lies in, innermost first. */
function lineage(root: RootRef): readonly string[] {
	const path = pathFromBytes(realpathSync.native(diskPath(root, []), 'buffer'));
	const found: string[] = [];
	for (let at = path; ; at = dirname(at)) {
		found.push(identity(diskPath(at, [])));
		if (dirname(at) === at) return found;
	}
}

function relationOf(a: RootRef, b: RootRef): 'same' | 'a-inside-b' | 'b-inside-a' | 'apart' {
	const [aLine, bLine] = [lineage(a), lineage(b)];
	if (aLine[0] === bLine[0]) return 'same';
	if (aLine.some((at) => at === bLine[0])) return 'a-inside-b';
	return bLine.some((at) => at === aLine[0]) ? 'b-inside-a' : 'apart';
}

function nameOf(root: RootRef): string {
	openDirectory(root, []).close();
	return basename(root) || root;
}

function guarded<T>(signal: AbortSignal, work: () => T): Result<T, FilesFailure> {
	signal.throwIfAborted();
	try {
		return ok(work());
	} catch (error) {
		return err(folderFailure(errorCode(error)));
	}
}

async function* watchTree(root: RootRef, signal: AbortSignal): AsyncGenerator<Result<ChangedFolders, WatchFailure>> {
	checkRoot(root);
	signal.throwIfAborted();
	const tree = new TreeWatch(root);
	try {
		await tree.start(signal);
		yield ok([]);
		for (;;) {
			const changed = await tree.next(signal);
			const isThere = guarded(signal, () => openDirectory(root, []).close());
			yield isThere.ok ? ok(changed) : isThere;
			if (!isThere.ok) return;
		}
	} catch (error) {
		if (signal.aborted) throw error;
		yield err(folderFailure(errorCode(error)));
	} finally {
		tree.close();
	}
}

function reading<T>(work: () => T): Result<T, FileFailure> {
	try {
		return ok(work());
	} catch (error) {
		return err(fileFailure(error));
	}
}

/** From here on a read goes to another thread, so that the bytes before are hashed meanwhile. */
const readLaterBytes = 256 * 1024;

async function readingLater({ readLater }: OpenDescriptor, offset: number, into: Uint8Array) {
	try {
		return ok(await readLater(offset, into));
	} catch (error) {
		return err(fileFailure(error));
	}
}

/** What this host holds of the files that it has opened. */
const held = new WeakMap<OpenFile, OpenDescriptor>();

/** The descriptor behind a file that `createFiles` has opened. */
export function descriptorOf(file: OpenFile): OpenDescriptor {
	const opened = held.get(file);
	invariant(opened !== undefined, 'the file was opened by this host');
	return opened;
}

/** `due` gives what to wait for before the next call that holds up this thread, if anything. */
function fileOver(opened: OpenDescriptor, due: () => Promise<void> | null): OpenFile {
	const file: OpenFile = {
		...markOf(opened.stats),
		async read(offset, into, signal) {
			if (into.length >= readLaterBytes) {
				signal.throwIfAborted();
				return readingLater(opened, offset, into);
			}
			const turn = due();
			// Five short reads a file: a wait for nothing would cost as much as one of them.
			if (turn !== null) await turn;
			signal.throwIfAborted();
			return reading(() => opened.read(offset, into));
		},
		async isUnchanged(signal) {
			signal.throwIfAborted();
			return reading(() => isSameFile(opened));
		},
		close: async () => opened.close()
	};
	held.set(file, opened);
	return file;
}

type Here = { listings: number; readonly breathe: (signal: AbortSignal) => Promise<void> };

/** Lists a folder in this thread, and counts how many do. */
async function* listHere(
	here: Here,
	root: RootRef,
	path: readonly string[],
	signal: AbortSignal
): AsyncGenerator<Result<DiskPage, FilesFailure>> {
	here.listings++;
	let reading: FolderReading | null = null;
	try {
		await here.breathe(signal);
		const opened = guarded(signal, () => readFolder(root, path));
		if (!opened.ok) return yield opened;
		reading = opened.value;
		for (let page = reading.next(); page !== null; page = reading.next()) {
			yield ok(page);
			await here.breathe(signal);
		}
	} finally {
		here.listings--;
		reading?.close();
	}
}

/**
 * Folders of a real disk. A root is an absolute path; an aborted listing throws, so that it never looks complete. Of
 * more than `hereMax` listings at once the rest is done in a thread of its own.
 */
export function createFiles({ hereMax = listedHereMax } = {}): FilesPort {
	const due = createTurns();
	const breathe = async (signal: AbortSignal) => {
		const turn = due();
		if (turn !== null) await turn;
		signal.throwIfAborted();
	};

	const here = { listings: 0, breathe };
	const lister = createLister();
	return {
		listingsMax,
		list(root, path, signal) {
			checkRoot(root);
			checkSegments(path);
			const isMuch = here.listings >= hereMax || lister.isRunning();
			return isMuch ? lister.list(root, path, signal) : listHere(here, root, path, signal);
		},
		async look(root, path, signal) {
			checkRoot(root);
			checkSegments(path);
			await breathe(signal);
			return guarded(signal, () => lookAt(root, path));
		},
		watch: watchTree,
		async open(root, path, signal) {
			checkRoot(root);
			checkSegments(path);
			await breathe(signal);
			const opened = reading(() => openFile(root, path));
			return opened.ok ? ok(fileOver(opened.value, due)) : opened;
		},
		createHasher,
		async rootName(root, signal) {
			checkRoot(root);
			return guarded(signal, () => nameOf(root));
		},
		async relation(a, b, signal) {
			checkRoot(a);
			checkRoot(b);
			return guarded(signal, () => relationOf(a, b));
		}
	};
}
