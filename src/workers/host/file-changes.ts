import { err, invariant, ok, type Result } from '#core/kernel';
import type { ChangeFailure, DiskPlace, FileChangesPort, Rename, RootRef, SeenEntry } from '#core/ports';
import { carriedName, handleName } from './carried-name.ts';
import { checkSegments, folderFailure } from './files.ts';
import { FolderLookup } from './folder-lookup.ts';
import { entryOf, type AnyHandle } from './folder-page.ts';
import { exceptionName } from './stored-folder.ts';
import { openPart, type PartWays } from './part-file.ts';

declare global {
	interface FileSystemFileHandle {
		/** Moves into another folder, replacing what has that name. In the platform, not yet in TypeScript's library. */
		move(folder: FileSystemDirectoryHandle, name: string): Promise<void>;
	}
}

const taken = err({ type: 'NameTaken', retry: 'never' });
const refused = err({ type: 'NameRefused', retry: 'never' });
const changed = err({ type: 'SourceChanged', retry: 'never' });
const missing = err({ type: 'FileMissing', retry: 'when-online' });
const folderMissing = err({ type: 'FolderMissing', retry: 'when-online' });
const readOnly = err({ type: 'FolderReadOnly', retry: 'when-online' });
const notInOneStep = err({ type: 'NotInOneStep', retry: 'never' });

type Found = { readonly folder: FileSystemDirectoryHandle; readonly name: string; readonly handle: AnyHandle | null };

/** What the browser's answer means for the change of an entry in a folder that is there. */
function entryFailure(error: unknown): ChangeFailure {
	// How the browser says that it takes no such name.
	if (error instanceof TypeError) return refused.failure;
	const code = exceptionName(error);
	switch (code) {
		case 'NotFoundError':
			return missing.failure;
		case 'TypeMismatchError':
			return changed.failure;
		case 'InvalidModificationError':
			return { type: 'FolderNotEmpty', retry: 'never' };
		case 'QuotaExceededError':
			return { type: 'NoSpace', retry: 'soon' };
		case 'NotAllowedError':
		case 'SecurityError':
			return { type: 'ChangeDenied', retry: 'when-online' };
		default:
			return { type: 'ChangeFailed', code, retry: 'soon' };
	}
}

async function handleIn(folder: FileSystemDirectoryHandle, name: string): Promise<AnyHandle | null> {
	try {
		return await folder.getFileHandle(name);
	} catch (error) {
		if (error instanceof TypeError) throw error;
		const code = exceptionName(error);
		if (code === 'NotFoundError') return null;
		if (code !== 'TypeMismatchError') throw error;
		return folder.getDirectoryHandle(name);
	}
}

/** Whether the browser would take `name` for a path, or could keep it only as another one. */
function leadsElsewhere(name: string): boolean {
	if (name === '' || name === '.' || name === '..' || /[/\\\0]/.test(name)) return true;
	return !name.isWellFormed() || carriedName(handleName(name)) !== name;
}

async function isAsSeen(seen: SeenEntry, handle: AnyHandle): Promise<boolean> {
	const now = await entryOf(handle);
	if (seen.kind !== now.kind) return false;
	return now.kind === 'directory' || (seen.sizeBytes === now.sizeBytes && seen.modifiedMs === now.modifiedMs);
}

/** Changes folders that the person allowed to be written to. A browser keeps no times, and knows no links. */
export class BrowserFileChanges implements FileChangesPort {
	readonly renamesFolders = false;
	readonly #lookup = new FolderLookup();
	readonly #ways: PartWays;

	constructor(ways: PartWays) {
		this.#ways = ways;
	}

	makeFolder(at: DiskPlace, signal: AbortSignal): Promise<Result<null, ChangeFailure>> {
		return this.#atNew(at, signal, async ({ folder, name, handle }) => {
			if (handle !== null) return taken;
			await folder.getDirectoryHandle(name, { create: true });
			return ok(null);
		});
	}

	async keepFolderFacts(_from: DiskPlace, _to: DiskPlace, signal: AbortSignal): Promise<Result<null, ChangeFailure>> {
		signal.throwIfAborted();
		return ok(null);
	}

	openPart: FileChangesPort['openPart'] = (at, mode, signal) => {
		const place = mode === 'new' ? this.#atNew.bind(this) : this.#at.bind(this);
		return place(at, signal, async ({ folder, name, handle }) => {
			if (mode === 'new' && handle !== null) return taken;
			if (mode === 'again' && handle === null) return missing;
			if (handle !== null && handle.kind !== 'file') return changed;
			const file = handle ?? (await folder.getFileHandle(name, { create: true }));
			return ok(await openPart(file, this.#ways, entryFailure));
		});
	};

	async clone(_file: unknown, _to: DiskPlace, signal: AbortSignal): Promise<Result<null, ChangeFailure>> {
		signal.throwIfAborted();
		return notInOneStep;
	}

	async copyLink(_from: DiskPlace, _to: DiskPlace, signal: AbortSignal): Promise<Result<null, ChangeFailure>> {
		signal.throwIfAborted();
		return notInOneStep;
	}

	async rename(moves: readonly Rename[], signal: AbortSignal): Promise<readonly Result<null, ChangeFailure>[]> {
		signal.throwIfAborted();
		const outcomes: Result<null, ChangeFailure>[] = [];
		for (const move of moves) outcomes.push(await this.#rename(move, signal));
		return outcomes;
	}

	remove(at: DiskPlace, expected: SeenEntry, signal: AbortSignal): Promise<Result<null, ChangeFailure>> {
		return this.#at(at, signal, async ({ folder, name, handle }) => {
			if (handle === null) return missing;
			if (!(await isAsSeen(expected, handle))) return changed;
			if (handle.kind === 'directory') this.#lookup.forget(at.root);
			await folder.removeEntry(name);
			return ok(null);
		});
	}

	/** Files are flushed as they are finished; names a browser makes sure of by itself, and tells nobody when. */
	async flush(
		files: readonly DiskPlace[],
		folders: readonly DiskPlace[],
		signal: AbortSignal
	): Promise<Result<null, ChangeFailure>> {
		for (const { path } of [...files, ...folders]) checkSegments(path);
		signal.throwIfAborted();
		return ok(null);
	}

	async #rename({ from, to, expected }: Rename, signal: AbortSignal): Promise<Result<null, ChangeFailure>> {
		return this.#at(from, signal, async (source) => {
			const { handle } = source;
			if (handle === null) return missing;
			if (!(await isAsSeen(expected, handle))) return changed;
			return this.#atNew(to, signal, async ({ folder, name, handle: there }) => {
				if (handle.kind === 'directory' || !('move' in handle)) return notInOneStep;
				const [isHere, isThere] = [await this.#ways.isPrivate(handle), await this.#ways.isPrivate(folder)];
				// Outside its own storage the browser moves files, but across disks not in one step.
				if (isHere !== isThere || (!isHere && from.root !== to.root)) return notInOneStep;
				// `move` replaces what is there.
				if (there !== null && !(await this.#isOneEntry(handle, there, source, name))) return taken;
				await handle.move(folder, name);
				return ok(null);
			});
		});
	}

	/** Whether only the form of a name changes, on a disk that takes both for the same. */
	async #isOneEntry(handle: AnyHandle, there: AnyHandle, { folder, name: old }: Found, name: string): Promise<boolean> {
		if (old === name) return handle.isSameEntry(there);
		const names: string[] = [];
		if (!(await folder.resolve(there))) return false;
		for await (const listed of folder.keys()) names.push(listed);
		return names.includes(old) && !names.includes(name);
	}

	#atNew<T>(
		at: DiskPlace,
		signal: AbortSignal,
		work: (found: Found) => Promise<Result<T, ChangeFailure>>
	): Promise<Result<T, ChangeFailure>> {
		signal.throwIfAborted();
		return leadsElsewhere(at.path.at(-1) ?? '') ? this.#refuse(at) : this.#at(at, signal, work);
	}

	async #refuse({ path }: DiskPlace): Promise<Result<never, ChangeFailure>> {
		checkSegments(path.slice(0, -1));
		return refused;
	}

	/** Runs `work` on what is at the place, in a folder that may be written to. */
	async #at<T>(
		{ root, path }: DiskPlace,
		signal: AbortSignal,
		work: (found: Found) => Promise<Result<T, ChangeFailure>>
	): Promise<Result<T, ChangeFailure>> {
		signal.throwIfAborted();
		checkSegments(path);
		const own = path.at(-1);
		invariant(own !== undefined, 'a place has a name');
		const name = handleName(own);
		try {
			const folder = await this.#lookup.find(root, path.slice(0, -1));
			if (!folder) return folderMissing;
			if (!(await this.#lookup.mayWrite(root))) return readOnly;
			// A folder that is kept in mind may be gone.
			const handle = await handleIn(folder, name);
			if (handle === null) await folder.keys().next();
			return await work({ folder, name, handle });
		} catch (error) {
			if (signal.aborted) throw error;
			return this.#failed(root, path, error);
		}
	}

	/** A failure of the entry, or of the folder that it was to be in. */
	async #failed(root: RootRef, path: readonly string[], error: unknown): Promise<Result<never, ChangeFailure>> {
		if (error instanceof TypeError) return refused;
		this.#lookup.forget(root);
		try {
			const folder = await this.#lookup.find(root, path.slice(0, -1));
			await folder?.keys().next();
		} catch (ofFolder) {
			return folderFailure(this.#lookup, root, ofFolder);
		}
		return err(entryFailure(error));
	}
}

/** How files are written where the person keeps them: OPFS by a handle that can go on, elsewhere by a stream. */
export function createFileChanges(byStream = false): FileChangesPort {
	let storage: Promise<FileSystemDirectoryHandle> | null = null;
	const isPrivate = async (handle: FileSystemHandle) => {
		storage ??= navigator.storage.getDirectory();
		return (await (await storage).resolve(handle)) !== null;
	};
	return new BrowserFileChanges({ isPrivate, byStream });
}
