import {
	contentId,
	entryId,
	locationId,
	numbersPerSlot,
	type ContentId,
	type EntryId,
	type LocationId
} from '#core/kernel';
import type { SqlRow } from '#core/ports';
import type { Database } from '#core/schema';

/** Files that a run did not find, compared with what has come, at the most; beyond them nothing is known again. */
const lostMax = 100_000;

/** A file without an inode that a run did not find in its place, or below a folder that it did not find. */
export type LostFile = {
	readonly id: EntryId;
	readonly parent: EntryId;
	readonly name: string;
	readonly content: ContentId | null;
	/** What it has in common with itself in another place: see `likeness`. */
	readonly like: string;
};

/** A file that has come since the last run of the location ended. */
export type NewFile = {
	readonly id: EntryId;
	readonly parent: EntryId;
	readonly location: LocationId;
	readonly name: string;
	readonly like: string;
};

export type Lost = {
	readonly files: readonly LostFile[];
	/** Folders that are not in their place and all folders below them. */
	readonly folders: ReadonlySet<EntryId>;
	/** The uppermost of them that are not new themselves. */
	readonly tops: readonly EntryId[];
};

const nothing: Lost = { files: [], folders: new Set(), tops: [] };

/** Size and modification time: the same for a file before and after a move. */
function likeness(row: SqlRow): string {
	return `${String(row['sizeBytes'])}:${String(row['modifiedMs'])}`;
}

/** Whether the run of `location` has not found something that no inode could tell the place of. */
export function hasLost(database: Database, location: LocationId): boolean {
	const lost = database
		.prepare(
			`SELECT 1 FROM missing JOIN entry ON entry.id = missing.entry
			WHERE missing.location = ? AND missing.isLeftOut = 0 AND entry.inode IS NULL LIMIT 1`
		)
		.get([location]);
	return lost !== undefined;
}

/** What the run of `location` has not found, as far as no inode could tell where it is. */
export function readLost(database: Database, location: LocationId, newestEntry: number): Lost {
	const tops = database
		.prepare(
			`SELECT entry.id FROM missing JOIN entry ON entry.id = missing.entry
			WHERE missing.location = ? AND missing.isLeftOut = 0 AND entry.inode IS NULL`
		)
		.all([location]);
	if (tops.length === 0) return nothing;
	const below = database
		.prepare(
			`SELECT DISTINCT closure.descendant FROM missing JOIN closure ON closure.ancestor = missing.entry
			WHERE missing.location = ? AND missing.isLeftOut = 0`
		)
		.column([location]);
	const folders = new Set(below.map(entryId));
	const columns = 'id, parent, name, sizeBytes, modifiedMs, content';
	const usable = 'kind = 1 AND inode IS NULL AND modifiedMs IS NOT NULL AND id <= ?';
	const one = database.prepare(`SELECT ${columns} FROM entry WHERE id = ? AND ${usable}`);
	const inside = database.prepare(`SELECT ${columns} FROM entry WHERE parent = ? AND ${usable}`);
	// Some are missing by themselves and below a folder that is.
	const rows = new Map<number, SqlRow>();
	const add = (found: readonly SqlRow[]) => found.forEach((row) => rows.set(Number(row['id']), row));
	for (const top of tops) add(one.all([Number(top['id']), newestEntry]));
	for (const folder of folders) if (rows.size < lostMax) add(inside.all([folder, newestEntry]));
	const files = [...rows.values()].slice(0, lostMax).map((row) => ({
		id: entryId(row['id']),
		parent: entryId(row['parent']),
		name: String(row['name']),
		content: typeof row['content'] === 'number' ? contentId(row['content']) : null,
		like: likeness(row)
	}));
	const parent = database.prepare('SELECT parent FROM entry WHERE id = ?');
	const isOld = (id: EntryId) => id <= newestEntry && folders.has(id);
	const isTop = (id: EntryId) => isOld(id) && !isOld(entryId(parent.column([id])[0]));
	return { files, folders, tops: [...folders].filter(isTop) };
}

/** Files of any location above `after` that are like one of `likenesses`; of `limit` numbers, and where to go on. */
export function readNewFiles(
	database: Database,
	after: number,
	likenesses: ReadonlySet<string>,
	limit: number
): { readonly files: readonly NewFile[]; readonly last: number | null } {
	const rows = database
		.prepare(
			`SELECT entry.id, entry.parent, entry.name, entry.sizeBytes, entry.modifiedMs, directory.location
			FROM entry JOIN directory ON directory.entry = entry.parent
			WHERE entry.id > ? AND entry.id < ? AND entry.kind = 1 AND entry.inode IS NULL ORDER BY entry.id LIMIT ?`
		)
		.all([after, numbersPerSlot, limit]);
	const files = rows
		.map((row) => ({
			id: entryId(row['id']),
			parent: entryId(row['parent']),
			location: locationId(row['location']),
			name: String(row['name']),
			like: likeness(row)
		}))
		.filter(({ like }) => likenesses.has(like));
	return { files, last: rows.length < limit ? null : Number(rows.at(-1)?.['id']) };
}

/** Whether a run has not found this entry, or a folder above it. */
export function isMissing(database: Database, id: EntryId): boolean {
	const found = database
		.prepare(
			`SELECT 1 FROM entry WHERE id = ? AND (id IN (SELECT entry FROM missing) OR EXISTS (
				SELECT 1 FROM closure JOIN missing ON missing.entry = closure.ancestor
				WHERE closure.descendant IN (entry.id, entry.parent)))`
		)
		.get([id]);
	return found !== undefined;
}

/** The highest number of an entry of this device. */
export function readNewest(database: Database): number {
	return Number(database.prepare('SELECT max(id) FROM entry WHERE id < ?').column([numbersPerSlot])[0] ?? 0);
}
