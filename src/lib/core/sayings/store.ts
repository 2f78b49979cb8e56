import { deviceId, invariant, stampMs, stampOf, type DeviceId, type Stamp } from '#core/kernel';
import type { SqlRow } from '#core/ports';
import type { Database } from '#core/schema';
import { bytesToBody } from './fact-bytes.ts';
import { emptyBody, factKinds, takingKinds, type Fact } from './fact.ts';

/** A fact as it is kept and as it travels. */
export type StoredFact = {
	readonly device: DeviceId;
	readonly stamp: Stamp;
	readonly kind: number;
	readonly subject: Uint8Array;
	readonly body: Uint8Array;
};

/** The stamp of the last fact that is here of each device. */
export type Heard = Map<DeviceId, Stamp>;

function bytesIn(row: SqlRow, name: string): Uint8Array {
	const value = row[name];
	invariant(value instanceof Uint8Array, 'bytes are kept as bytes');
	return value;
}

function rowToStored(row: SqlRow): StoredFact {
	return {
		device: deviceId(row['device']),
		stamp: stampOf(row['stamp']),
		kind: Number(row['kind']),
		subject: bytesIn(row, 'subject'),
		body: bytesIn(row, 'body')
	};
}

/** Kinds that this version does not know have bodies that it does not read. */
export function storedToFact({ body, ...fact }: StoredFact): Fact {
	return { ...fact, body: bytesToBody(body) ?? emptyBody };
}

const columns = 'device.id AS device, fact.stamp, fact.kind, fact.subject, fact.body';
const facts = 'fact JOIN device ON device.slot = fact.slot';

/** Facts about a subject, those before `from` left out. */
export function readFacts(database: Database, subject: Uint8Array, from: Stamp = stampOf(0)): Fact[] {
	return database
		.prepare(`SELECT ${columns} FROM ${facts} WHERE fact.subject = ? AND fact.stamp >= ?`)
		.all([subject, from])
		.map((row) => storedToFact(rowToStored(row)));
}

/** Facts of one kind about a subject. */
export function readFactsOfKind(database: Database, subject: Uint8Array, kind: number): Fact[] {
	return database
		.prepare(`SELECT ${columns} FROM ${facts} WHERE fact.subject = ? AND fact.kind = ?`)
		.all([subject, kind])
		.map((row) => storedToFact(rowToStored(row)));
}

/** Facts with more bytes are about many things at once, and are not looked through for one. */
const smallBytes = 4_096;

/** The last facts about a subject before another, the latest first: of those about few things, at most `limit`. */
export function readSmallBefore(database: Database, { subject, stamp }: Fact, limit: number): Fact[] {
	return database
		.prepare(
			`SELECT ${columns} FROM ${facts} WHERE fact.subject = ? AND fact.stamp < ? AND length(fact.body) < ${smallBytes}
			ORDER BY fact.stamp DESC LIMIT ?`
		)
		.all([subject, stamp, limit])
		.map((row) => storedToFact(rowToStored(row)));
}

/** Facts after `after` in the order of their stamps: at most `limit`, and those of the same stamp as the last. */
export function* readFactsAfter(database: Database, after: Stamp, limit: number): Generator<StoredFact> {
	const read = database.prepare(
		`SELECT ${columns} FROM ${facts} WHERE (fact.stamp, fact.slot) > (?, ?) ORDER BY fact.stamp, fact.slot LIMIT ?`
	);
	const slots = database.prepare('SELECT slot FROM device WHERE id = ?');
	let at: readonly [number, number] = [after, Number.MAX_SAFE_INTEGER];
	for (;;) {
		const page = read.all([...at, limit]).map(rowToStored);
		yield* page;
		const last = page.at(-1);
		if (last === undefined || page.length < limit) return;
		at = [last.stamp, Number(slots.column([last.device])[0])];
	}
}

/** Facts about a subject after `after` that take something away. */
export function readTakings(database: Database, subject: Uint8Array, after: Stamp): Fact[] {
	return database
		.prepare(
			`SELECT ${columns} FROM ${facts} WHERE fact.subject = ? AND fact.stamp > ? AND fact.kind IN (${[...takingKinds].join()})`
		)
		.all([subject, after])
		.map((row) => storedToFact(rowToStored(row)));
}

/**
 * The latest facts of other devices, the latest first, at most `limit`; not those that a device has said within
 * `beginningMs` of when it began to take part.
 */
export function readLatestOfOthers(database: Database, limit: number, beginningMs: number): Fact[] {
	const begun = new Map(
		database
			.prepare(
				`SELECT slot, max(stamp) AS stamp FROM fact WHERE subject = x'' AND kind = ${factKinds.begin} GROUP BY slot`
			)
			.all([])
			.map((row) => [Number(row['slot']), stampMs(stampOf(row['stamp']))])
	);
	return database
		.prepare(`SELECT ${columns}, fact.slot FROM ${facts} WHERE fact.slot > 0 ORDER BY fact.stamp DESC LIMIT ?`)
		.all([limit])
		.filter((row) => stampMs(stampOf(row['stamp'])) - (begun.get(Number(row['slot'])) ?? -Infinity) >= beginningMs)
		.map((row) => storedToFact(rowToStored(row)));
}

/** What facts up to `upTo` are about, each once. */
export function readSubjects(database: Database, upTo: Stamp): Uint8Array[] {
	return database
		.prepare('SELECT DISTINCT subject FROM fact WHERE stamp <= ?')
		.all([upTo])
		.map((row) => bytesIn(row, 'subject'));
}

/** Leaves a fact out of the log from now on; of this device it is noted how far that goes. */
export function leaveOut(database: Database, { device, stamp }: Pick<Fact, 'device' | 'stamp'>): void {
	const [slot] = database.prepare('SELECT slot FROM device WHERE id = ?').column([device]);
	database.prepare('DELETE FROM fact WHERE stamp = ? AND slot = ?').run([stamp, slot ?? null]);
	if (slot === 0) database.prepare('UPDATE device SET prunedStamp = max(prunedStamp, ?) WHERE slot = 0').run([stamp]);
}

export function insertFact(
	database: Database,
	slot: number,
	{ stamp, kind, subject, body }: Omit<StoredFact, 'device'>
) {
	database
		.prepare('INSERT INTO fact (stamp, slot, kind, subject, body) VALUES (?, ?, ?, ?, ?)')
		.run([stamp, slot, kind, subject, body]);
}

/** What is here of each device that has said something. */
export function readHeard(database: Database): Heard {
	const rows = database.prepare('SELECT id, heardStamp FROM device WHERE heardStamp > 0').all();
	return new Map(rows.map((row) => [deviceId(row['id']), stampOf(row['heardStamp'])]));
}

export function writeHeard(database: Database, slot: number, stamp: Stamp): void {
	database.prepare('UPDATE device SET heardStamp = ? WHERE slot = ? AND heardStamp < ?').run([stamp, slot, stamp]);
}

/** Another device has the facts of this one up to `stamp`, as far as there are any. */
export function writeTaken(database: Database, stamp: Stamp): void {
	const sql = 'UPDATE device SET takenStamp = min(?, heardStamp) WHERE slot = 0 AND takenStamp < min(?, heardStamp)';
	database.prepare(sql).run([stamp, stamp]);
}

/** Up to which stamp another device has the facts of this one. */
export function readHad(database: Database, peer: DeviceId): Stamp {
	const [had = 0] = database.prepare('SELECT hadStamp FROM device WHERE id = ? AND slot > 0').column([peer]);
	return stampOf(had);
}

export function writeHad(database: Database, peer: DeviceId, stamp: Stamp): void {
	database.prepare('UPDATE device SET hadStamp = ? WHERE id = ? AND slot > 0').run([stamp, peer]);
}

/** How many facts this device has made after `after`, up to `limit`; that it takes part is none that a person has said. */
export function countOwnAfter(database: Database, after: Stamp, limit: number): number {
	const [count] = database
		.prepare(
			`SELECT count(*) FROM (SELECT 1 FROM fact WHERE stamp > ? AND slot = 0 AND kind <> ${factKinds.begin} LIMIT ?)`
		)
		.column([after, limit]);
	return Number(count);
}

/** The highest stamp that is here; this device goes on after it. */
export function readLatest(database: Database): Stamp {
	return stampOf(Number(database.prepare('SELECT coalesce(max(heardStamp), 0) FROM device').column()[0]));
}

/** Whether this library keeps facts: it does so from when it first meets another device. */
export function isBegun(database: Database): boolean {
	return database.prepare('SELECT 1 FROM device WHERE slot = 0 AND heardStamp > 0').get([]) !== undefined;
}

export type Overwritten = {
	readonly subject: Uint8Array;
	readonly field: string;
	readonly target: number | null;
	readonly lost: string;
	readonly kept: string;
	readonly slot: number;
	readonly stamp: Stamp;
	/** By whom and when the lost value was set. */
	readonly lostSlot: number;
	readonly lostStamp: Stamp;
};

/** As far as a person looks back. */
const overwrittenMax = 1_000;

export function insertOverwritten(database: Database, one: Overwritten): void {
	const { lastId } = database
		.prepare(
			`INSERT INTO overwritten (subject, field, target, lost, kept, slot, stamp, lostSlot, lostStamp)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`
		)
		.run([one.subject, one.field, one.target, one.lost, one.kept, one.slot, one.stamp, one.lostSlot, one.lostStamp]);
	database.prepare('DELETE FROM overwritten WHERE id <= ?').run([lastId - overwrittenMax]);
}
