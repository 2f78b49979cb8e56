import { entryId, nameSortKey, type EntryId, type LocationId } from '#core/kernel';
import type { DiskEntry, SkippedName, SqlValue } from '#core/ports';
import { build, entryKindCode, entryKindName, type Database } from '#core/schema';
import type { KnownChild } from './compare-folder.ts';
import { dropUnused } from './drop-unused.ts';
import type { IndexProblem } from './schema.ts';

/** Told of every name that comes and goes, inside the transaction that makes it so. */
export type NameSink = {
	add(id: EntryId, name: string): void;
	remove(id: EntryId, name: string): void;
};

const insertEntrySql = `INSERT INTO entry (parent, kind, name, sortKey, sizeBytes, modifiedMs, inode)
	VALUES (?, ?, ?, ?, ?, ?, ?)`;

/** Adds one entry; a directory gets its closure rows and waits to be listed. Run inside `write`. */
export function insertEntry(
	database: Database,
	names: NameSink,
	parent: EntryId | null,
	location: LocationId | null,
	entry: DiskEntry
): EntryId {
	const values = [
		parent,
		entryKindCode(entry.kind),
		entry.name,
		nameSortKey(entry.name),
		entry.sizeBytes,
		entry.modifiedMs === null ? null : Math.trunc(entry.modifiedMs),
		entry.inode
	];
	const id = entryId(database.prepare(insertEntrySql).run(values).lastId);
	names.add(id, entry.name);
	if (entry.kind === 'directory') {
		insertClosure(database, parent, id);
		if (location !== null) insertDirectory(database, id, location);
	}
	return id;
}

/** Row by row, as `INSERT … SELECT` from the table itself makes SQLite copy the rows aside first: ten times slower. */
function insertClosure(database: Database, parent: EntryId | null, id: EntryId): void {
	const insert = database.prepare('INSERT INTO closure (ancestor, descendant, depth) VALUES (?, ?, ?)');
	insert.run([id, id, 0]);
	if (parent === null) return;
	// Nearest first, from the parent itself at depth 0 up to the location's folder.
	const ancestors = database
		.prepare('SELECT ancestor FROM closure WHERE descendant = ? ORDER BY depth')
		.column([parent]);
	for (const [depth, ancestor] of ancestors.entries()) insert.run([ancestor, id, depth + 1]);
}

export function insertDirectory(database: Database, id: EntryId, location: LocationId): void {
	database.prepare('INSERT INTO directory (entry, location, run) VALUES (?, ?, 0)').run([id, location]);
}

/** Gives an entry another name, where people look for it as well. */
export function renameEntry(database: Database, names: NameSink, id: EntryId, name: string): void {
	const row = database.prepare('SELECT name FROM entry WHERE id = ?').get([id]);
	if (row === undefined || row['name'] === name) return;
	names.remove(id, String(row['name']));
	database.prepare('UPDATE entry SET name = ?, sortKey = ? WHERE id = ?').run([name, nameSortKey(name), id]);
	names.add(id, name);
}

/** Takes over what the disk says now; what was known of the bytes holds no more, and is forgotten at once. */
export function updateEntry(database: Database, id: number, entry: DiskEntry): void {
	const modifiedMs = entry.modifiedMs === null ? null : Math.trunc(entry.modifiedMs);
	const content = database.prepare('SELECT content FROM entry WHERE id = ?').get([id])?.['content'];
	database
		.prepare('UPDATE entry SET sizeBytes = ?, modifiedMs = ?, inode = ?, content = NULL, proven = 0 WHERE id = ?')
		.run([entry.sizeBytes, modifiedMs, entry.inode, id]);
	dropUnused(database, content);
}

/** The children of a directory by name. */
export function readChildren(database: Database, folder: EntryId): Map<string, KnownChild> {
	const rows = database
		.prepare('SELECT id, name, kind, sizeBytes, modifiedMs, inode FROM entry WHERE parent = ?')
		.all([folder]);
	const numberOrNull = (value: SqlValue | undefined) => (typeof value === 'number' ? value : null);
	return new Map(
		rows.map((row) => [
			String(row['name']),
			{
				id: Number(row['id']),
				kind: entryKindName(Number(row['kind'])),
				sizeBytes: Number(row['sizeBytes']),
				modifiedMs: numberOrNull(row['modifiedMs']),
				inode: numberOrNull(row['inode'])
			}
		])
	);
}

export function hasEntry(database: Database, id: EntryId): boolean {
	return database.prepare('SELECT 1 FROM entry WHERE id = ?').get([id]) !== undefined;
}

/** Whether `id` is still a directory of the index. */
export function hasDirectory(database: Database, id: EntryId): boolean {
	return database.prepare('SELECT 1 FROM directory WHERE entry = ?').get([id]) !== undefined;
}

export function hasChildren(database: Database, folder: EntryId): boolean {
	return database.prepare('SELECT 1 FROM entry WHERE parent = ? LIMIT 1').get([folder]) !== undefined;
}

/** Directories that `run` has not listed yet, at most `limit`; the location's folder comes first. */
export function readPending(
	database: Database,
	location: LocationId,
	run: number,
	limit: number
): { readonly id: EntryId; readonly isNew: boolean }[] {
	return database
		.prepare('SELECT entry, run FROM directory WHERE location = ? AND run < ? ORDER BY run, entry LIMIT ?')
		.all([location, run, limit])
		.map((row) => ({ id: entryId(row['entry']), isNew: row['run'] === 0 }));
}

export function countPending(database: Database, location: LocationId, run: number): number {
	const row = database
		.prepare('SELECT count(*) AS pending FROM directory WHERE location = ? AND run < ?')
		.get([location, run]);
	return Number(row?.['pending'] ?? 0);
}

/** Names from the location's folder (left out) down to the directory itself. */
export function readPath(database: Database, folder: EntryId): string[] {
	return database
		.prepare(
			`SELECT entry.name FROM closure JOIN entry ON entry.id = closure.ancestor
			WHERE closure.descendant = ? AND entry.parent IS NOT NULL ORDER BY closure.depth DESC`
		)
		.column([folder])
		.map(String);
}

/** Marks a directory as listed to the end by `run`, with what could not be read in it. */
export function markListed(
	database: Database,
	folder: EntryId,
	run: number,
	skipped: readonly Pick<SkippedName, 'name' | 'reason' | 'code'>[]
): void {
	database.prepare('UPDATE directory SET run = ? WHERE entry = ?').run([run, folder]);
	database.prepare('DELETE FROM problem WHERE folder = ?').run([folder]);
	const insert = database.prepare('INSERT OR REPLACE INTO problem (folder, name, reason, code) VALUES (?, ?, ?, ?)');
	for (const { name, reason, code } of skipped) insert.run([folder, name, reason, code]);
}

export function readProblems(database: Database, location: LocationId): IndexProblem[] {
	const rows = database.all(
		build
			.selectFrom('problem')
			.innerJoin('directory', 'directory.entry', 'problem.folder')
			.select(['problem.folder', 'problem.name', 'problem.reason', 'problem.code'])
			.where('directory.location', '=', location)
			.orderBy('problem.folder')
			.orderBy('problem.name')
	);
	return rows.map(({ folder, name, reason, code }) => ({
		folder: entryId(folder),
		name,
		reason: toReason(reason),
		code
	}));
}

function toReason(text: string): SkippedName['reason'] {
	return text === 'denied' || text === 'vanished' || text === 'changing' ? text : 'unreadable';
}

export function countProblems(database: Database, location: LocationId): number {
	const row = database
		.prepare(
			`SELECT count(*) AS problems FROM problem JOIN directory ON directory.entry = problem.folder
			WHERE directory.location = ?`
		)
		.get([location]);
	return Number(row?.['problems'] ?? 0);
}

/** Entries below a directory, itself not counted. */
export function countBelow(database: Database, folder: EntryId): number {
	const row = database
		.prepare(
			`SELECT count(*) AS entries FROM closure JOIN entry ON entry.parent = closure.descendant
			WHERE closure.ancestor = ?`
		)
		.get([folder]);
	return Number(row?.['entries'] ?? 0);
}
