import { stampOf, type DeviceId, type Stamp, type WireValue } from '#core/kernel';
import { numberOf, type MarkName } from '#core/metadata';
import type { Database } from '#core/schema';
import { findSlot } from '#core/sync';
import { keptMax, type Kept } from './check-batch.ts';
import { markValue } from './check-fact.ts';
import type { Fact } from './fact.ts';
import type { LocalTargets } from './local-targets.ts';
import { latestMarks, liveTargets } from './merge.ts';
import { settleTies } from './settle-ties.ts';
import {
	readFacts,
	readHeard,
	readPruned,
	readStamps,
	takeUnsettled,
	writePruned,
	writeUnsettled,
	type Heard
} from './store.ts';
import { toSubject, type Subject } from './subjects.ts';

/**
 * What is told to a device that was away for longer than others wait: changes that mean nothing any more are no longer
 * there to be told. First which facts are left of those that it has, so that it drops all others; then what it lacks.
 */

/** Where a giver is in telling which facts are left; null once it has told all. */
export type Telling = { readonly device: DeviceId; readonly after: Stamp } | null;

/** Up to where the facts of each device are pruned here, where another one lacks some of those; else null. */
export function floorsFor(database: Database, theirs: Heard): Heard | null {
	const floors = readPruned(database);
	return [...floors].some(([device, floor]) => (theirs.get(device) ?? 0) < floor) ? floors : null;
}

/** Devices of whose facts the other side has some that may be gone here, in order. */
function devicesToTell(floors: Heard, theirs: Heard): DeviceId[] {
	return [...floors.keys()].filter((device) => (theirs.get(device) ?? 0) > 0).toSorted();
}

export function beginTelling(floors: Heard, theirs: Heard): Telling {
	const [device] = devicesToTell(floors, theirs);
	return device === undefined ? null : { device, after: stampOf(0) };
}

/** The next facts that are left, and what is to be told after them. Run inside `read`. */
export function tellKept(
	database: Database,
	{ device, after }: NonNullable<Telling>,
	floors: Heard,
	theirs: Heard,
	limit = keptMax
): { readonly batch: WireValue; readonly next: Telling } {
	const end = stampOf(Math.min(floors.get(device) ?? 0, theirs.get(device) ?? 0));
	const stamps = readStamps(database, device, after, end, limit);
	const upTo = stamps.length === limit ? (stamps.at(-1) ?? end) : end;
	const devices = devicesToTell(floors, theirs);
	const following = devices[devices.indexOf(device) + 1];
	const next =
		upTo < end ? { device, after: upTo } : following === undefined ? null : { device: following, after: stampOf(0) };
	return { batch: { kept: { device, after, upTo, stamps } }, next };
}

/** What hangs on tags and collections, and marks, are what the facts about one subject say, and nothing else. */
function writeRows(database: Database, targets: LocalTargets, subject: Subject, facts: readonly Fact[]): void {
	switch (subject.is) {
		case 'tag': {
			const tag = numberOf(subject.tag);
			database.prepare('DELETE FROM assignment WHERE tag = ?').run([tag]);
			const insert = database.prepare(
				`INSERT OR IGNORE INTO assignment (target, tag, source) SELECT ?, id, 0 FROM tag WHERE id = ?`
			);
			for (const key of liveTargets(facts).keys()) insert.run([targets.give(key), tag]);
			return;
		}
		case 'collection': {
			const collection = numberOf(subject.collection);
			database.prepare('DELETE FROM collection_member WHERE collection = ?').run([collection]);
			const insert = database.prepare(
				`INSERT OR IGNORE INTO collection_member (position, target, collection) SELECT ?, ?, id FROM collection WHERE id = ?`
			);
			for (const [key, { body }] of liveTargets(facts))
				insert.run([body.positions[body.targets.indexOf(key)] ?? 0, targets.give(key), collection]);
			return;
		}
		case 'mark':
			return writeMarks(database, targets, subject.mark, facts);
		case 'ties':
			return settleTies(database);
	}
}

function writeMarks(database: Database, targets: LocalTargets, mark: MarkName, facts: readonly Fact[]): void {
	const isNumber = mark === 'favourite' || mark === 'rating';
	database.prepare(`UPDATE mark SET ${mark} = ?`).run([isNumber ? 0 : '']);
	const write = database.prepare(
		`INSERT INTO mark (target, ${mark}) VALUES (?, ?) ON CONFLICT (target) DO UPDATE SET ${mark} = excluded.${mark}`
	);
	for (const [key, { body }] of latestMarks(facts))
		write.run([targets.give(key), markValue(mark, body.fields[0]?.[1] ?? '')]);
	database.prepare(`DELETE FROM mark WHERE favourite = 0 AND rating = 0 AND colour = '' AND note = ''`).run();
}

/**
 * Drops the facts of a device that others have pruned, and notes what they were about: until all that is left has come the
 * rows say what they did, as some of it may be said again. What is not known to the other side stays: it has told of
 * nothing beyond what it has heard. Run inside `write`.
 */
export function dropUnkept(database: Database, { device, after, upTo, stamps }: Kept): void {
	const slot = findSlot(database, device);
	const end = stampOf(Math.min(upTo, readHeard(database).get(device) ?? 0));
	if (slot === null) return;
	const gone = `FROM fact WHERE slot = ? AND stamp > ? AND stamp <= ? AND stamp NOT IN (SELECT value FROM json_each(?))`;
	const which = [slot, after, end, JSON.stringify(stamps)];
	const subjects = database.prepare(`SELECT DISTINCT subject ${gone}`).column(which);
	database.prepare(`DELETE ${gone}`).run(which);
	writeUnsettled(
		database,
		subjects.filter((subject) => subject instanceof Uint8Array)
	);
	writePruned(database, device, end);
}

/** Has the rows say what is left of the facts that some were dropped of, and nothing else. Run inside `write`. */
export function settleSubjects(database: Database, targets: LocalTargets): void {
	for (const bytes of takeUnsettled(database)) {
		const subject = toSubject(bytes);
		if (subject !== null) writeRows(database, targets, subject, readFacts(database, bytes));
	}
}
