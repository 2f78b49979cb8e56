import { err, invariant, ok, type Result } from '#core/kernel';
import type { DiskPage, FilesFailure, FilesPort, RootRef } from '#core/ports';
import { FolderLookup } from './folder-lookup.ts';
import { folderPages } from './folder-page.ts';
import { exceptionName } from './stored-folder.ts';

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
