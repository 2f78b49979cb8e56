import { driftMaxMs, lastStampAt, nextStamp, stampOf, type DeviceId, type Stamp } from '#core/kernel';
import type { Database } from '#core/schema';
import { thisDevice } from '#core/sync';
import { hasComeBackTo } from './come-back.ts';
import { readHad, writeHad, writeTaken, type Heard } from './store.ts';

/**
 * Notes how far another device has the facts of this one; answers whether that can be. It cannot where the library was
 * restored, or made anew, on a device that had said more than is in it: what it would say now with the same id would
 * never be heard where the rest is. Run inside `write`.
 */
export function noteTaken(database: Database, theirs: Heard): boolean {
	const self = thisDevice(database);
	const taken = self === null ? undefined : theirs.get(self);
	// One that comes back takes what others have of it before it says anything.
	if (taken === undefined || taken === 0 || hasComeBackTo(database) !== null) return true;
	const isSaid = database.prepare(
		`SELECT 1 FROM fact WHERE stamp = ? AND slot = 0 UNION ALL SELECT 1 FROM device WHERE slot = 0 AND prunedStamp >= ?`
	);
	if (isSaid.get([taken, taken]) === undefined) return false;
	writeTaken(database, taken);
	return true;
}

/** The facts of this device that `peer` has by now, where that is more than was known; null where it is not. */
export function newlyHad(database: Database, peer: DeviceId, theirs: Heard): Stamp | null {
	const self = thisDevice(database);
	const had = self === null ? undefined : theirs.get(self);
	return had === undefined || had <= readHad(database, peer) ? null : had;
}

/** Notes how far `peer` has the facts of this device. Run inside `write`. */
export function noteHad(database: Database, peer: DeviceId, theirs: Heard): void {
	const had = newlyHad(database, peer, theirs);
	if (had !== null && noteTaken(database, theirs)) writeHad(database, peer, had);
}

type Reach = { readonly own: Stamp; readonly taken: Stamp; readonly others: Stamp };

function readReach(database: Database): Reach {
	const row = database
		.prepare(
			`SELECT max(iif(slot = 0, heardStamp, 0)) AS own, max(iif(slot = 0, max(takenStamp, 0), 0)) AS taken,
			max(iif(slot = 0, 0, heardStamp)) AS others FROM device`
		)
		.get([]);
	return { own: stampOf(row?.['own']), taken: stampOf(row?.['taken']), others: stampOf(row?.['others']) };
}

/**
 * Whether this device has said things while its clock was ahead, and nobody has taken them: others refuse them, and all
 * that it says after them. Where something of others is as far ahead it is this clock that is behind by now. It shows nothing
 * where nobody has refused anything: a clock that was set back does not make what was said before it wrong.
 */
export function isAhead(database: Database, nowMs: number): boolean {
	const { own, taken, others } = readReach(database);
	const limit = lastStampAt(Math.max(0, nowMs) + driftMaxMs);
	return own > limit && taken <= limit && others <= limit;
}

/** Gives what was said from the future the next stamps from now on, in the order in which it was said. Run inside `write`. */
export function recallFuture(database: Database, nowMs: number): void {
	const { others } = readReach(database);
	const limit = lastStampAt(nowMs + driftMaxMs);
	const [before] = database.prepare('SELECT max(stamp) FROM fact WHERE slot = 0 AND stamp <= ?').column([limit]);
	let latest = stampOf(Math.max(others, Number(before ?? 0)));
	const restamp = database.prepare('UPDATE fact SET stamp = ? WHERE id = ?');
	const ahead = 'SELECT id FROM fact WHERE slot = 0 AND stamp > ? ORDER BY stamp';
	for (const id of database.prepare(ahead).column([limit])) {
		latest = nextStamp(latest, nowMs);
		restamp.run([latest, id]);
	}
	database.prepare('UPDATE device SET heardStamp = ? WHERE slot = 0').run([latest]);
}
