import { entryId, locationId, nameSortKey, type EntryId, type LocationId } from '#core/kernel';
import type { EntryKind, SqlRow } from '#core/ports';
import { entryKindName, type Database } from '#core/schema';
import { readChildByName } from './read-entries.ts';
import type { EntryRow, Usage } from './schema.ts';

/** All that a plan looks at of one entry. */
export type PlanEntry = {
	readonly id: EntryId;
	/** Null for the folder of a location, and for a bin of the trash. */
	readonly parent: EntryId | null;
	/** The location that the entry is in; null in the trash. */
	readonly location: LocationId | null;
	readonly name: string;
	readonly kind: EntryKind;
	/** Of a directory, all that lies below it. */
	readonly sizeBytes: number;
	readonly modifiedMs: number | null;
	readonly inode: number | null;
	readonly usage: Usage;
	/** Another text whenever anything of the entry, or below it, is other than it was. */
	readonly state: string;
};

const columns = `entry.id, entry.parent, entry.name, entry.kind, entry.sizeBytes, entry.modifiedMs, entry.inode,
	own.revision, own.files, own.folders, coalesce(own.location, above.location) AS location`;
const joined = `LEFT JOIN directory AS own ON own.entry = entry.id LEFT JOIN directory AS above ON above.entry = entry.parent`;

function rowToPlanEntry(row: SqlRow): PlanEntry {
	const { id, parent, name, kind, sizeBytes, modifiedMs, inode, revision, files, folders, location } = row;
	return {
		id: entryId(id),
		parent: typeof parent === 'number' ? entryId(parent) : null,
		location: typeof location === 'number' ? locationId(location) : null,
		name: String(name),
		kind: entryKindName(Number(kind)),
		sizeBytes: Number(sizeBytes),
		modifiedMs: typeof modifiedMs === 'number' ? modifiedMs : null,
		inode: typeof inode === 'number' ? inode : null,
		usage: { files: Number(files ?? 1), folders: Number(folders ?? 0), sizeBytes: Number(sizeBytes) },
		state: [parent, name, kind, sizeBytes, modifiedMs, inode, revision].join('|')
	};
}

/** An entry as plans look at it; null where it is no more. Run inside `read`. */
export function readPlanEntry(database: Database, id: EntryId): PlanEntry | null {
	const row = database.prepare(`SELECT ${columns} FROM entry ${joined} WHERE entry.id = ?`).get([id]);
	return row === undefined ? null : rowToPlanEntry(row);
}

/** As `readPlanEntry`, for as many as a person chooses; those that are no more are left out. */
export function readPlanEntries(database: Database, ids: readonly number[]): PlanEntry[] {
	return database
		.prepare(`SELECT ${columns} FROM json_each(?) AS wanted CROSS JOIN entry ON entry.id = wanted.value ${joined}`)
		.all([JSON.stringify(ids)])
		.map(rowToPlanEntry);
}

/** Names in `folder` with what they belong to; null where there are more than `limit`. */
export function readPlanNames(database: Database, folder: EntryId, limit: number): Map<string, EntryId> | null {
	const rows = database
		.prepare('SELECT id, name FROM entry WHERE parent = ? AND (kind <> 0) IN (0, 1) LIMIT ?')
		.all([folder, limit + 1]);
	return rows.length > limit ? null : new Map(rows.map(({ id, name }) => [String(name), entryId(id)]));
}

/** What `folder` holds under exactly this name. */
export function readPlanName(database: Database, folder: EntryId, name: string): EntryRow | null {
	return readChildByName(database, folder, name, nameSortKey(name));
}
