import { noteTaken } from '#core/metadata';
import { entryId, type EntryId, type LocationId } from '#core/kernel';
import { entryKindName, type Database } from '#core/schema';
import { insertDirectories } from './trash.ts';
import { insertNumbered, type NumberedEntry, type Tree } from './tree.ts';

/** Trees of a disk that has changed devices: one device's rows become another's, and those of before are put away. */

/** Folders of which the children are asked for together. */
type Pair = readonly [from: EntryId, to: EntryId];

type Child = Omit<NumberedEntry, 'id'> & { readonly from: EntryId };

/** What lies in a folder; what is for a while in no place of its own is left out, as no disk has it. */
function readChildren(database: Database, folder: EntryId): Child[] {
	return database
		.prepare(
			`SELECT id, kind, name, sortKey, sizeBytes, modifiedMs, content, proven FROM entry
			WHERE parent = ? AND unicode(name) IS NOT 0 ORDER BY kind <> 0, sortKey, name`
		)
		.all([folder])
		.map((row) => ({
			from: entryId(row['id']),
			entry: {
				name: String(row['name']),
				kind: entryKindName(Number(row['kind'])),
				sizeBytes: Number(row['sizeBytes']),
				modifiedMs: typeof row['modifiedMs'] === 'number' ? row['modifiedMs'] : null,
				inode: null
			},
			sortKey: String(row['sortKey']),
			content: typeof row['content'] === 'number' ? row['content'] : null,
			// What another device has proved, this one has not. That a file is damaged it need not find out again.
			proven: row['proven'] === 2 ? 2 : 0
		}));
}

/**
 * Takes over what another device had in `from`, into the folder `to` of a location here: under numbers of this device, with
 * what is known of the bytes and all that is said of them. Run inside `write`.
 */
export function copyTree(tree: Tree, from: EntryId, to: EntryId, location: LocationId): void {
	const { database, numbers } = tree;
	noteTaken(database, [[from, to]]);
	const due: Pair[] = [[from, to]];
	for (const [source, target] of due) {
		const children = readChildren(database, source);
		const first = numbers.take(children.length);
		const rows = children.map((child, at) => ({ ...child, id: entryId(first + at) }));
		insertNumbered(tree, target, location, rows);
		noteTaken(
			database,
			rows.map((row) => [row.from, row.id])
		);
		for (const row of rows) if (row.entry.kind === 'directory') due.push([row.from, row.id]);
	}
}

/**
 * Notes of each entry in `from` as which one another device has it in `to` that has the disk now, by its name in the same
 * folder, and has what is said of it be said of that. Run inside `write`.
 */
export function noteTakenTree(database: Database, from: EntryId, to: EntryId): void {
	const same = database.prepare(
		`SELECT mine.id, theirs.id AS now, mine.kind FROM entry AS mine
			JOIN entry AS theirs ON theirs.parent = ? AND (theirs.kind <> 0) = (mine.kind <> 0)
				AND theirs.sortKey = mine.sortKey AND theirs.name = mine.name
		WHERE mine.parent = ? AND theirs.kind = mine.kind`
	);
	noteTaken(database, [[from, to]]);
	const due: Pair[] = [[from, to]];
	for (const [source, target] of due) {
		const rows = same.all([target, source]);
		noteTaken(
			database,
			rows.map((row) => [Number(row['id']), Number(row['now'])])
		);
		for (const row of rows) if (row['kind'] === 0) due.push([entryId(row['id']), entryId(row['now'])]);
	}
}

/** Puts a tree of another device's away: it is of no location, found by nothing and part of no sum. Run inside `write`. */
export function stowTree(database: Database, location: LocationId, top: EntryId): void {
	database
		.prepare('DELETE FROM directory WHERE entry IN (SELECT descendant FROM closure WHERE ancestor = ?)')
		.run([top]);
	database.prepare(`INSERT INTO trash_bin (entry, location, name) VALUES (?, ?, '')`).run([top, location]);
}

/** Has a tree that was put away be in its location again. Run inside `write`. */
export function unstowTree(database: Database, location: LocationId, top: EntryId): void {
	database.prepare('DELETE FROM trash_bin WHERE entry = ?').run([top]);
	insertDirectories(database, top, location);
}

/** Whether any of these entries, or what is to hold one, lies in a tree that was put away. */
export function isAnyStowed(database: Database, ids: readonly number[]): boolean {
	const found = database
		.prepare(
			`SELECT 1 FROM json_each(?) AS wanted CROSS JOIN entry ON entry.id = wanted.value
				JOIN closure ON closure.descendant = coalesce(entry.parent, entry.id)
				JOIN trash_bin ON trash_bin.entry = closure.ancestor LIMIT 1`
		)
		.get([JSON.stringify(ids)]);
	return found !== undefined;
}
