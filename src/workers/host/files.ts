import { err, invariant, ok, type Result } from '#core/kernel';
import type { ChangedFolders, DiskEntry, DiskPage, FilesFailure, FilesPort, RootRef, WatchFailure } from '#core/ports';
import { handleName } from './carried-name.ts';
import { FolderLookup } from './folder-lookup.ts';
import { entryOf, folderPages, type AnyHandle } from './folder-page.ts';
import { openHandle, readingFile } from './open-file.ts';
import { exceptionName } from './stored-folder.ts';
import { FolderWatch } from './watch-folder.ts';

const missing = err({ type: 'FolderMissing', retry: 'when-online' });
const needsConsent = err({ type: 'FolderNeedsConsent', retry: 'when-online' });

export function checkSegments(segments: readonly string[]): void {
	for (const segment of segments)
		invariant(
			segment !== '' && segment !== '.' && segment !== '..' && !/[/\\\0]/.test(segment),
			'a path segment is one plain name'
		);
}

/** What the browser's answer means for a folder. */
export async function folderFailure(
	lookup: FolderLookup,
	root: RootRef,
	error: unknown
): Promise<Result<never, FilesFailure>> {
	lookup.forget(root);
	const code = exceptionName(error);
	switch (code) {
		case 'NotFoundError':
			return missing;
		case 'TypeMismatchError':
			return err({ type: 'NotAFolder', retry: 'never' });
		case 'NotAllowedError':
		case 'SecurityError':
			return (await lookup.hasConsent(root)) ? err({ type: 'FolderDenied', retry: 'when-online' }) : needsConsent;
		default:
			return err({ type: 'FolderUnreadable', code, retry: 'soon' });
	}
}

/** Whether the whole folder was taken back, where the browser only says that some of its files are denied. */
async function lostConsent(lookup: FolderLookup, root: RootRef, { skipped }: DiskPage): Promise<boolean> {
	return skipped.some(({ reason }) => reason === 'denied') && !(await lookup.hasConsent(root));
}

async function* list(
	lookup: FolderLookup,
	root: RootRef,
	path: readonly string[],
	signal: AbortSignal
): AsyncGenerator<Result<DiskPage, FilesFailure>, void, void> {
	checkSegments(path);
	signal.throwIfAborted();
	try {
		const folder = await lookup.find(root, path);
		if (!folder) return yield missing;
		for await (const page of folderPages(folder.values(), signal)) {
			if (await lostConsent(lookup, root, page)) return yield needsConsent;
			yield ok(page);
		}
	} catch (error) {
		if (signal.aborted) throw error;
		yield await folderFailure(lookup, root, error);
	}
}

async function handleAt(folder: FileSystemDirectoryHandle, name: string): Promise<AnyHandle> {
	try {
		return await folder.getFileHandle(name);
	} catch (error) {
		if (exceptionName(error) !== 'TypeMismatchError') throw error;
		return folder.getDirectoryHandle(name);
	}
}

/** Null where `path` leads to nothing. */
async function entryAt(lookup: FolderLookup, root: RootRef, path: readonly string[]): Promise<DiskEntry | null> {
	try {
		const folder = await lookup.find(root, path.slice(0, -1));
		return folder && (await entryOf(await handleAt(folder, handleName(path.at(-1) ?? ''))));
	} catch (error) {
		if (!['NotFoundError', 'TypeMismatchError'].includes(exceptionName(error))) throw error;
		return null;
	}
}

async function* watch(
	lookup: FolderLookup,
	root: RootRef,
	signal: AbortSignal
): AsyncGenerator<Result<ChangedFolders, WatchFailure>> {
	signal.throwIfAborted();
	let watching: FolderWatch | null = null;
	try {
		const folder = await lookup.find(root, []);
		if (!folder) return yield missing;
		if (!(await lookup.hasConsent(root))) return yield needsConsent;
		watching = await FolderWatch.start(folder);
		if (watching === null) return yield err({ type: 'WatchUnsupported', retry: 'never' });
		yield ok([]);
		for (;;) {
			const changed = await watching.next(signal);
			// Throws where the folder itself is gone.
			await folder.keys().next();
			yield ok(changed);
			if (watching.hasEnded) return yield err({ type: 'FolderUnreadable', code: 'ObserverErrored', retry: 'soon' });
		}
	} catch (error) {
		if (signal.aborted) throw error;
		yield await folderFailure(lookup, root, error);
	} finally {
		watching?.close();
	}
}

/** Folders that the person allowed, as handles. An aborted listing throws, so that it never looks complete. */
export function createFiles(): FilesPort {
	const lookup = new FolderLookup();
	const guarded = async <T>(
		root: RootRef,
		signal: AbortSignal,
		work: () => Promise<Result<T, FilesFailure>>
	): Promise<Result<T, FilesFailure>> => {
		signal.throwIfAborted();
		try {
			return await work();
		} catch (error) {
			if (signal.aborted) throw error;
			return folderFailure(lookup, root, error);
		}
	};
	return {
		list: (root, path, signal) => list(lookup, root, path, signal),
		look: (root, path, signal) =>
			guarded(root, signal, async () => {
				checkSegments(path);
				const top = await lookup.find(root, []);
				if (!top) return missing;
				if (!(await lookup.hasConsent(root))) return needsConsent;
				const found = await entryAt(lookup, root, path);
				// Nothing is there, or the root is away: only asking it for an entry tells.
				if (found === null) await top.keys().next();
				return ok(found);
			}),
		watch: (root, signal) => watch(lookup, root, signal),
		createHasher: null,
		async open(root, path, signal) {
			checkSegments(path);
			const name = path.at(-1);
			invariant(name !== undefined, 'a file has a name');
			return readingFile(signal, async () => {
				const folder = await lookup.find(root, path.slice(0, -1));
				if (!folder) return err({ type: 'FileMissing', retry: 'when-online' });
				return ok(await openHandle(await folder.getFileHandle(handleName(name))));
			});
		},
		rootName: (root, signal) =>
			guarded(root, signal, async () => {
				const handle = await lookup.find(root, []);
				if (!handle) return missing;
				if (!(await lookup.hasConsent(root))) return needsConsent;
				// The handle knows its name without looking; only asking for an entry shows that the folder is there.
				await handle.keys().next();
				return ok(handle.name);
			}),
		relation: (a, b, signal) =>
			guarded(a, signal, async () => {
				const [first, second] = [await lookup.find(a, []), await lookup.find(b, [])];
				if (!first || !second) return missing;
				if (await first.isSameEntry(second)) return ok('same');
				if ((await second.resolve(first)) !== null) return ok('a-inside-b');
				return ok((await first.resolve(second)) !== null ? 'b-inside-a' : 'apart');
			})
	};
}
