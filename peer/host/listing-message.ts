import type { DiskEntry, DiskPage, EntryKind, FilesFailure, SkippedName } from '#core/ports';

/** What the thread that lists folders is asked for. */
export type ListingOrder = {
	/** Directories to list, each under a number of its own. */
	readonly begin: readonly { readonly id: number; readonly root: string; readonly path: readonly string[] }[];
	/** Listings of which the next page is wanted. */
	readonly more: readonly number[];
	/** Listings that nobody wants any more. */
	readonly end: readonly number[];
	/** What was taken of the pages so far, since the last order, as `weightOf` counts. */
	readonly taken: number;
};

/** A page of a listing, or why there is none. `isLast` says that no other page follows. */
export type ListedPage = {
	readonly id: number;
	readonly isLast: boolean;
	readonly page: DiskPage;
	readonly failure: FilesFailure | null;
};

/**
 * Pages of several listings in few pieces, as each object that crosses to another thread costs as much as a file does.
 */
export type ListingAnswer = {
	/** Of each page: the listing's number, how many entries it has, and whether it is the last. */
	readonly pages: Float64Array<ArrayBuffer>;
	/** The names of all entries, parted by what no name holds. */
	readonly names: string;
	/** Of each entry: kind, bytes, time and inode, which are NaN where there is none. */
	readonly numbers: Float64Array<ArrayBuffer>;
	/** What few pages have, by the place of the page. */
	readonly odd: readonly {
		readonly at: number;
		readonly skipped: readonly SkippedName[];
		readonly failure: FilesFailure | null;
	}[];
};

const kinds = ['directory', 'file', 'symlink', 'other'] as const satisfies readonly EntryKind[];
const perPage = 3;
const perEntry = 4;
const separator = '/';

/** What a page counts among those that are on their way: an empty one is not for nothing. */
export function weightOf({ page }: ListedPage): number {
	return 1 + page.entries.length;
}

function putEntries(numbers: Float64Array, names: string[], first: number, entries: readonly DiskEntry[]): void {
	let at = first * perEntry;
	for (const { name, kind, sizeBytes, modifiedMs, inode } of entries) {
		names.push(name);
		numbers[at] = kinds.indexOf(kind);
		numbers[at + 1] = sizeBytes;
		numbers[at + 2] = modifiedMs ?? NaN;
		numbers[at + 3] = inode ?? NaN;
		at += perEntry;
	}
}

/** Packs pages so that `unpack` gives the same ones. */
export function pack(listed: readonly ListedPage[]): ListingAnswer {
	const pages = new Float64Array(listed.length * perPage);
	const numbers = new Float64Array(listed.reduce((sum, { page }) => sum + page.entries.length, 0) * perEntry);
	const names: string[] = [];
	const odd: { at: number; skipped: readonly SkippedName[]; failure: FilesFailure | null }[] = [];
	for (const [at, { id, isLast, page, failure }] of listed.entries()) {
		pages.set([id, page.entries.length, isLast ? 1 : 0], at * perPage);
		putEntries(numbers, names, names.length, page.entries);
		if (page.skipped.length > 0 || failure !== null) odd.push({ at, skipped: page.skipped, failure });
	}
	return { pages, names: names.join(separator), numbers, odd };
}

function numberOrNull(value: number | undefined): number | null {
	return value === undefined || Number.isNaN(value) ? null : value;
}

function takeEntry(numbers: Float64Array, name: string, at: number): DiskEntry {
	return {
		name,
		kind: kinds[numbers[at] ?? NaN] ?? 'other',
		sizeBytes: numbers[at + 1] ?? 0,
		modifiedMs: numberOrNull(numbers[at + 2]),
		inode: numberOrNull(numbers[at + 3])
	};
}

export function unpack({ pages, names: joined, numbers, odd }: ListingAnswer): ListedPage[] {
	const names = joined.split(separator);
	const oddAt = new Map(odd.map((one) => [one.at, one]));
	const listed: ListedPage[] = [];
	let entry = 0;
	for (let at = 0; at * perPage < pages.length; at++) {
		const [id = NaN, count = 0, isLast = 1] = pages.subarray(at * perPage, (at + 1) * perPage);
		const entries: DiskEntry[] = [];
		for (const end = entry + count; entry < end; entry++)
			entries.push(takeEntry(numbers, names[entry] ?? '', entry * perEntry));
		const { skipped = [], failure = null } = oddAt.get(at) ?? {};
		listed.push({ id, isLast: isLast === 1, page: { entries, skipped }, failure });
	}
	return listed;
}
