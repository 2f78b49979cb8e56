import type { Unread } from '#core/content';
import type { EntryId, LocationId } from '#core/kernel';
import type { ChangedFolders, EntryKind } from '#core/ports';

/**
 * How disk and index differ in one place. `missing`: the index has it, the disk has not. `unindexed`: the disk has it,
 * the index has not. `stale`: both have it, and the index says another size, time or kind. `different`: both say the
 * same of it, and its bytes are not those that the library knows.
 */
export type Difference = 'missing' | 'unindexed' | 'stale' | 'different';
export const differences = ['missing', 'unindexed', 'stale', 'different'] as const satisfies readonly Difference[];

/** Something that differs. A folder stands for all below it. */
export type DiskItem = {
	/** Names from the location's folder down to it. */
	readonly path: readonly string[];
	readonly kind: EntryKind;
};
/** All that were found, of which the first are named. */
export type DiskList<Item> = { readonly count: number; readonly items: readonly Item[] };

/** What there is to read again so that the index is as the disk. */
export type RepairScope = {
	/** Null stands for every folder of the location. */
	readonly folders: ChangedFolders;
	/** Files whose bytes are to be looked at anew. */
	readonly files: readonly EntryId[];
};

/** The index of one location, or a part of it, against the disk. */
export type DiskReport = { readonly [D in Difference]: DiskList<DiskItem> } & {
	readonly location: LocationId;
	/** Entries of the index that were looked for. */
	readonly compared: number;
	/** Files of which bytes were read. */
	readonly filesRead: number;
	/** What is there and could not be read: nothing is known of it. */
	readonly unread: DiskList<DiskItem & Unread>;
	readonly repair: RepairScope;
};

/** Where a comparison stands. */
export type VerifyProgress = {
	readonly location: LocationId;
	readonly compared: number;
	readonly filesRead: number;
};

/** Items that are named: who has read so many wants them repaired. */
const namedMax = 1_000;
/** Folders that are read again one by one; with more of them it is as quick to read all. */
const foldersMax = 5_000;
/** Files looked at anew in one repair; the report of the next names what is left. */
const filesMax = 50_000;

type Growing<Item> = { count: number; readonly items: Item[] };

/** A report that is being made. */
export class ReportMaker {
	compared = 0;
	filesRead = 0;
	readonly #lists: { readonly [D in Difference]: Growing<DiskItem> } = {
		missing: { count: 0, items: [] },
		unindexed: { count: 0, items: [] },
		stale: { count: 0, items: [] },
		different: { count: 0, items: [] }
	};
	readonly #unread: Growing<DiskItem & Unread> = { count: 0, items: [] };
	readonly #folders = new Map<string, readonly string[]>();
	readonly #files: EntryId[] = [];

	/** Notes what the listing of `folder` does not share with the index. */
	listing(
		difference: Exclude<Difference, 'different'>,
		folder: readonly string[],
		name: string,
		kind: EntryKind
	): void {
		add(this.#lists[difference], { path: [...folder, name], kind });
		if (this.#folders.size <= foldersMax) this.#folders.set(folder.join('/'), folder);
	}

	different(folder: readonly string[], name: string, file: EntryId): void {
		add(this.#lists.different, { path: [...folder, name], kind: 'file' });
		if (this.#files.length < filesMax) this.#files.push(file);
	}

	unread(path: readonly string[], kind: EntryKind, why: Unread): void {
		add(this.#unread, { path, kind, reason: why.reason, code: why.code });
	}

	make(location: LocationId): DiskReport {
		const folders = this.#folders.size > foldersMax ? null : [...this.#folders.values()];
		const { compared, filesRead } = this;
		const repair = { folders, files: this.#files };
		return { location, compared, filesRead, ...this.#lists, unread: this.#unread, repair };
	}
}

function add<Item>(list: Growing<Item>, item: Item): void {
	list.count++;
	if (list.items.length < namedMax) list.items.push(item);
}

export function countDifferences(report: DiskReport): number {
	return differences.reduce((sum, difference) => sum + report[difference].count, 0);
}
