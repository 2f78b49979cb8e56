import { entryId, locationId, nameSortKey, type EntryId, type LocationId } from '#core/kernel';
import type { EntryKind } from '#core/ports';
import { entryKindName, type Database } from '#core/schema';
import { readChildByName, readUsage } from './read-entries.ts';
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

/** An entry as plans look at it; null where it is no more. Run inside `read`. */
export function readPlanEntry(database: Database, id: EntryId): PlanEntry | null {
	const row = database
		.prepare(
			`SELECT entry.parent, entry.name, entry.kind, entry.sizeBytes, entry.modifiedMs, entry.inode,
				own.revision, coalesce(own.location, above.location) AS location
			FROM entry LEFT JOIN directory AS own ON own.entry = entry.id
				LEFT JOIN directory AS above ON above.entry = entry.parent
			WHERE entry.id = ?`
		)
		.get([id]);
	if (row === undefined) return null;
	const { parent, name, kind, sizeBytes, modifiedMs, inode, revision, location } = row;
	return {
		id,
		parent: typeof parent === 'number' ? entryId(parent) : null,
		location: typeof location === 'number' ? locationId(location) : null,
		name: String(name),
		kind: entryKindName(Number(kind)),
		sizeBytes: Number(sizeBytes),
		modifiedMs: typeof modifiedMs === 'number' ? modifiedMs : null,
		inode: typeof inode === 'number' ? inode : null,
		usage: readUsage(database, id),
		state: [parent, name, kind, sizeBytes, modifiedMs, inode, revision].join('|')
	};
}

/** What `folder` holds under exactly this name. */
export function readPlanName(database: Database, folder: EntryId, name: string): EntryRow | null {
	return readChildByName(database, folder, name, nameSortKey(name));
}
