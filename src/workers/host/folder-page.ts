import type { DiskEntry, DiskPage, SkippedName } from '#core/ports';
import { carriedName } from './carried-name.ts';
import { exceptionName } from './stored-folder.ts';

/**
 * Files that are asked for their size at the same time: the browser answers each by a message of its own. One by one
 * takes up to three times as long; past 16 nothing is gained, and past hundreds much is lost.
 */
const widthMax = 32;
/** As the port says. */
const pageMax = 1_000;
/** The first page is short, so that a person sees a folder of any size at once. */
const firstPageMax = 100;

export type AnyHandle = FileSystemFileHandle | FileSystemDirectoryHandle;

type MutablePage = { entries: DiskEntry[]; skipped: SkippedName[] };

function skipped(name: string, code: string): SkippedName {
	const denied = code === 'NotAllowedError' || code === 'SecurityError';
	return { name, reason: denied ? 'denied' : code === 'NotFoundError' ? 'vanished' : 'unreadable', code };
}

/** What a handle stands for. Throws the platform's exceptions. */
export async function entryOf(handle: AnyHandle): Promise<DiskEntry> {
	const name = carriedName(handle.name);
	if (handle.kind === 'directory') return { name, kind: 'directory', sizeBytes: 0, modifiedMs: null, inode: null };
	const { size, lastModified } = await handle.getFile();
	return { name, kind: 'file', sizeBytes: size, modifiedMs: lastModified, inode: null };
}

async function look(handle: AnyHandle, page: MutablePage): Promise<void> {
	if (handle.name === '') {
		// Chromium's answer to a name that is not UTF-8: it can be neither shown nor opened.
		page.skipped.push({ name: '\ufffd', reason: 'unreadable', code: 'NameNotUtf8' });
		return;
	}
	try {
		page.entries.push(await entryOf(handle));
	} catch (error) {
		page.skipped.push(skipped(carriedName(handle.name), exceptionName(error)));
	}
}

/** Pages of a directory's handles, with the size of each file. Throws the platform's exceptions of the directory. */
export async function* folderPages(
	handles: AsyncIterable<AnyHandle>,
	signal: AbortSignal
): AsyncGenerator<DiskPage, void, void> {
	let page: MutablePage = { entries: [], skipped: [] };
	let size = firstPageMax;
	let named = 0;
	const looking = new Set<Promise<void>>();
	for await (const handle of handles) {
		signal.throwIfAborted();
		if (looking.size >= widthMax) await Promise.race(looking);
		const looked = look(handle, page).finally(() => looking.delete(looked));
		looking.add(looked);
		if (++named < size) continue;
		await Promise.all(looking);
		yield page;
		signal.throwIfAborted();
		page = { entries: [], skipped: [] };
		[size, named] = [pageMax, 0];
	}
	await Promise.all(looking);
	if (named > 0) yield page;
}
