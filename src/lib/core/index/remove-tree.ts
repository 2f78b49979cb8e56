import { entryId, type EntryId, type LocationId } from '#core/kernel';
import type { Database } from '#core/schema';
import type { Keeping } from './kept-lost.ts';
import { readMissing } from './missing.ts';
import { readEntry } from './read-entries.ts';
import { removeEntry, type Tree } from './tree.ts';

/** Directories looked at in one step; deep trees go from the bottom up. */
const directoriesMax = 256;

/**
 * Removes up to `entriesMax` entries of the tree of `top`, deepest first, and says how many; the tree is gone
 * when that is fewer than `entriesMax`. Each call is a transaction of its caller, so that a tree of a million
 * entries never holds up what else goes on.
 */
export function removeSomeOfTree(tree: Tree, top: EntryId, entriesMax: number, keeping: Keeping | null = null): number {
	const { database } = tree;
	let removed = 0;
	for (;;) {
		const folders = database
			.prepare('SELECT descendant FROM closure WHERE ancestor = ? ORDER BY depth DESC LIMIT ?')
			.column([top, directoriesMax]);
		if (folders.length === 0) return removed;
		for (const folder of folders) {
			// Folders below come first, so what is left in this one are no directories.
			const children = database
				.prepare('SELECT id FROM entry WHERE parent = ? LIMIT ?')
				.column([folder, entriesMax - removed]);
			for (const child of children) removeEntry(tree, entryId(child), keeping);
			removed += children.length;
			if (removed >= entriesMax) return removed;
			removeEntry(tree, entryId(folder), keeping);
			removed++;
			if (removed >= entriesMax) return removed;
		}
	}
}

/** Removes up to `entriesMax` entries of what a run has missed, which is kept to be known again, or left out, and tells the folders that held it. */
export function removeSomeMissing(
	tree: Tree,
	location: LocationId,
	entriesMax: number,
	{ moving, ...keeping }: Keeping & { readonly moving: ReadonlySet<EntryId> }
): { readonly removed: number; readonly leftOut: number; readonly folders: readonly EntryId[] } {
	const folders = new Set<EntryId>();
	const counts = { removed: 0, leftOut: 0 };
	for (let left = entriesMax; left > 0;) {
		const missing = readMissing(tree.database, location, moving);
		const row = missing === null ? null : readEntry(tree.database, missing.id);
		if (missing === null || row === null) break;
		if (row.parent !== null) folders.add(row.parent);
		const kept = missing.isLeftOut ? null : keeping;
		const gone = row.kind === 'directory' ? removeSomeOfTree(tree, row.id, left, kept) : 1;
		if (row.kind !== 'directory') removeEntry(tree, row.id, kept);
		counts[missing.isLeftOut ? 'leftOut' : 'removed'] += gone;
		left -= gone;
	}
	return { ...counts, folders: [...folders] };
}

/** Location folders that no location holds: the rest of a removal that was cut off. */
export function readOrphans(database: Database): EntryId[] {
	return database
		.prepare(
			`SELECT id FROM entry WHERE parent IS NULL AND id NOT IN (SELECT entry FROM location)
			AND id NOT IN (SELECT entry FROM trash_bin)`
		)
		.column()
		.map(entryId);
}
