import { nameExtension, nameSortKey, ok, type Result } from '#core/kernel';
import type { DiskEntry, FilesFailure, FilesPort, RootRef, SkippedName } from '#core/ports';
import { typeByName } from '#core/content';
import type { EntryOrder, EntryRow, SortColumn } from './schema.ts';

/** What lies in a folder that the library does not keep: an entry without a number, as nothing will know it again. */
export type DiskRow = Omit<EntryRow, 'id' | 'parent' | 'sizeBytes'> & {
	/** Null for a folder: nobody has added up what lies below it. */
	readonly sizeBytes: number | null;
};

export type DiskListing = { readonly rows: readonly DiskRow[]; readonly skipped: readonly SkippedName[] };

function toRow({ name, kind, sizeBytes, modifiedMs }: DiskEntry): DiskRow {
	const isFile = kind === 'file';
	return {
		name,
		kind,
		sizeBytes: kind === 'directory' ? null : sizeBytes,
		modifiedMs,
		type: isFile ? typeByName(name) : null
	};
}

type Keyed = { readonly row: DiskRow; readonly sortKey: string };
type Comparison = (a: Keyed, b: Keyed) => number;

function compareText(a: string, b: string): number {
	return a < b ? -1 : a > b ? 1 : 0;
}

const byName: Comparison = (a, b) => compareText(a.sortKey, b.sortKey) || compareText(a.row.name, b.row.name);
const columns: Readonly<Record<SortColumn, Comparison>> = {
	name: byName,
	size: (a, b) => (a.row.sizeBytes ?? 0) - (b.row.sizeBytes ?? 0),
	modified: (a, b) => (a.row.modifiedMs ?? -1) - (b.row.modifiedMs ?? -1),
	kind: (a, b) => compareText(nameExtension(a.row.name), nameExtension(b.row.name))
};

/** As a folder of the index is ordered: directories first in every order, equal values by name. */
function compareBy({ by, descending }: EntryOrder): Comparison {
	const sign = descending ? -1 : 1;
	const isDirectory = ({ row }: Keyed) => (row.kind === 'directory' ? 0 : 1);
	return (a, b) => isDirectory(a) - isDirectory(b) || sign * columns[by](a, b) || byName(a, b);
}

/** One folder of the disk as it is now, in memory alone: nothing of it is written, and it need not be of the library. */
export async function listDisk(
	files: FilesPort,
	{ root, path, order }: { readonly root: RootRef; readonly path: readonly string[]; readonly order: EntryOrder },
	signal: AbortSignal
): Promise<Result<DiskListing, FilesFailure>> {
	const rows: DiskRow[] = [];
	const skipped: SkippedName[] = [];
	for await (const page of files.list(root, path, signal)) {
		if (!page.ok) return page;
		signal.throwIfAborted();
		for (const entry of page.value.entries) rows.push(toRow(entry));
		skipped.push(...page.value.skipped);
	}
	const keyed = rows.map((row) => ({ row, sortKey: nameSortKey(row.name) }));
	return ok({ rows: keyed.toSorted(compareBy(order)).map(({ row }) => row), skipped });
}
