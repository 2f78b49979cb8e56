import { entryId, locationId, nameSortKey, type EntryId, type LocationId } from '#core/kernel';
import type { SkippedName, SqlValue } from '#core/ports';
import { build, entryKindName, type Database } from '#core/schema';
import type { KnownChild } from './compare-folder.ts';
import type { IndexProblem } from './schema.ts';

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

/** Whether `id` is still a directory of the location. */
export function hasDirectory(database: Database, location: LocationId, id: EntryId): boolean {
	return database.prepare('SELECT 1 FROM directory WHERE entry = ? AND location = ?').get([id, location]) !== undefined;
}

/**
 * A directory that a run has to list, with the names from the location's folder (left out) down to it; whether the index
 * has anything in it, and whether anything was noted of its rules.
 */
export type Pending = {
	readonly id: EntryId;
	readonly path: readonly string[];
	readonly hasChildren: boolean;
	readonly isNoted: boolean;
};

export function countChildren(database: Database, folder: EntryId): number {
	return Number(database.prepare('SELECT count(*) FROM entry WHERE parent = ?').column([folder])[0] ?? 0);
}

/** Directories that `run` has not listed yet, at most `limit`; the location's folder comes first. */
export function readPending(database: Database, location: LocationId, run: number, limit: number): Pending[] {
	const pathOf = pathReader(database);
	// In one statement, as it is asked of each folder of a run.
	return database
		.prepare(
			`SELECT directory.entry, folder.parent, folder.name,
				EXISTS (SELECT 1 FROM entry AS child WHERE child.parent = directory.entry) AS hasChildren,
				EXISTS (SELECT 1 FROM left_out WHERE left_out.folder = directory.entry)
					OR EXISTS (SELECT 1 FROM ignore_file WHERE ignore_file.folder = directory.entry) AS isNoted
			FROM directory JOIN entry AS folder ON folder.id = directory.entry
			WHERE directory.location = ? AND directory.run < ? ORDER BY directory.run, directory.entry LIMIT ?`
		)
		.all([location, run, limit])
		.map(({ entry, parent, name, hasChildren, isNoted }) => ({
			id: entryId(entry),
			path: typeof parent === 'number' ? [...pathOf(parent), String(name)] : [],
			hasChildren: hasChildren === 1,
			isNoted: isNoted === 1
		}));
}

export function countPending(database: Database, location: LocationId, run: number): number {
	const row = database
		.prepare('SELECT count(*) AS pending FROM directory WHERE location = ? AND run < ?')
		.get([location, run]);
	return Number(row?.['pending'] ?? 0);
}

/** Has `run` list a directory again. */
export function noteChanged(database: Database, location: LocationId, run: number, directory: EntryId): void {
	database
		.prepare('UPDATE directory SET run = ? WHERE entry = ? AND location = ? AND run >= ?')
		.run([run - 1, directory, location, run]);
}

/** Has `run` list a directory again, with every one below it. */
export function noteTree(database: Database, location: LocationId, run: number, directory: EntryId): void {
	database
		.prepare(
			`UPDATE directory SET run = ? WHERE location = ? AND run >= ?
			AND entry IN (SELECT descendant FROM closure WHERE ancestor = ?)`
		)
		.run([run - 1, location, run, directory]);
}

/** The location that a directory belongs to; null where it is none, or gone. */
export function readLocationOf(database: Database, directory: EntryId): LocationId | null {
	const [found] = database.prepare('SELECT location FROM directory WHERE entry = ?').column([directory]);
	return found === undefined ? null : locationId(found);
}

/** Has `run` list every directory of a location again. */
export function noteAll(database: Database, location: LocationId, run: number): void {
	database.prepare('UPDATE directory SET run = ? WHERE location = ? AND run >= ?').run([run - 1, location, run]);
}

/** Has `run` list every directory below a directory again. */
export function noteBelow(database: Database, directory: EntryId, run: number): void {
	database
		.prepare(
			`UPDATE directory SET run = ? WHERE run >= ?
			AND entry IN (SELECT descendant FROM closure WHERE ancestor = ? AND depth > 0)`
		)
		.run([run - 1, run, directory]);
}

/** The directory at `path` below `top`, or the nearest one on the way that the index has, and how many names down it is. */
export function readNearest(
	database: Database,
	top: EntryId,
	path: readonly string[]
): { readonly folder: EntryId; readonly depth: number } {
	const child = database.prepare(
		'SELECT id FROM entry WHERE parent = ? AND (kind <> 0) = 0 AND sortKey = ? AND name = ?'
	);
	let at = top;
	for (const [depth, name] of path.entries()) {
		const [found] = child.column([at, nameSortKey(name), name]);
		if (found === undefined) return { folder: at, depth };
		at = entryId(found);
	}
	return { folder: at, depth: path.length };
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

/** As `readPath`, for many directories within one transaction: each folder on the way is read once. */
export function pathReader(database: Database): (folder: number) => readonly string[] {
	const known = new Map<number, readonly string[]>();
	const one = database.prepare('SELECT parent, name FROM entry WHERE id = ?');
	const pathOf = (folder: number): readonly string[] => {
		const before = known.get(folder);
		if (before !== undefined) return before;
		const row = one.get([folder]);
		const parent = row?.['parent'];
		const path = typeof parent === 'number' ? [...pathOf(parent), String(row?.['name'])] : [];
		known.set(folder, path);
		return path;
	};
	return pathOf;
}

/** Marks directories as listed to the end by `run`, with nothing in them that could not be read. */
export function markAllListed(database: Database, folders: readonly EntryId[], run: number): void {
	const ids = JSON.stringify(folders);
	database.prepare('UPDATE directory SET run = ? WHERE entry IN (SELECT value FROM json_each(?))').run([run, ids]);
	database.prepare('DELETE FROM problem WHERE folder IN (SELECT value FROM json_each(?))').run([ids]);
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

/** Gives up the index of inodes, which is empty, so that it is built in one go by `writeInodeIndex`. Inside a transaction. */
export function dropInodeIndex(database: Database): void {
	database.connection.exec('DROP INDEX IF EXISTS entry_inode');
}

/** Has the index of inodes as the schema says. Inside a transaction. */
export function writeInodeIndex(database: Database): void {
	database.connection.exec('CREATE INDEX IF NOT EXISTS entry_inode ON entry (inode) WHERE inode IS NOT NULL');
}

/** Whether the library has seen anything that it could know again in another place. */
export function hasInodes(database: Database): boolean {
	return database.prepare('SELECT 1 FROM entry WHERE inode IS NOT NULL LIMIT 1').get() !== undefined;
}

/** Files whose bytes are known to be others than those that the library knows. */
export function readDamaged(database: Database): Set<EntryId> {
	return new Set(database.prepare('SELECT id FROM entry WHERE proven = 2').column().map(entryId));
}
