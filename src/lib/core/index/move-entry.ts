import { nameSortKey, type EntryId, type LocationId } from '#core/kernel';
import type { DiskEntry } from '#core/ports';
import type { Database } from '#core/schema';
import { readEntry, readUsage } from './read-entries.ts';
import { wholeMs, type Tree } from './tree.ts';

/** Where something goes. Directories that move are read anew by `run`, the run of their new location. */
export type MoveTarget = { readonly folder: EntryId; readonly location: LocationId; readonly run: number };

/**
 * Moves an entry with all that lies below it, under the name that `entry` has on the disk; numbers, and what hangs on
 * them, stay. False, and nothing done, where the entry is no more or `folder` lies below it.
 */
export function moveEntry(tree: Tree, id: EntryId, target: MoveTarget, entry: DiskEntry): boolean {
	const { database, names, tally } = tree;
	const row = readEntry(database, id);
	if (row === null || row.parent === null || isBelow(database, target.folder, id)) return false;
	// The sums so far belong to the tree as it was.
	tally.write();
	const isDirectory = row.kind === 'directory';
	const { files, folders, sizeBytes } = readUsage(database, id);
	const usage = { files, folders: isDirectory ? folders + 1 : 0, sizeBytes };
	tally.add(row.parent, usage, -1);
	tally.write();
	if (row.name !== entry.name) {
		names.remove(id, row.name);
		names.add(id, entry.name);
	}
	database
		.prepare('UPDATE entry SET parent = ?, name = ?, sortKey = ?, modifiedMs = ?, inode = ? WHERE id = ?')
		.run([target.folder, entry.name, nameSortKey(entry.name), wholeMs(entry.modifiedMs), entry.inode, id]);
	database.prepare('DELETE FROM missing WHERE entry = ?').run([id]);
	if (isDirectory) moveDirectory(database, id, target);
	tally.add(target.folder, usage, 1);
	return true;
}

function isBelow(database: Database, folder: EntryId, ancestor: EntryId): boolean {
	const found = database.prepare('SELECT 1 FROM closure WHERE ancestor = ? AND descendant = ?').get([ancestor, folder]);
	return found !== undefined;
}

function moveDirectory(database: Database, id: EntryId, { folder, location, run }: MoveTarget): void {
	const below = database
		.prepare('SELECT descendant, depth FROM closure WHERE ancestor = ?')
		.all([id])
		.map((row) => ({ id: Number(row['descendant']), depth: Number(row['depth']) }));
	const before = database
		.prepare('SELECT ancestor FROM closure WHERE descendant = ? AND ancestor <> ?')
		.column([id, id]);
	const after = database
		.prepare('SELECT ancestor, depth FROM closure WHERE descendant = ?')
		.all([folder])
		.map((row) => ({ id: Number(row['ancestor']), depth: Number(row['depth']) + 1 }));
	const remove = database.prepare('DELETE FROM closure WHERE ancestor = ? AND descendant = ?');
	const insert = database.prepare('INSERT INTO closure (ancestor, descendant, depth) VALUES (?, ?, ?)');
	const relist = database.prepare('UPDATE directory SET location = ?, run = ? WHERE entry = ?');
	for (const directory of below) {
		for (const ancestor of before) remove.run([ancestor, directory.id]);
		for (const ancestor of after) insert.run([ancestor.id, directory.id, ancestor.depth + directory.depth]);
		relist.run([location, run - 1, directory.id]);
	}
	// What a run has missed in there, or has taken the name from, is in no place where it could be read.
	database
		.prepare(
			`UPDATE directory SET run = ? WHERE entry IN (
				SELECT below.descendant FROM closure AS inside JOIN missing ON missing.entry = inside.descendant
				JOIN closure AS below ON below.ancestor = missing.entry WHERE inside.ancestor = ?)`
		)
		.run([run, id]);
}
