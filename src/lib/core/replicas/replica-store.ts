import { entryId, locationId, nameSortKey, numbersPerSlot, type EntryId, type LocationId } from '#core/kernel';
import type { Database } from '#core/schema';
import { joinNumber } from '#core/sync';
import type { BatchLocation, BatchVolume } from './schema.ts';

/** What a device holds of another one's index, in the rows that its own has too. */

/** The folder of the tree that has the number, with the location that it is of; null where there is none. */
export function folderReader(database: Database): (folder: EntryId) => LocationId | null {
	const statement = database.prepare('SELECT location FROM directory WHERE entry = ?');
	return (folder) => {
		const [location] = statement.column([folder]);
		return location === undefined ? null : locationId(location);
	};
}

export type ReplicaRow = {
	readonly parent: EntryId | null;
	readonly kind: number;
	readonly name: string;
};

export function readReplicaRows(database: Database, ids: readonly EntryId[]): Map<EntryId, ReplicaRow> {
	const rows = database
		.prepare(
			`SELECT entry.id, entry.parent, entry.kind, entry.name FROM json_each(?) AS wanted
			CROSS JOIN entry ON entry.id = wanted.value`
		)
		.all([JSON.stringify(ids)]);
	return new Map(
		rows.map((row) => [
			entryId(row['id']),
			{
				parent: typeof row['parent'] === 'number' ? entryId(row['parent']) : null,
				kind: Number(row['kind']),
				name: String(row['name'])
			}
		])
	);
}

/** Replicas of a slot numbered above `after` and up to `last` by their owner, but for the folders of locations. */
export function readSpan(database: Database, slot: number, after: number, last: number): EntryId[] {
	const least = slot * numbersPerSlot;
	return database
		.prepare('SELECT id FROM entry WHERE id > ? AND id <= ? AND id < ? AND parent IS NOT NULL')
		.column([least + after, least + last, least + numbersPerSlot])
		.map(entryId);
}

/** Who has a name in a folder, among folders or among all else. */
export function nameReader(database: Database): (parent: EntryId, isFile: boolean, name: string) => EntryId | null {
	const statement = database.prepare(
		'SELECT id FROM entry WHERE parent = ? AND (kind <> 0) = ? AND sortKey = ? AND name = ?'
	);
	return (parent, isFile, name) => {
		const [id] = statement.column([parent, isFile ? 1 : 0, nameSortKey(name), name]);
		return id === undefined ? null : entryId(id);
	};
}

/** The locations of a slot that are there, each with the entry of its folder. */
export function readReplicaLocations(database: Database, slot: number): Map<LocationId, EntryId> {
	const rows = database
		.prepare('SELECT id, entry FROM location WHERE id > ? AND id < ?')
		.all([slot * numbersPerSlot, (slot + 1) * numbersPerSlot]);
	return new Map(rows.map((row) => [locationId(row['id']), entryId(row['entry'])]));
}

function join(slot: number, number: number): number {
	return joinNumber({ slot, number });
}

/** Whether the device in `slot` says what a volume is: whoever has folders on it, and of several the one that has numbered it. */
function volumeTeller(database: Database, slot: number): (volume: number) => boolean {
	const slotOf = (number: number) => Math.floor(number / numbersPerSlot);
	const users = database.prepare(
		'SELECT id FROM location WHERE volume = ? AND entry NOT IN (SELECT entry FROM trash_bin)'
	);
	return (volume) => {
		const slots = new Set(users.column([volume]).map((id) => slotOf(Number(id))));
		if (slots.has(0)) return false;
		if (slotOf(volume) === slot) return slots.has(slot) || slots.size === 0;
		return !slots.has(slotOf(volume));
	};
}

/**
 * Writes what the owner says of its volumes, and answers by which number each is known here. One that this device has
 * folders on, or that another one has told of, stays as it is.
 */
export function writeReplicaVolumes(
	database: Database,
	slot: number,
	volumes: readonly BatchVolume[]
): ReadonlyMap<string, number> {
	const known = database.prepare('SELECT id FROM volume WHERE key = ? OR identity = ? ORDER BY id');
	const mayTell = volumeTeller(database, slot);
	const newest = database.prepare('SELECT max(id) FROM volume WHERE id >= ? AND id < ?');
	const insert = database.prepare(
		`INSERT INTO volume (name, kind, fileSystem, label, medium, capacityBytes, freeBytes, seenMs,
			id, key, identity, isOwnIdentity, bytesPerSecond, isSpeedDirect, isOnline)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, 0, 0)`
	);
	const update = database.prepare(
		`UPDATE volume SET name = ?, kind = ?, fileSystem = ?, label = ?, medium = ?, capacityBytes = ?, freeBytes = ?,
			seenMs = ? WHERE id = ?`
	);
	const numbers = new Map<string, number>();
	for (const { key, identity, isOwnIdentity, ...facts } of volumes) {
		// What has no identity of its own is the same on many devices, and another one on each.
		const told = isOwnIdentity ? identity : `${key}:${identity}`;
		const { name, kind, fileSystem, label, medium, capacityBytes, freeBytes, seenMs } = facts;
		const values = [name, kind, fileSystem, label, medium, capacityBytes, freeBytes, seenMs];
		const [there] = known.column([key, told]);
		if (there === undefined) {
			const [last] = newest.column([slot * numbersPerSlot, (slot + 1) * numbersPerSlot]);
			const id = Number(last ?? slot * numbersPerSlot) + 1;
			insert.run([...values, id, key, told, isOwnIdentity ? 1 : 0]);
			numbers.set(key, id);
			continue;
		}
		const id = Number(there);
		numbers.set(key, id);
		if (mayTell(id)) update.run([...values, id]);
	}
	return numbers;
}

export function writeReplicaLocation(
	database: Database,
	slot: number,
	{ number, name, entry, addedMs, indexedMs, pathInVolume, logicalClass, claim, claimSaid }: BatchLocation,
	volume: number | null
): void {
	const id = join(slot, number);
	database
		.prepare(
			`INSERT INTO location (id, name, root, entry, addedMs, run, unfinished, indexedMs, problem, volume,
				pathInVolume, logicalClass, claim, claimSaid, mode)
			VALUES (?, ?, ?, ?, ?, 0, 0, ?, NULL, ?, ?, ?, ?, ?, 'shallow')
			ON CONFLICT (id) DO UPDATE SET name = excluded.name, addedMs = excluded.addedMs,
				indexedMs = excluded.indexedMs, volume = excluded.volume, pathInVolume = excluded.pathInVolume,
				logicalClass = excluded.logicalClass, claim = excluded.claim, claimSaid = excluded.claimSaid`
		)
		// No disk has such a path.
		.run([
			id,
			name,
			`\0${id}`,
			join(slot, entry),
			addedMs,
			indexedMs,
			volume,
			pathInVolume,
			logicalClass,
			claim,
			claimSaid
		]);
}

export function deleteReplicaLocation(database: Database, id: LocationId): void {
	database.prepare('DELETE FROM location WHERE id = ?').run([id]);
}

/** Forgets volumes that no location lies on. */
export function deleteUnusedVolumes(database: Database): void {
	database.prepare('DELETE FROM volume WHERE id NOT IN (SELECT volume FROM location WHERE volume IS NOT NULL)').run([]);
}

/** Replicas that go once the owner has told all. */
export function writeDoubts(database: Database, ids: readonly number[], isMeant: boolean): void {
	if (ids.length === 0) return;
	database
		.prepare(
			`INSERT INTO replica_doubt (entry, isMeant) SELECT entry.id, ? FROM json_each(?) AS wanted
			CROSS JOIN entry ON entry.id = wanted.value WHERE true
			ON CONFLICT (entry) DO UPDATE SET isMeant = max(isMeant, excluded.isMeant)`
		)
		.run([isMeant ? 1 : 0, JSON.stringify(ids)]);
}

export function clearDoubts(database: Database, ids: readonly number[]): void {
	if (database.prepare('SELECT 1 FROM replica_doubt LIMIT 1').get() === undefined) return;
	database
		.prepare('DELETE FROM replica_doubt WHERE entry IN (SELECT value FROM json_each(?))')
		.run([JSON.stringify(ids)]);
}

export function hasDoubts(database: Database, slot: number): boolean {
	const found = database
		.prepare('SELECT 1 FROM replica_doubt WHERE entry > ? AND entry < ? LIMIT 1')
		.get([slot * numbersPerSlot, (slot + 1) * numbersPerSlot]);
	return found !== undefined;
}

export function clearAllDoubts(database: Database, slot: number): void {
	database
		.prepare('DELETE FROM replica_doubt WHERE entry > ? AND entry < ?')
		.run([slot * numbersPerSlot, (slot + 1) * numbersPerSlot]);
}

/** Forgets doubts of what is not there any more. */
export function clearGoneDoubts(database: Database, slot: number): void {
	database
		.prepare('DELETE FROM replica_doubt WHERE entry > ? AND entry < ? AND entry NOT IN (SELECT id FROM entry)')
		.run([slot * numbersPerSlot, (slot + 1) * numbersPerSlot]);
}

/** `isReplaced`: another file of the owner has its name by now. */
export type Doubt = { readonly entry: EntryId; readonly location: LocationId | null; readonly isReplaced: boolean };

/** Those of a slot that are there, `isMeant` alone or the others; nearest to the top first. */
export function readDoubts(database: Database, slot: number, isMeant: boolean): Doubt[] {
	return database
		.prepare(
			`SELECT entry.id, entry.kind, entry.name, directory.location FROM replica_doubt
				JOIN entry ON entry.id = replica_doubt.entry
				LEFT JOIN directory ON directory.entry = coalesce(entry.parent, entry.id)
			WHERE replica_doubt.entry > ? AND replica_doubt.entry < ? AND isMeant = ? ORDER BY replica_doubt.entry`
		)
		.all([slot * numbersPerSlot, (slot + 1) * numbersPerSlot, isMeant ? 1 : 0])
		.map((row) => ({
			entry: entryId(row['id']),
			location: row['location'] === null ? null : locationId(row['location']),
			isReplaced: row['kind'] !== 0 && String(row['name']).startsWith('\0')
		}));
}

export type DoubtCount = { readonly location: LocationId; readonly deleted: number; readonly of: number };

/** How much would go of each location with those in doubt and all below them, the folder of the location not counted. */
export function countDoubts(database: Database, slot: number): DoubtCount[] {
	return database
		.prepare(
			`WITH doubt AS (
				SELECT entry.id, entry.parent FROM replica_doubt JOIN entry ON entry.id = replica_doubt.entry
				WHERE replica_doubt.entry > ? AND replica_doubt.entry < ?
			), folder AS (
				SELECT DISTINCT closure.descendant AS id FROM doubt JOIN closure ON closure.ancestor = doubt.id
			), going AS (
				SELECT id FROM doubt UNION SELECT id FROM folder
				UNION SELECT entry.id FROM folder JOIN entry ON entry.parent = folder.id
			)
			SELECT directory.location AS location, count(*) AS deleted, top.files + top.folders AS total
			FROM going JOIN entry ON entry.id = going.id JOIN directory ON directory.entry = coalesce(entry.parent, entry.id)
				JOIN location ON location.id = directory.location JOIN directory AS top ON top.entry = location.entry
			GROUP BY directory.location`
		)
		.all([slot * numbersPerSlot, (slot + 1) * numbersPerSlot])
		.map((row) => ({
			location: locationId(row['location']),
			deleted: Number(row['deleted']),
			of: Number(row['total'])
		}));
}

/** How many folders hold a folder. */
export function readDepth(database: Database, folder: EntryId): number {
	return Number(database.prepare('SELECT max(depth) FROM closure WHERE descendant = ?').column([folder])[0] ?? 0);
}

/** The bytes of the largest location of a slot. */
export function readLargest(database: Database, slot: number): number {
	const [largest] = database
		.prepare(
			`SELECT max(folder.sizeBytes) FROM location JOIN entry AS folder ON folder.id = location.entry
			WHERE location.id > ? AND location.id < ?`
		)
		.column([slot * numbersPerSlot, (slot + 1) * numbersPerSlot]);
	return Number(largest ?? 0);
}
