import { readFileType, type FileType } from '#core/content';
import { entryId, type EntryId } from '#core/kernel';
import type { SqlRow } from '#core/ports';
import { entryKindCode, entryKindName, type Database } from '#core/schema';
import type { EntryOrder, EntryRow, LocatedEntry, SortColumn, Usage } from './schema.ts';

const columns = 'id, parent, name, kind, sizeBytes, modifiedMs, content';

function typeOf(database: Database, { kind, name, sizeBytes, content }: SqlRow): FileType | null {
	if (kind !== entryKindCode('file')) return null;
	const known = typeof content === 'number' ? content : null;
	return readFileType(database, { name: String(name), sizeBytes: Number(sizeBytes), content: known });
}

/** An entry out of a row that has the columns of `entry`. */
function rowToEntry(database: Database, row: SqlRow): EntryRow {
	const { parent, modifiedMs } = row;
	return {
		id: entryId(row['id']),
		parent: typeof parent === 'number' ? entryId(parent) : null,
		name: String(row['name']),
		kind: entryKindName(Number(row['kind'])),
		sizeBytes: Number(row['sizeBytes']),
		modifiedMs: typeof modifiedMs === 'number' ? modifiedMs : null,
		type: typeOf(database, row)
	};
}

/** Directories come first in every order; equal values fall back to the name. */
const orderTerms: Readonly<Record<SortColumn, (direction: string) => string>> = {
	name: (direction) => `sortKey ${direction}, name ${direction}`,
	size: (direction) => `sizeBytes ${direction}, sortKey, name`,
	modified: (direction) => `modifiedMs ${direction}, sortKey, name`,
	kind: (direction) => `extensionOf ${direction}, sortKey, name`
};

/** Text after the last dot of a name, by SQL alone: what is left when everything up to the last dot goes. */
const extensionSql = `CASE WHEN instr(ltrim(name, '.'), '.') = 0 THEN ''
	ELSE lower(replace(name, rtrim(name, replace(name, '.', '')), '')) END AS extensionOf`;

/** Ids of the children of `folder`, in order. */
export function readIds(database: Database, folder: EntryId, order: EntryOrder): Float64Array {
	const terms = orderTerms[order.by](order.descending ? 'DESC' : 'ASC');
	const extra = order.by === 'kind' ? `, ${extensionSql}` : '';
	const sql = `SELECT id${extra} FROM entry WHERE parent = ? AND (kind <> 0) = ? ORDER BY ${terms}`;
	// Directories and the rest apart, as the index on the listing then gives names in either direction unsorted.
	const statement = database.prepare(sql);
	return Float64Array.from([...statement.column([folder, 0]), ...statement.column([folder, 1])], Number);
}

/** The rows of `ids` that are still there, in the order asked for. */
export function readRows(database: Database, ids: readonly number[]): EntryRow[] {
	const one = database.prepare(`SELECT ${columns} FROM entry WHERE id = ?`);
	const rows: EntryRow[] = [];
	for (const id of ids) {
		const row = one.get([id]);
		if (row !== undefined) rows.push(rowToEntry(database, row));
	}
	return rows;
}

export function readEntry(database: Database, id: EntryId): EntryRow | null {
	return readRows(database, [id])[0] ?? null;
}

/** From the folder of the location down to `id` itself; empty where there is no such entry. */
export function readTrail(database: Database, id: EntryId): EntryRow[] {
	const trail: EntryRow[] = [];
	for (let entry = readEntry(database, id); entry !== null;) {
		trail.unshift(entry);
		entry = entry.parent === null ? null : readEntry(database, entry.parent);
	}
	return trail;
}

type Place = Pick<LocatedEntry, 'trail' | 'top'>;

/** Tells where an entry is; each folder is read once. */
function placeReader(database: Database): (entry: EntryRow) => Place {
	const known = new Map<EntryId, Place>();
	const downTo = (folder: EntryId): Place => {
		const before = known.get(folder);
		if (before !== undefined) return before;
		const trail = readTrail(database, folder);
		const place = { trail: trail.map(({ name }) => name), top: trail[0]?.id ?? folder };
		known.set(folder, place);
		return place;
	};
	return ({ id, parent }) => (parent === null ? { trail: [], top: id } : downTo(parent));
}

/** The rows of `ids` that are still there, in the order asked for, with where each of them is. */
export function readLocated(database: Database, ids: readonly number[]): LocatedEntry[] {
	const placeOf = placeReader(database);
	return readRows(database, ids).map((entry) => ({ ...entry, ...placeOf(entry) }));
}

export function readChildByName(database: Database, folder: EntryId, name: string, sortKey: string): EntryRow | null {
	// Both values of `kind <> 0` are named so that the one index on the listing serves.
	const row = database
		.prepare(`SELECT ${columns} FROM entry WHERE parent = ? AND (kind <> 0) IN (0, 1) AND sortKey = ? AND name = ?`)
		.get([folder, sortKey, name]);
	return row === undefined ? null : rowToEntry(database, row);
}

/** Children of `folder` of at least `leastBytes`, the largest first. */
export function readLargestChildren(
	database: Database,
	folder: EntryId,
	leastBytes: number,
	limit: number
): EntryRow[] {
	return database
		.prepare(
			`SELECT ${columns} FROM entry WHERE parent = ? AND (kind <> 0) IN (0, 1) AND sizeBytes >= ?
			ORDER BY sizeBytes DESC, id LIMIT ?`
		)
		.all([folder, leastBytes, limit])
		.map((row) => rowToEntry(database, row));
}

/** How many children `folder` has, and their bytes with everything below them. */
export function readChildSums(
	database: Database,
	folder: EntryId
): { readonly entries: number; readonly sizeBytes: number } {
	const row = database
		.prepare(
			`SELECT count(*) AS entries, coalesce(sum(sizeBytes), 0) AS sizeBytes FROM entry
			WHERE parent = ? AND (kind <> 0) IN (0, 1)`
		)
		.get([folder]);
	return { entries: Number(row?.['entries'] ?? 0), sizeBytes: Number(row?.['sizeBytes'] ?? 0) };
}

/** What lies below `id`, kept with every change; a file counts as itself. */
export function readUsage(database: Database, id: EntryId): Usage {
	const row = database
		.prepare(
			`SELECT entry.sizeBytes AS sizeBytes, directory.files AS files, directory.folders AS folders
			FROM entry LEFT JOIN directory ON directory.entry = entry.id WHERE entry.id = ?`
		)
		.get([id]);
	return {
		files: Number(row === undefined ? 0 : (row['files'] ?? 1)),
		folders: Number(row?.['folders'] ?? 0),
		sizeBytes: Number(row?.['sizeBytes'] ?? 0)
	};
}
