import { lstatSync, readdirSync, realpathSync, statSync, type Stats } from 'node:fs';
import { basename, dirname } from 'node:path';
import { err, invariant, ok, type Result } from '#core/kernel';
import type {
	ChangedFolders,
	DiskEntry,
	DiskPage,
	EntryKind,
	FilesFailure,
	FilesPort,
	RootRef,
	WatchFailure,
	FileFailure,
	OpenFile,
	SkippedName
} from '#core/ports';
import { checkRoot, checkSegments, childPath, diskPath, maybeRaw, pathFromBytes, type DiskPath } from './disk-path.ts';
import { openDirectory, type OpenDirectory } from './open-directory.ts';
import { createHasher } from './file-hasher.ts';
import { fileFailure, isSameFile, markOf, openFile, type OpenDescriptor } from './open-file.ts';
import { isOnPseudoDevice } from './pseudo-file-systems.ts';
import { errorCode } from './system-error.ts';
import { createTurns } from './turns.ts';
import { TreeWatch } from './watch-tree.ts';

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

/** Folders of a real disk. A root is an absolute path; an aborted listing throws, so that it never looks complete. */
export function createFiles(): FilesPort {
	const due = createTurns();
	const breathe = async (signal: AbortSignal) => {
		const turn = due();
		if (turn !== null) await turn;
		signal.throwIfAborted();
	};

	async function* list(
		root: RootRef,
		segments: readonly string[],
		signal: AbortSignal
	): AsyncGenerator<Result<DiskPage, FilesFailure>> {
		checkRoot(root);
		checkSegments(segments);
		await breathe(signal);
		const opened = guarded(signal, () => openDirectory(root, segments));
		if (!opened.ok) {
			yield opened;
			return;
		}
		const directory = opened.value;
		try {
			const names = guarded(signal, () => readNames(directory));
			if (!names.ok) {
				yield names;
				return;
			}
			for (let at = 0; at < names.value.length; at += pageMax) {
				await breathe(signal);
				yield ok(readPage(directory, names.value.slice(at, at + pageMax)));
			}
		} finally {
			directory.close();
		}
	}

	return {
		list,
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
