import { ok, type Result } from '#core/kernel';
import type { FilesFailure, FilesPort, RootRef, SkippedName } from '#core/ports';
import { toSkipped } from './index-folder.ts';
import type { Usage } from './schema.ts';

/** What could not be read is listed so far, and counted in any case. */
const skippedMax = 100;

/** A name that could not be read, by the names that lead to it. */
export type SkippedPath = Omit<SkippedName, 'name'> & { readonly path: readonly string[] };

export type DiskUsage = Usage & {
	/** The first of what could not be read, and how many there are in all. */
	readonly skipped: readonly SkippedPath[];
	readonly unread: number;
};

/**
 * What lies below a folder of the disk that need not be of the library, counted as in the index but by no rules.
 * Nothing of it is kept: what it holds in memory is the names of the folders that are still to be read.
 */
export async function measureDisk(
	files: FilesPort,
	{ root }: { readonly root: RootRef },
	signal: AbortSignal
): Promise<Result<DiskUsage, FilesFailure>> {
	const sum = { files: 0, folders: 0, sizeBytes: 0 };
	const skipped: SkippedPath[] = [];
	let unread = 0;
	const skip = (folder: readonly string[], { name, ...why }: SkippedName) => {
		unread++;
		if (skipped.length < skippedMax) skipped.push({ path: name === '' ? folder : [...folder, name], ...why });
	};
	const pending: (readonly string[])[] = [[]];
	for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
		for await (const page of files.list(root, folder, signal)) {
			signal.throwIfAborted();
			if (!page.ok) {
				const why = toSkipped(page.failure);
				if (folder.length === 0 || why === null) return page;
				skip(folder, why);
				break;
			}
			for (const { name, kind, sizeBytes } of page.value.entries) {
				if (kind === 'directory') pending.push([...folder, name]);
				sum[kind === 'directory' ? 'folders' : 'files']++;
				sum.sizeBytes += kind === 'directory' ? 0 : sizeBytes;
			}
			for (const name of page.value.skipped) skip(folder, name);
		}
	}
	return ok({ ...sum, skipped, unread });
}
