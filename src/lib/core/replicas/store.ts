import { invariant, numbersPerSlot, type DeviceId } from '#core/kernel';
import type { SqlRow, SqlValue } from '#core/ports';
import { entryKindName, type Database } from '#core/schema';
import { deviceOf } from '#core/sync';
import { placesEntry } from './share.ts';
import type { BatchContent, BatchLocation, BatchVolume, Places, Watermark } from './schema.ts';
import { travelTime } from './wire-batch.ts';

function toBytes(value: SqlValue | undefined): Uint8Array {
	invariant(value instanceof Uint8Array, 'the column holds bytes');
	return value;
}

export function numberOrNull(value: SqlValue | undefined): number | null {
	return typeof value === 'number' ? value : null;
}

function textOrNull(value: SqlValue | undefined): string | null {
	return typeof value === 'string' ? value : null;
}

/** This device's own index, as far as others may have it: up to which change, and from where on all changes are known. */
export type OwnShare = {
	readonly epoch: Uint8Array;
	readonly prunedSeq: number;
	readonly head: number;
	/** Entries in all locations. */
	readonly total: number;
};

export function readShare(database: Database): OwnShare | null {
	const row = database
		.prepare(
			`SELECT epoch, prunedSeq, (SELECT max(seq) FROM index_change) AS head,
				(SELECT sum(directory.files + directory.folders) FROM location
					JOIN directory ON directory.entry = location.entry WHERE location.id < ${numbersPerSlot}) AS total
			FROM index_share`
		)
		.get();
	if (row === undefined) return null;
	const [head, total] = [Number(row['head'] ?? 0), Number(row['total'] ?? 0)];
	return { epoch: toBytes(row['epoch']), prunedSeq: Number(row['prunedSeq']), head, total };
}

export function writeEpoch(database: Database, epoch: Uint8Array): void {
	database.prepare('UPDATE index_share SET epoch = ?').run([epoch]);
}

/** Of this device's index what another one has whole; null where it was not told all of it so far. */
export type Had = { readonly epoch: Uint8Array; readonly seq: number };

export function readHad(database: Database, peer: DeviceId): Had | null {
	const row = database.prepare('SELECT hadEpoch, hadSeq FROM device WHERE id = ? AND slot > 0').get([peer]);
	const epoch = row?.['hadEpoch'];
	return epoch instanceof Uint8Array ? { epoch, seq: Number(row?.['hadSeq']) } : null;
}

export function writeHad(database: Database, peer: DeviceId, { epoch, seq }: Had): void {
	database.prepare('UPDATE device SET hadEpoch = ?, hadSeq = ? WHERE id = ? AND slot > 0').run([epoch, seq, peer]);
}

/**
 * How many entries of this device's index have changed after `seq`, up to `limit`. Folders that are there are not among
 * them: each has another time with whatever changes in it.
 */
export function countChangedAfter(database: Database, seq: number, limit: number): number {
	const [count] = database
		.prepare(
			`SELECT count(*) FROM (
				SELECT 1 FROM index_change LEFT JOIN entry ON entry.id = index_change.entry
				WHERE index_change.seq > ? AND index_change.entry > ${placesEntry} AND entry.kind IS NOT 0 LIMIT ?)`
		)
		.column([seq, limit]);
	return Number(count);
}

/** Files and folders in all locations of the device in `slot`. */
export function countEntries(database: Database, slot: number): number {
	const [count] = database
		.prepare(
			`SELECT sum(directory.files + directory.folders) FROM location
				JOIN directory ON directory.entry = location.entry WHERE location.id > ? AND location.id < ?`
		)
		.column([slot * numbersPerSlot, (slot + 1) * numbersPerSlot]);
	return Number(count ?? 0);
}

/** How far this device has come with the index of the one in `slot`; `head` is the newest state of it that was seen. */
export type Replica = {
	readonly mark: Watermark;
	readonly head: number;
	/** Of what is kept to be passed on: the pass, and the changes after it. */
	readonly passBytes: number;
	readonly changeBytes: number;
	/** Entries that the pass has told of by now, of `total`. */
	readonly told: number;
	readonly total: number;
};
/** `kept`: of entries that the owner has no more a person has said that so many stay. */
export type KnownReplica = Replica & { readonly kept: number };

/** Changes in all may be as much as the pass before them, and so much more. */
const longBytes = 4 * 1024 * 1024;

/** Whether all of one state of the owner is here. */
export function isWhole({ mark, head }: Replica): boolean {
	return mark.reached === null && mark.seq === head;
}

/** Whether what is kept to be passed on is to be had shorter. */
export function isLong(replica: Replica): boolean {
	const { passBytes, changeBytes } = replica;
	return isWhole(replica) && (passBytes === 0 || changeBytes > passBytes + longBytes);
}

function rowToReplica(row: SqlRow): KnownReplica {
	const mark = { epoch: toBytes(row['epoch']), reached: numberOrNull(row['reached']), seq: Number(row['seq']) };
	const [passBytes, changeBytes] = [Number(row['passBytes']), Number(row['changeBytes'])];
	return {
		mark,
		head: Number(row['head']),
		passBytes,
		changeBytes,
		told: Number(row['told']),
		total: Number(row['total']),
		kept: Number(row['kept'])
	};
}

export function readReplica(database: Database, slot: number): KnownReplica | null {
	const row = database.prepare('SELECT * FROM replica WHERE slot = ?').get([slot]);
	return row === undefined ? null : rowToReplica(row);
}

export function writeReplica(database: Database, slot: number, replica: Replica): void {
	const { mark, head, passBytes, changeBytes, told, total } = replica;
	database
		.prepare(
			`INSERT INTO replica (slot, epoch, reached, seq, head, passBytes, changeBytes, told, total)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (slot) DO UPDATE
			SET epoch = excluded.epoch, reached = excluded.reached, seq = excluded.seq, head = excluded.head,
				passBytes = excluded.passBytes, changeBytes = excluded.changeBytes, told = excluded.told, total = excluded.total`
		)
		.run([slot, mark.epoch, mark.reached, mark.seq, head, passBytes, changeBytes, told, total]);
}

export function writeKept(database: Database, slot: number, kept: number): void {
	database.prepare('UPDATE replica SET kept = ? WHERE slot = ?').run([kept, slot]);
}

export type OwnedReplica = { readonly owner: DeviceId; readonly slot: number; readonly replica: Replica };

export function readReplicas(database: Database): OwnedReplica[] {
	return database
		.prepare('SELECT * FROM replica ORDER BY slot')
		.all([])
		.flatMap((row) => {
			const slot = Number(row['slot']);
			const owner = deviceOf(database, slot);
			return owner === null ? [] : [{ owner, slot, replica: rowToReplica(row) }];
		});
}

/** A change of this device's index. */
export type Change = { readonly seq: number; readonly entry: number; readonly state: number };

export function readChanges(database: Database, after: number, limit: number): Change[] {
	return database
		.prepare('SELECT seq, entry, state FROM index_change WHERE seq > ? ORDER BY seq LIMIT ?')
		.all([after, limit])
		.map((row) => ({ seq: Number(row['seq']), entry: Number(row['entry']), state: Number(row['state']) }));
}

/** Tells the last change of an entry, 0 where none is known. */
export function changeReader(database: Database): (entry: number) => number {
	const statement = database.prepare('SELECT seq FROM index_change WHERE entry = ?');
	return (entry) => Number(statement.column([entry])[0] ?? 0);
}

/** An entry of this device that lies in a location, and not in its trash. */
export type PlacedRow = {
	readonly id: number;
	/** Null for the folder of a location. */
	readonly parent: number | null;
	readonly kind: ReturnType<typeof entryKindName>;
	readonly name: string;
	readonly sizeBytes: number;
	readonly modifiedMs: number | null;
	readonly content: number | null;
	readonly isDamaged: boolean;
};

const placedSql = `SELECT entry.id, entry.parent, entry.kind, entry.name, entry.sizeBytes, entry.modifiedMs,
	entry.content, entry.proven FROM entry JOIN directory ON directory.entry = entry.parent`;

function rowToPlaced(row: SqlRow): PlacedRow {
	const kind = entryKindName(Number(row['kind']));
	return {
		id: Number(row['id']),
		parent: numberOrNull(row['parent']),
		kind,
		name: String(row['name']),
		sizeBytes: kind === 'directory' ? 0 : Number(row['sizeBytes']),
		modifiedMs: travelTime(numberOrNull(row['modifiedMs'])),
		content: numberOrNull(row['content']),
		isDamaged: row['proven'] === 2
	};
}

/** Those numbered above `after` and up to `last`, by their numbers. */
export function readPlaced(database: Database, after: number, last: number): PlacedRow[] {
	return database
		.prepare(`${placedSql} WHERE entry.id > ? AND entry.id <= ? ORDER BY entry.id`)
		.all([after, last])
		.map(rowToPlaced);
}

/** The number of the `count`th entry of this device after `after`; null where there are fewer. */
export function readNth(database: Database, after: number, count: number): number | null {
	const [nth] = database
		.prepare('SELECT id FROM entry WHERE id > ? AND id < ? ORDER BY id LIMIT 1 OFFSET ?')
		.column([after, numbersPerSlot, count - 1]);
	return numberOrNull(nth);
}

export function placedReader(database: Database): (id: number) => PlacedRow | null {
	const statement = database.prepare(`${placedSql} WHERE entry.id = ?`);
	return (id) => {
		const row = statement.get([id]);
		return row === undefined ? null : rowToPlaced(row);
	};
}

/** Whether an entry lies in the trash itself. */
export function isTrashed(database: Database, entry: number): boolean {
	return database.prepare('SELECT 1 FROM trashed WHERE entry = ?').get([entry]) !== undefined;
}

/** Tells what travels of a content of this device. */
export function contentReader(database: Database): (id: number) => BatchContent | null {
	const statement = database.prepare('SELECT identity, split, kind, type, confidence, proof FROM content WHERE id = ?');
	return (id) => {
		const row = statement.get([id]);
		if (row === undefined) return null;
		const proof = row['proof'];
		return {
			identity: toBytes(row['identity']),
			// Which of several is the first one, each device says for itself: the proof tells them apart.
			proof: Number(row['split']) > 0 && proof instanceof Uint8Array ? proof : null,
			kind: Number(row['kind']),
			type: String(row['type']),
			confidence: Number(row['confidence'])
		};
	};
}

/** All locations that a device has, by its own numbers, and the volumes that they lie on. */
export function readPlaces(database: Database, slot: number): Places {
	const [least, below] = [slot * numbersPerSlot, (slot + 1) * numbersPerSlot];
	const own = (value: SqlValue | undefined) => Number(value) - least;
	const locations = database
		.prepare(
			`SELECT location.id, location.name, location.entry, location.addedMs, location.indexedMs,
				location.pathInVolume, location.logicalClass, location.claim, folder.modifiedMs, volume.key,
				iif(location.claim > 0, (SELECT heardStamp FROM device WHERE slot = 0), 0) AS claimSaid
			FROM location JOIN entry AS folder ON folder.id = location.entry
				LEFT JOIN volume ON volume.id = location.volume
			WHERE location.id > ? AND location.id < ? ORDER BY location.id`
		)
		.all([least, below])
		.map((row): BatchLocation => ({
			number: own(row['id']),
			name: String(row['name']),
			entry: own(row['entry']),
			modifiedMs: travelTime(numberOrNull(row['modifiedMs'])),
			addedMs: Number(row['addedMs']),
			indexedMs: numberOrNull(row['indexedMs']),
			volume: textOrNull(row['key']),
			pathInVolume: textOrNull(row['pathInVolume']),
			logicalClass: textOrNull(row['logicalClass']),
			claim: Number(row['claim']),
			claimSaid: Number(row['claimSaid'] ?? 0)
		}));
	const volumes = database
		.prepare('SELECT * FROM volume WHERE id IN (SELECT volume FROM location WHERE id > ? AND id < ?) ORDER BY key')
		.all([least, below])
		.map((row): BatchVolume => ({
			key: String(row['key']),
			identity: String(row['identity']),
			isOwnIdentity: row['isOwnIdentity'] === 1,
			name: textOrNull(row['name']),
			kind: String(row['kind']),
			fileSystem: textOrNull(row['fileSystem']),
			label: textOrNull(row['label']),
			medium: textOrNull(row['medium']),
			capacityBytes: numberOrNull(row['capacityBytes']),
			freeBytes: numberOrNull(row['freeBytes']),
			seenMs: Number(row['seenMs'])
		}));
	return { volumes, locations };
}
