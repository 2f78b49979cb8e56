import type { Selectable } from 'kysely';
import {
	entryId,
	invariant,
	isReplica,
	locationId,
	volumeId,
	volumeKey,
	type EntryId,
	type LocationId,
	type VolumeId,
	type VolumeKey
} from '#core/kernel';
import type { DiskVolume, Medium, RootRef, VolumeKind } from '#core/ports';
import { build, takeOwnNumber, type Database, type Tables } from '#core/schema';
import { splitNumber } from '#core/sync';
import {
	isIndexMode,
	type IndexMode,
	type LastRun,
	type Location,
	type LocationNotHere,
	type LocationProblem,
	type NotOnThisDevice,
	type Place,
	type Volume
} from './schema.ts';
import { isStorageClass, physicalClassOf, tierOf, type Speed, type StorageClass } from './storage-class.ts';

/** Both were written by this room, so their text is what it wrote. */
function isRoot(text: string): text is RootRef {
	return text !== '';
}

function isProblem(value: unknown): value is LocationProblem {
	return typeof value === 'object' && value !== null && 'type' in value;
}

function toProblem(text: string | null): LocationProblem | null {
	const value: unknown = text === null ? null : JSON.parse(text);
	return isProblem(value) ? value : null;
}

const offlineTypes: ReadonlySet<LocationProblem['type']> = new Set([
	'FolderMissing',
	'FolderUnreadable',
	'VolumeReplaced',
	'NotOnThisDevice'
]);

export function isOffline(problem: LocationProblem | null): boolean {
	return problem !== null && offlineTypes.has(problem.type);
}

function rowToLocation(database: Database, row: Selectable<Tables['location']>, volumes: readonly Volume[]): Location {
	invariant(isRoot(row.root), 'a location has a root');
	const problem = whyNotHere(database, row.id) ?? toProblem(row.problem);
	const place = row.volume === null ? null : { volume: volumeId(row.volume), path: toPath(row.pathInVolume) };
	const physical = volumes.find(({ id }) => id === place?.volume)?.physicalClass ?? null;
	return {
		id: locationId(row.id),
		name: row.name,
		root: row.root,
		entry: entryId(row.entry),
		addedMs: row.addedMs,
		indexedMs: row.indexedMs,
		unfinished: row.unfinished === 1,
		problem,
		place,
		tier: tierOf(physical, isStorageClass(row.logicalClass) ? row.logicalClass : null),
		mode: isIndexMode(row.mode) ? row.mode : 'content',
		isOffline: isOffline(problem),
		hasMoved: row.claim > 0
	};
}

/** The locations of this device: whatever works on disks knows no others. */
export function readLocations(database: Database): Location[] {
	return readEverywhere(database).filter(({ id }) => !isReplica(id));
}

/** With the replicas of those of other devices, which are to be looked at only; this device's come first. */
export function readEverywhere(database: Database): Location[] {
	const volumes = readVolumes(database);
	// What was put away is at another device by now, and told of by that one.
	const away = build.selectFrom('trash_bin').select('entry').where('name', '=', '');
	const rows = database.all(build.selectFrom('location').selectAll().where('entry', 'not in', away).orderBy('id'));
	return rows.map((row) => rowToLocation(database, row, volumes));
}

/** One of this device. */
export function readLocation(database: Database, id: LocationId): Location | null {
	const row = isReplica(id) ? undefined : database.first(build.selectFrom('location').selectAll().where('id', '=', id));
	return row === undefined ? null : rowToLocation(database, row, readVolumes(database));
}

/** Why this device has no such location. */
export function whyMissing(database: Database, id: LocationId): LocationNotHere {
	return whyNotHere(database, id) ?? { type: 'LocationMissing' };
}

/** Why nothing is done here with what has `id`; null where it is this device's. */
function whyNotHere(database: Database, id: number): NotOnThisDevice | null {
	if (!isReplica(id)) return null;
	const [name] = database.prepare('SELECT name FROM device WHERE slot = ?').column([splitNumber(id).slot]);
	return { type: 'NotOnThisDevice', device: String(name ?? '') };
}

export function insertLocation(
	database: Database,
	location: { readonly name: string; readonly root: RootRef; readonly entry: EntryId; readonly addedMs: number }
): LocationId {
	const blank = { indexedMs: null, problem: null, volume: null, pathInVolume: null, logicalClass: null };
	const id = takeOwnNumber(database, 'location');
	database.run(build.insertInto('location').values({ ...location, ...blank, id, run: 0, unfinished: 0 }));
	return locationId(id);
}

/** How many locations were renamed: 0 or 1. */
export function updateName(database: Database, id: LocationId, name: string): number {
	return database.run(build.updateTable('location').set({ name }).where('id', '=', id)).changes;
}

/** How many locations were removed: 0 or 1. A volume is known as long as a location lies on it. */
export function deleteLocation(database: Database, id: LocationId): number {
	const { changes } = database.run(build.deleteFrom('location').where('id', '=', id));
	deleteUnusedVolumes(database);
	return changes;
}

export function updateProblem(database: Database, id: LocationId, problem: LocationProblem | null): void {
	const text = problem === null ? null : JSON.stringify(problem);
	// A disk that is plugged in again is held on to again.
	const set = isOffline(problem) ? { problem: text, insistedMs: null } : { problem: text };
	database.run(build.updateTable('location').set(set).where('id', '=', id));
}

/** The number of the index run to do now: the unfinished one, or a new one. Marks it as begun. */
export function beginRun(database: Database, id: LocationId): number {
	const row = database.first(build.selectFrom('location').select(['run', 'unfinished']).where('id', '=', id));
	if (row === undefined) return 0;
	const run = row.unfinished === 1 ? row.run : row.run + 1;
	const begun = { run, unfinished: 1, problem: null };
	database.run(build.updateTable('location').set(begun).where('id', '=', id));
	return run;
}

/** The number of the last index run, and whether it has come to its end; null where there is no such location. */
export function readRun(database: Database, id: LocationId): LastRun | null {
	const columns = ['run', 'unfinished', 'newestEntry'] as const;
	const row = database.first(build.selectFrom('location').select(columns).where('id', '=', id));
	return row === undefined ? null : { run: row.run, isOver: row.unfinished === 0, newestEntry: row.newestEntry };
}

export function endRun(database: Database, id: LocationId, indexedMs: number, newestEntry: number): void {
	const ended = { unfinished: 0, indexedMs, newestEntry };
	database.run(build.updateTable('location').set(ended).where('id', '=', id));
}

/** The joint of the names of a path; none of them holds one. */
function toPath(text: string | null): readonly string[] {
	return (text ?? '').split('/').filter((name) => name !== '');
}

/** Both are written from values of the port's types. */
function isKind(text: string): text is VolumeKind {
	return text !== '';
}

function isMedium(text: string | null): text is Medium {
	return text !== null;
}

function rowToVolume(row: Selectable<Tables['volume']>): Volume {
	invariant(isKind(row.kind), 'a volume has a kind');
	const medium = isMedium(row.medium) ? row.medium : null;
	const { bytesPerSecond, isSpeedDirect } = row;
	const speed = bytesPerSecond === null ? null : { bytesPerSecond, isDirect: isSpeedDirect === 1 };
	return {
		id: volumeId(row.id),
		key: volumeKey(row.key),
		identity: row.identity,
		isOwnIdentity: row.isOwnIdentity === 1,
		name: row.name,
		label: row.label,
		kind: row.kind,
		fileSystem: row.fileSystem,
		medium,
		capacityBytes: row.capacityBytes,
		freeBytes: row.freeBytes,
		speed,
		physicalClass: physicalClassOf(medium, speed),
		isOnline: row.isOnline === 1,
		seenMs: row.seenMs
	};
}

export function readVolumes(database: Database): Volume[] {
	return database.all(build.selectFrom('volume').selectAll().orderBy('id')).map(rowToVolume);
}

/** One of this device. */
export function readVolume(database: Database, id: VolumeId): Volume | null {
	if (isReplica(id)) return null;
	const row = database.first(build.selectFrom('volume').selectAll().where('id', '=', id));
	return row === undefined ? null : rowToVolume(row);
}

/** Writes what was seen of a volume just now; makes its row, under `key`, where it was not known. */
export function writeVolume(database: Database, seen: DiskVolume, key: VolumeKey, seenMs: number): VolumeId {
	const facts = { ...seen, isOwnIdentity: seen.isOwnIdentity ? 1 : 0, isOnline: 1, seenMs };
	const known = database.first(build.selectFrom('volume').select('id').where('identity', '=', seen.identity));
	if (known !== undefined) {
		database.run(build.updateTable('volume').set(facts).where('id', '=', known.id));
		return volumeId(known.id);
	}
	const blank = { name: null, bytesPerSecond: null, isSpeedDirect: 0 };
	const id = takeOwnNumber(database, 'volume');
	database.run(build.insertInto('volume').values({ ...facts, ...blank, id, key }));
	return volumeId(id);
}

export function updateOnline(database: Database, id: VolumeId, isOnline: boolean): void {
	database.run(
		build
			.updateTable('volume')
			.set({ isOnline: isOnline ? 1 : 0 })
			.where('id', '=', id)
	);
}

export function updateSpeed(database: Database, id: VolumeId, speed: Speed): void {
	const set = { bytesPerSecond: speed.bytesPerSecond, isSpeedDirect: speed.isDirect ? 1 : 0 };
	database.run(build.updateTable('volume').set(set).where('id', '=', id));
}

/** How many volumes were renamed: 0 or 1. */
export function updateVolumeName(database: Database, id: VolumeId, name: string | null): number {
	return database.run(build.updateTable('volume').set({ name }).where('id', '=', id)).changes;
}

export function updatePlace(database: Database, id: LocationId, { volume, path }: Place): void {
	const set = { volume, pathInVolume: path.join('/') };
	database.run(build.updateTable('location').set(set).where('id', '=', id));
	deleteUnusedVolumes(database);
}

export function updateRoot(database: Database, id: LocationId, root: RootRef): void {
	database.run(build.updateTable('location').set({ root }).where('id', '=', id));
}

/** How many locations were changed: 0 or 1. */
export function updateMode(database: Database, id: LocationId, mode: IndexMode): number {
	return database.run(build.updateTable('location').set({ mode }).where('id', '=', id)).changes;
}

/** How many locations were changed: 0 or 1. */
export function updateLogicalClass(database: Database, id: LocationId, logicalClass: StorageClass | null): number {
	return database.run(build.updateTable('location').set({ logicalClass }).where('id', '=', id)).changes;
}

function deleteUnusedVolumes(database: Database): void {
	const used = build.selectFrom('location').select('volume').where('volume', 'is not', null);
	database.run(build.deleteFrom('volume').where('id', 'not in', used));
}
