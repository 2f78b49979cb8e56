import { entryId, type EntryId } from '#core/kernel';
import type { Database } from '#core/schema';
import { dropUnused } from './drop-unused.ts';
import type { NameSink } from './store.ts';

/** Directories looked at in one step; deep trees go from the bottom up. */
const directoriesMax = 256;

/** Removes an entry that holds nothing. Run inside `write`. */
export function removeEntry(database: Database, names: NameSink, id: EntryId): void {
	const row = database.prepare('SELECT name, kind, content FROM entry WHERE id = ?').get([id]);
	if (row === undefined) return;
	if (row['kind'] === 0) {
		database.prepare('DELETE FROM closure WHERE descendant = ?').run([id]);
		database.prepare('DELETE FROM directory WHERE entry = ?').run([id]);
		database.prepare('DELETE FROM problem WHERE folder = ?').run([id]);
	}
	names.remove(id, String(row['name']));
	database.prepare('DELETE FROM entry WHERE id = ?').run([id]);
	dropUnused(database, row['content']);
}

/**
 * Removes up to `entriesMax` entries of the tree of `top`, deepest first, and says how many; the tree is gone
 * when that is fewer than `entriesMax`. Each call is a transaction of its caller, so that a tree of a million
 * entries never holds up what else goes on.
 */
export function removeSomeOfTree(database: Database, names: NameSink, top: EntryId, entriesMax: number): number {
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
			for (const child of children) removeEntry(database, names, entryId(child));
			removed += children.length;
			if (removed >= entriesMax) return removed;
			removeEntry(database, names, entryId(folder));
			removed++;
			if (removed >= entriesMax) return removed;
		}
	}
}

/** Location folders that no location holds: the rest of a removal that was cut off. */
export function readOrphans(database: Database): EntryId[] {
	return database
		.prepare('SELECT id FROM entry WHERE parent IS NULL AND id NOT IN (SELECT entry FROM location)')
		.column()
		.map(entryId);
}
