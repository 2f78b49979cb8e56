import { nextStamp, numbersPerSlot, stampOf, type Stamp } from '#core/kernel';
import { leaveOutNumbers, type Database } from '#core/schema';
import { thisDevice } from '#core/sync';
import { readLatest, type Heard } from './store.ts';

/** 2026-01-01, before any library was made. */
const firstMs = 1_767_225_600_000;

/**
 * A device may come to a library again, with a copy that is new: what it said there before is with the others alone, and
 * stays its word. It takes that back first, and says nothing before it has. While that is so `takenStamp` of this device is
 * −1 less the stamp up to which it has its own words of before.
 */
export function beginComingBack(database: Database): void {
	database.prepare('UPDATE device SET takenStamp = -1 WHERE slot = 0 AND heardStamp = 0').run();
}

/** Up to which stamp a device that may have been here before has its own words of then; null where it speaks for itself. */
export function hasComeBackTo(database: Database): Stamp | null {
	const [taken] = database.prepare('SELECT takenStamp FROM device WHERE slot = 0').column();
	return Number(taken) < 0 ? stampOf(-1 - Number(taken)) : null;
}

/**
 * Makes room for words of this device of before, up to `stamp`: what it has said since, which nobody has heard, gets the next
 * stamps after them. Run inside `write`, before they are taken over.
 */
export function takeBackTo(database: Database, stamp: Stamp, nowMs: number): void {
	const since = database
		.prepare('SELECT id FROM fact WHERE slot = 0 AND stamp > ? ORDER BY stamp')
		.column([hasComeBackTo(database) ?? 0]);
	let latest = stampOf(Math.max(readLatest(database), stamp));
	const restamp = database.prepare('UPDATE fact SET stamp = ? WHERE id = ?');
	for (const id of since) {
		latest = nextStamp(latest, nowMs);
		restamp.run([latest, id]);
	}
	const heard = since.length === 0 ? stamp : latest;
	database
		.prepare('UPDATE device SET takenStamp = ?, heardStamp = max(heardStamp, ?) WHERE slot = 0')
		.run([-1 - stamp, heard]);
}

/** From now on it speaks for itself. Run inside `write`. */
function endComingBack(database: Database): void {
	// Others may have any of its words of before, also those that nobody gave it as they mean nothing by now.
	database
		.prepare(
			`UPDATE device SET prunedStamp = max(prunedStamp, -1 - takenStamp), takenStamp = -1 - takenStamp
			WHERE slot = 0 AND takenStamp < 0`
		)
		.run();
}

/** Entries that no copy of the library on this device has numbered: it gives fewer than a thousand a second of its life. */
function newNumbersAfter(nowMs: number): number {
	return Math.min(numbersPerSlot / 2, Math.max(0, nowMs - firstMs));
}

/** Notes what others have of this device; once none of those that it has met has more than it has itself, it speaks. */
export function createComingBack(): { readonly met: (database: Database, theirs: Heard, nowMs: number) => void } {
	let most = 0;
	return {
		met: (database, theirs, nowMs) => {
			const [self, ownBefore] = [thisDevice(database), hasComeBackTo(database)];
			if (self === null || ownBefore === null) return;
			most = Math.max(most, theirs.get(self) ?? 0);
			// What it has said of files by the numbers that they had then is of no other files.
			if (most > 0) leaveOutNumbers(database, 'entry', newNumbersAfter(nowMs));
			if (most <= ownBefore) endComingBack(database);
		}
	};
}
