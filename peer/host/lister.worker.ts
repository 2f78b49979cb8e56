// The thread that lists folders for `createLister`, so that listing and writing what was listed go on at once.
import { parentPort } from 'node:worker_threads';
import { pack, weightOf, type ListedPage, type ListingOrder } from './listing-message.ts';
import { folderFailure, readFolder, type FolderReading } from './read-folder.ts';
import { errorCode } from './system-error.ts';

/** Entries that are on their way or wait to be taken, at the most: some 1 MB. */
const aheadMax = 4_096;
/** Entries after which what was read is handed over: some 2 ms of work. */
const answerMin = 1_000;
/** Folders after which it is, however little is in them: a quarter of those asked for at once, so that both threads have work. */
const foldersMax = 40;

type Due = { readonly id: number; readonly begin: () => FolderReading };

const nothing = { entries: [], skipped: [] };
const open = new Map<number, FolderReading>();
let queue: Due[] = [];
let ahead = 0;

function readPage(due: Due): ListedPage {
	let reading: FolderReading | null = null;
	try {
		reading = due.begin();
		const page = reading.next() ?? nothing;
		const isLast = reading.isOver;
		if (isLast) close(due.id, reading);
		else open.set(due.id, reading);
		return { id: due.id, isLast, page, failure: null };
	} catch (error) {
		const failure = folderFailure(errorCode(error));
		close(due.id, reading);
		return { id: due.id, isLast: true, page: nothing, failure };
	}
}

function close(id: number, reading: FolderReading | null): void {
	reading?.close();
	open.delete(id);
}

function without(due: readonly Due[], ids: ReadonlySet<number>): Due[] {
	return due.filter(({ id }) => !ids.has(id));
}

function answer(listed: readonly ListedPage[]): void {
	if (listed.length === 0) return;
	const packed = pack(listed);
	parentPort?.postMessage(packed, [packed.numbers.buffer, packed.pages.buffer]);
}

function work(): void {
	let listed: ListedPage[] = [];
	let weight = 0;
	let at = 0;
	for (; at < queue.length && ahead < aheadMax; at++) {
		const due = queue[at];
		if (due === undefined) continue;
		const page = readPage(due);
		listed.push(page);
		weight += weightOf(page);
		ahead += weightOf(page);
		if (weight < answerMin && listed.length < foldersMax) continue;
		answer(listed);
		[listed, weight] = [[], 0];
	}
	queue = queue.slice(at);
	answer(listed);
}

parentPort?.on('message', ({ begin, more, end, taken }: ListingOrder) => {
	ahead -= taken;
	for (const id of end) close(id, open.get(id) ?? null);
	if (end.length > 0) queue = without(queue, new Set(end));
	for (const { id, root, path } of begin) queue.push({ id, begin: () => readFolder(root, path) });
	for (const id of more) {
		const reading = open.get(id);
		if (reading !== undefined) queue.push({ id, begin: () => reading });
	}
	work();
});
