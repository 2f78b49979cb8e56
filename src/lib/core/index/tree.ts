import { entryId, invariant, nameSortKey, type EntryId, type LocationId } from '#core/kernel';
import { carrySayings, noteGoneEntry, returnSayings, targetOf } from '#core/metadata';
import type { DiskEntry, EntryKind, SqlValue } from '#core/ports';
import { deleteFolderRules } from '#core/rules';
import { createOwnNumbers, entryKindCode, type Database, type OwnNumbers } from '#core/schema';
import { dropUnused } from './drop-unused.ts';
import { keepLost, type Keeping } from './kept-lost.ts';
import { readEntry } from './read-entries.ts';
import type { Usage } from './schema.ts';
import { createTally, type Tally } from './tally.ts';

/** Told of every name that comes and goes, inside the transaction that makes it so. */
export type NameSink = {
	add(id: EntryId, name: string): void;
	remove(id: EntryId, name: string): void;
};

/** The tree of entries inside one transaction: rows, closure, names and sums change together. */
export type Tree = {
	readonly database: Database;
	readonly names: NameSink;
	readonly tally: Tally;
	readonly numbers: OwnNumbers;
};

/** Changes the tree. Run inside `write`. */
export function changeTree<T>(database: Database, names: NameSink, work: (tree: Tree) => T): T {
	const [tally, numbers] = [createTally(database), createOwnNumbers(database, 'entry')];
	const result = work({ database, names, tally, numbers });
	numbers.write();
	tally.write();
	return result;
}

/** Rows of one statement: each statement costs as much as two rows. */
const insertedMax = 16;
const insertSqls = Array.from(
	{ length: insertedMax },
	(_, more) =>
		`INSERT INTO entry (id, parent, kind, name, sortKey, sizeBytes, modifiedMs, inode, content, proven)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)${', (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'.repeat(more)}`
);

/** Adds one entry; a directory gets its closure rows and, in a location, waits to be listed. */
export function insertEntry(
	tree: Tree,
	parent: EntryId | null,
	location: LocationId | null,
	entry: DiskEntry
): EntryId {
	const [id] = insertEntries(tree, parent, location, [entry]);
	invariant(id !== undefined, 'an entry that is added has a number');
	return id;
}

/** An entry with its number, and what is known of its bytes. */
export type NumberedEntry = {
	readonly id: EntryId;
	readonly entry: DiskEntry;
	readonly sortKey: string;
	readonly content: number | null;
	readonly proven: number;
};

type Keyed = Pick<NumberedEntry, 'entry' | 'sortKey'>;

/** The order of the index on listings, so that what comes together lies together and its pages are written once. */
function compareListed(a: Keyed, b: Keyed): number {
	const isFile = ({ entry }: Keyed) => (entry.kind === 'directory' ? 0 : 1);
	return isFile(a) - isFile(b) || compareText(a.sortKey, b.sortKey) || compareText(a.entry.name, b.entry.name);
}

function compareText(a: string, b: string): number {
	return a < b ? -1 : a > b ? 1 : 0;
}

function insertRows(database: Database, parent: EntryId | null, rows: readonly NumberedEntry[]): void {
	for (let at = 0; at < rows.length; at += insertedMax) {
		const some = rows.slice(at, at + insertedMax);
		const sql = insertSqls[some.length - 1];
		invariant(sql !== undefined, 'a statement takes at most so many rows');
		const values: SqlValue[] = [];
		for (const { id, entry, sortKey, content, proven } of some) {
			const { kind, name, modifiedMs, inode } = entry;
			const sizeBytes = kind === 'directory' ? 0 : entry.sizeBytes;
			values.push(
				id,
				parent,
				entryKindCode(kind),
				name,
				sortKey,
				sizeBytes,
				wholeMs(modifiedMs),
				inode,
				content,
				proven
			);
		}
		database.prepare(sql).run(values);
	}
}

/** As `insertEntry`, for what a page of one folder brings; the numbers come in the order of its listing. */
export function insertEntries(
	tree: Tree,
	parent: EntryId | null,
	location: LocationId | null,
	entries: readonly DiskEntry[]
): EntryId[] {
	const first = tree.numbers.take(entries.length);
	const rows = entries
		.map((entry) => ({ entry, sortKey: nameSortKey(entry.name) }))
		.toSorted(compareListed)
		.map((keyed, at) => ({ ...keyed, id: entryId(first + at), content: null, proven: 0 }));
	insertNumbered(tree, parent, location, rows);
	const arrived = rows.map(({ id, entry: { name, kind } }) => ({ id, name, kind }));
	if (parent !== null && location !== null) returnSayings(tree.database, location, parent, arrived);
	return rows.map(({ id }) => id);
}

/** Adds entries of one folder under the numbers that they have. */
export function insertNumbered(
	{ database, names, tally }: Tree,
	parent: EntryId | null,
	location: LocationId | null,
	rows: readonly NumberedEntry[]
): void {
	insertRows(database, parent, rows);
	const directories: EntryId[] = [];
	const sum = { files: 0, folders: 0, sizeBytes: 0 };
	for (const { id, entry } of rows) {
		names.add(id, entry.name);
		if (entry.kind === 'directory') {
			directories.push(id);
			sum.folders++;
		} else {
			sum.files++;
			sum.sizeBytes += entry.sizeBytes;
		}
	}
	insertClosure(database, parent, directories);
	if (location !== null) insertDirectories(database, directories, location);
	if (parent !== null) tally.add(parent, sum, 1);
}

/** What an entry with nothing below it adds to the folder that holds it. */
function bareUsage(kind: EntryKind, sizeBytes: number): Usage {
	return kind === 'directory' ? { files: 0, folders: 1, sizeBytes: 0 } : { files: 1, folders: 0, sizeBytes };
}

/** From lists, as `INSERT … SELECT` from the table itself makes SQLite copy the rows aside first: ten times slower. */
function insertClosure(database: Database, parent: EntryId | null, directories: readonly EntryId[]): void {
	if (directories.length === 0) return;
	const below = JSON.stringify(directories);
	database
		.prepare('INSERT INTO closure (ancestor, descendant, depth) SELECT value, value, 0 FROM json_each(?)')
		.run([below]);
	if (parent === null) return;
	// Nearest first, from the parent itself at depth 0 up to the location's folder.
	const above = database.prepare('SELECT ancestor FROM closure WHERE descendant = ? ORDER BY depth').column([parent]);
	database
		.prepare(
			`INSERT INTO closure (ancestor, descendant, depth)
			SELECT above.value, below.value, above.key + 1 FROM json_each(?) AS above CROSS JOIN json_each(?) AS below`
		)
		.run([JSON.stringify(above), below]);
}

function insertDirectories(database: Database, ids: readonly EntryId[], location: LocationId): void {
	if (ids.length === 0) return;
	database
		.prepare('INSERT INTO directory (entry, location, run) SELECT value, ?, 0 FROM json_each(?)')
		.run([location, JSON.stringify(ids)]);
}

export function insertDirectory(database: Database, id: EntryId, location: LocationId): void {
	insertDirectories(database, [id], location);
}

/** Gives an entry another name, where people look for it as well. */
export function renameEntry({ database, names }: Tree, id: EntryId, name: string): void {
	const row = readEntry(database, id);
	if (row === null || row.name === name) return;
	names.remove(id, row.name);
	database.prepare('UPDATE entry SET name = ?, sortKey = ? WHERE id = ?').run([name, nameSortKey(name), id]);
	names.add(id, name);
}

/** Takes over what the disk says of `id` now; what was known of its bytes holds no more, and is forgotten at once. */
export function updateEntry({ database, tally }: Tree, id: EntryId, entry: DiskEntry): void {
	const row = readEntry(database, id);
	if (row === null) return;
	// A directory's size is the sum of what lies below it.
	const sizeBytes = row.kind === 'directory' ? row.sizeBytes : entry.sizeBytes;
	if (isMetAgain(database, id, { ...entry, sizeBytes })) return;
	const content = readContent(database, id);
	database
		.prepare('UPDATE entry SET sizeBytes = ?, modifiedMs = ?, inode = ?, content = NULL, proven = 0 WHERE id = ?')
		.run([sizeBytes, wholeMs(entry.modifiedMs), entry.inode, id]);
	// Whatever was said of the file is said of it still.
	carrySayings(database, targetOf(id, content, row.sizeBytes), id);
	dropUnused(database, content);
	// Also where the size is the same: the folders above are not as they were.
	if (row.parent !== null) tally.add(row.parent, { files: 0, folders: 0, sizeBytes: sizeBytes - row.sizeBytes }, 1);
}

/** Whether it is as another device had it, which tells no inodes: then it has one from now on, and is the same file. */
function isMetAgain(database: Database, id: EntryId, { sizeBytes, modifiedMs, inode }: DiskEntry): boolean {
	const { changes } = database
		.prepare('UPDATE entry SET inode = ? WHERE id = ? AND inode IS NULL AND sizeBytes = ? AND modifiedMs IS ?')
		.run([inode, id, sizeBytes, wholeMs(modifiedMs)]);
	return inode !== null && changes > 0;
}

/** Removes an entry that holds nothing; `keeping` what could be known again of it, where that is wanted. */
export function removeEntry({ database, names, tally }: Tree, id: EntryId, keeping: Keeping | null = null): void {
	const row = readEntry(database, id);
	if (row === null) return;
	if (keeping !== null) keepLost(database, id, keeping);
	if (row.parent !== null) tally.add(row.parent, bareUsage(row.kind, row.sizeBytes), -1);
	noteGoneEntry(database, row);
	if (row.kind === 'directory') {
		database.prepare('DELETE FROM closure WHERE descendant = ?').run([id]);
		database.prepare('DELETE FROM directory WHERE entry = ?').run([id]);
		database.prepare('DELETE FROM problem WHERE folder = ?').run([id]);
		deleteFolderRules(database, id);
	}
	database.prepare('DELETE FROM missing WHERE entry = ?').run([id]);
	names.remove(id, row.name);
	const content = readContent(database, id);
	database.prepare('DELETE FROM entry WHERE id = ?').run([id]);
	dropUnused(database, content);
}

function readContent(database: Database, id: EntryId): SqlValue {
	return database.prepare('SELECT content FROM entry WHERE id = ?').column([id])[0] ?? null;
}

export function wholeMs(timeMs: number | null): number | null {
	return timeMs === null ? null : Math.trunc(timeMs);
}
