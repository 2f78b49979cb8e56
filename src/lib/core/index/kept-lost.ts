import { contentId, entryId, type EntryId } from '#core/kernel';
import type { SqlRow } from '#core/ports';
import type { Database } from '#core/schema';
import { dropUnused } from './drop-unused.ts';
import type { LostFile } from './lost-files.ts';

/** Two locations between which something moves are both read within days: each start of a library reads them. */
const keptMs = 30 * 24 * 60 * 60 * 1000;
/** Some 15 MB of database; more than this at once is a disk that was emptied, not things that have moved. */
const keptMax = 100_000;

/** A lost entry that is kept, so that a later run of any location can know it again. */
export type KeptLost = LostFile & {
	readonly kind: 'file' | 'directory';
	readonly proven: number;
	/** What has come since has a higher number. */
	readonly newestEntry: number;
};

/** With what the lost ones of a run are kept. */
export type Keeping = { readonly newestEntry: number; readonly nowMs: number };

const columns = 'entry, parent, kind, name, sizeBytes, modifiedMs, content, proven, newestEntry';

function rowToKept(row: SqlRow): KeptLost {
	const content = row['content'];
	return {
		id: entryId(row['entry']),
		parent: entryId(row['parent']),
		kind: row['kind'] === 0 ? 'directory' : 'file',
		name: String(row['name']),
		content: typeof content === 'number' ? contentId(content) : null,
		like: `${String(row['sizeBytes'])}:${String(row['modifiedMs'])}`,
		proven: Number(row['proven']),
		newestEntry: Number(row['newestEntry'])
	};
}

/** Keeps what could be known again of an entry that is about to be removed: nothing where an inode tells, or it is new. */
export function keepLost(database: Database, id: EntryId, { newestEntry, nowMs }: Keeping): void {
	database
		.prepare(
			`INSERT OR REPLACE INTO lost (${columns}, atMs)
			SELECT id, parent, kind, name, sizeBytes, modifiedMs, content, proven, ?, ? FROM entry
			WHERE id = ? AND id <= ? AND inode IS NULL AND parent IS NOT NULL
			AND (kind = 0 OR (kind = 1 AND modifiedMs IS NOT NULL))`
		)
		.run([newestEntry, nowMs, id, newestEntry]);
}

export function hasKept(database: Database): boolean {
	return database.prepare('SELECT 1 FROM lost LIMIT 1').get() !== undefined;
}

/** The kept files that are like one of the files numbered from above `after` to `last`, which have come since. */
export function readKeptLike(database: Database, after: number, last: number): KeptLost[] {
	const wanted = columns
		.split(', ')
		.map((column) => `lost.${column}`)
		.join(', ');
	return database
		.prepare(
			`SELECT DISTINCT ${wanted} FROM entry CROSS JOIN lost ON lost.sizeBytes = entry.sizeBytes
				AND lost.modifiedMs = entry.modifiedMs AND lost.kind = 1 AND entry.id > lost.newestEntry
			WHERE entry.id > ? AND entry.id <= ? AND entry.kind = 1 AND entry.inode IS NULL`
		)
		.all([after, last])
		.map(rowToKept);
}

export function readKept(database: Database, id: EntryId): KeptLost | null {
	const row = database.prepare(`SELECT ${columns} FROM lost WHERE entry = ?`).get([id]);
	return row === undefined ? null : rowToKept(row);
}

export function readKeptIn(database: Database, folder: EntryId, limit: number): KeptLost[] {
	return database.prepare(`SELECT ${columns} FROM lost WHERE parent = ? LIMIT ?`).all([folder, limit]).map(rowToKept);
}

/** Forgets one, with its content where that hangs on nothing else. */
export function forgetKept(database: Database, { id, content }: Pick<KeptLost, 'id' | 'content'>): void {
	database.prepare('DELETE FROM lost WHERE entry = ?').run([id]);
	dropUnused(database, content);
}

/** Forgets up to `limit` of those that are too old, or too many, the oldest first; how many those were. */
export function forgetOldKept(database: Database, nowMs: number, limit: number): number {
	const kept = Number(database.prepare('SELECT count(*) FROM lost').column()[0] ?? 0);
	const due = database
		.prepare(`SELECT ${columns}, atMs FROM lost ORDER BY atMs, entry LIMIT ?`)
		.all([kept === 0 ? 0 : limit])
		.filter((row, at) => at < kept - keptMax || Number(row['atMs']) < nowMs - keptMs);
	for (const row of due) forgetKept(database, rowToKept(row));
	return due.length;
}
