import type { EntryId } from '#core/kernel';
import type { Database } from '#core/schema';
import { readChildSums, readEntry, readLargestChildren } from './read-entries.ts';
import type { EntryRow } from './schema.ts';

/** An entry and what takes the room in it. */
export type SizeMapNode = {
	readonly row: EntryRow;
	/** The largest first; empty for a directory that was not opened, as it is too small to be seen. */
	readonly children: readonly SizeMapNode[];
	/** What lies in it besides `children`: how many entries, and their bytes together. */
	readonly rest: { readonly entries: number; readonly sizeBytes: number };
};

type Growing = {
	readonly row: EntryRow;
	children: readonly Growing[];
	rest: { entries: number; sizeBytes: number };
};

/** What is smaller than this share of the whole is no tile of its own. */
const leastShare = 1 / 2_000;
/** A directory of many equal files would be all tiles by itself. */
const childrenMax = 60;

/**
 * What takes the room below `folder`, the largest directories opened first until there are about `tilesMax` tiles; null
 * where there is no such entry. Run inside `read`.
 */
export function readSizeMap(database: Database, folder: EntryId, tilesMax: number): SizeMapNode | null {
	const row = readEntry(database, folder);
	if (row === null) return null;
	const leastBytes = Math.max(1, Math.ceil(row.sizeBytes * leastShare));
	const root: Growing = { row, children: [], rest: { entries: 0, sizeBytes: 0 } };
	// Closed directories, the largest last; few enough that keeping the order costs nothing.
	const closed = [root];
	let tiles = 0;
	for (let next = closed.pop(); next !== undefined && tiles < tilesMax; next = closed.pop()) {
		open(database, next, leastBytes);
		tiles += next.children.length;
		closed.push(...next.children.filter((child) => child.row.kind === 'directory'));
		closed.sort((a, b) => a.row.sizeBytes - b.row.sizeBytes);
	}
	return root;
}

function open(database: Database, node: Growing, leastBytes: number): void {
	const found = readLargestChildren(database, node.row.id, leastBytes, childrenMax);
	const all = readChildSums(database, node.row.id);
	node.children = found.map((row) => ({ row, children: [], rest: { entries: 0, sizeBytes: 0 } }));
	node.rest = {
		entries: all.entries - found.length,
		sizeBytes: all.sizeBytes - found.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
	};
}
