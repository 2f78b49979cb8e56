import { err, invariant, ok, stampOf, type DeviceId, type Result, type Stamp, type WireValue } from '#core/kernel';
import { takeInSayings } from '#core/metadata';
import type { ClockPort } from '#core/ports';
import type { Database, StorageFailure } from '#core/schema';
import { slotOf, StorageFault, type MergeRefusal, type SyncDomain } from '#core/sync';
import { applyFact, type Applying } from './apply-facts.ts';
import { forgetTouched } from './capture.ts';
import { checkBatch, factsMax, parseHave, parseKept, type Checked, type FreshFact } from './check-batch.ts';
import { factKinds, takingKinds } from './fact.ts';
import { guardDeletions, TooMuchDeleted } from './guard-deletions.ts';
import { keepLog, selfOf } from './keep-log.ts';
import { createLocalTargets } from './local-targets.ts';
import { isAhead, noteTaken, recallFuture } from './recall.ts';
import { acknowledge, pruneLog } from './prune.ts';
import { settleTies } from './settle-ties.ts';
import { beginTelling, dropUnkept, floorsFor, settleSubjects, tellKept, type Telling } from './state.ts';
import {
	hasUnsettled,
	insertFact,
	readFactsAfter,
	readHeard,
	writeHeard,
	writePruned,
	isBegun,
	type Heard
} from './store.ts';

const pageSize = 256;
/** What a fact takes on the wire beside its subject and body. */
const headBytes = 24;

export type SayingsDeps = {
	readonly database: Database;
	readonly clock: Pick<ClockPort, 'nowMs'>;
	/** Called when something that other devices have said has come into the rows. */
	readonly onMerged: () => void;
};

export type SayingsDomain = SyncDomain & {
	/**
	 * Says what this device has heard, and leaves out of the log what means nothing any more and all living devices have
	 * heard; to be called once a day or so. Answers whether others have something to hear.
	 */
	tend(): Result<boolean, StorageFailure>;
	/** Has what `from` deletes within a minute, and is held as it is much, go, as a person has said here, or be put back. */
	answerDeletions(from: DeviceId, accepts: boolean): void;
};

/** A disk that fails ends the session: what was not written comes again in the next. */
function written<T>(result: Result<T, StorageFailure>): T {
	if (!result.ok) throw new StorageFault(result.failure);
	return result.value;
}

function heardToWire(heard: Heard): Readonly<Record<string, number>> {
	return Object.fromEntries(heard);
}

type PromisedBatch = { readonly batch: WireValue; readonly have: ReturnType<typeof heardToWire> };
type FactsBatch = {
	readonly batch: { readonly since: WireValue; readonly facts: WireValue; readonly isLast?: true };
	/** What the other side has once it has merged that. */
	readonly after: Heard;
};

/** The next facts that a device lacks, in the order of their stamps: what a fact has seen comes before it. */
function readBatch(database: Database, theirs: Heard, bytesMax: number): FactsBatch | null {
	const lacking = new Map<DeviceId, Stamp>();
	for (const [device, stamp] of readHeard(database)) {
		const seen = theirs.get(device) ?? stampOf(0);
		if (seen < stamp) lacking.set(device, seen);
	}
	if (lacking.size === 0) return null;
	const devices: DeviceId[] = [];
	const facts: WireValue[] = [];
	const after = new Map(theirs);
	let sizeBytes = 0;
	for (const { device, stamp, kind, subject, body } of readFactsAfter(
		database,
		stampOf(Math.min(...lacking.values())),
		pageSize
	)) {
		const seen = lacking.get(device);
		if (seen === undefined || stamp <= seen) continue;
		sizeBytes += headBytes + subject.length + body.length;
		if (facts.length > 0 && (sizeBytes > bytesMax || facts.length === factsMax)) break;
		if (!devices.includes(device)) devices.push(device);
		facts.push([devices.indexOf(device), stamp, kind, subject, body]);
		after.set(device, stamp);
	}
	if (facts.length === 0) return null;
	const since = devices.map((device) => [device, lacking.get(device) ?? 0]);
	return { batch: { since, facts }, after };
}

const lastBatch: FactsBatch['batch'] = { since: [], facts: [], isLast: true };

/** As above; with the last facts comes that they are the last, as whoever has these has all. */
function readFactsBatch(database: Database, theirs: Heard, bytesMax: number): FactsBatch | null {
	const next = readBatch(database, theirs, bytesMax);
	if (next === null || readBatch(database, next.after, 0) !== null) return next;
	return { ...next, batch: { ...next.batch, isLast: true } };
}

/** What goes on between a device and another one in a pull, beside what it has. */
type Promised = { readonly telling: Telling };
type Next = PromisedBatch & { readonly telling: Telling };

/** The next facts that a device lacks, or where some that it lacks are pruned, first which are left of those it has. */
function readNext(database: Database, theirs: Heard, before: Promised | null, bytesMax: number): Next | null {
	const floors = floorsFor(database, theirs);
	if (floors === null) {
		const next = readFactsBatch(database, theirs, bytesMax);
		return next === null ? null : { batch: next.batch, have: heardToWire(next.after), telling: null };
	}
	const telling = before === null ? beginTelling(floors, theirs) : before.telling;
	if (telling !== null) {
		const { batch, next } = tellKept(database, telling, floors, theirs);
		return { batch, have: heardToWire(theirs), telling: next };
	}
	const { batch, after } = readFactsBatch(database, theirs, bytesMax) ?? { batch: lastBatch, after: theirs };
	const all = new Map(after);
	if (batch.isLast === true)
		for (const [device, floor] of floors) all.set(device, stampOf(Math.max(floor, after.get(device) ?? 0)));
	return { batch: { ...batch, floors: [...floors] }, have: heardToWire(all), telling: null };
}

/** Whether there may be less said after them. */
function mayTakeAway(fresh: readonly FreshFact[]): boolean {
	return fresh.some(({ fact: { kind } }) => kind === factKinds.mark || takingKinds.has(kind));
}

/** Takes facts over into the log and into the rows. Run inside `write`, where nothing else has changed yet. */
function takeOver(database: Database, { fresh, raised, floors, isLast }: Checked, nowMs: number): void {
	const heard = readHeard(database);
	const targets = createLocalTargets(database, nowMs);
	const applying: Applying = { database, heard, targets, ownEntries: new Set(), hasOtherTies: false };
	for (const { stored, fact } of fresh) {
		const slot = slotOf(database, stored.device, nowMs);
		invariant(slot !== null, 'the batch was checked for room');
		insertFact(database, slot, stored);
		writeHeard(database, slot, stored.stamp);
		heard.set(stored.device, stored.stamp);
		applyFact(applying, fact);
	}
	for (const [device, stamp] of floors) {
		const slot = slotOf(database, device, nowMs);
		invariant(slot !== null, 'the batch was checked for room');
		writePruned(database, device, stamp);
		if (raised.has(device)) writeHeard(database, slot, stamp);
	}
	if (applying.hasOtherTies) settleTies(database);
	if (isLast) settleSubjects(database, targets);
	forgetTouched(database);
	// What this device makes of it, as the one that knows its own files, it says itself.
	takeInSayings(database, applying.ownEntries);
}

/**
 * What people say of files, as devices keep it in step. A library keeps no facts before it meets another device, which
 * is when one of these is first asked; all that was said before is then said at once, and from then on each transaction
 * writes what it has changed. The library has to know by then which device it lies on.
 */
export function createSayingsDomain({ database, clock, onMerged }: SayingsDeps): SayingsDomain {
	/** What others will have once they have merged what they were given: a session goes on from it before they have. */
	const promised = new WeakMap<object, Promised>();
	const log = keepLog(database, clock);
	const guard = guardDeletions(database, clock);
	const begin = () => written(log.begin());
	return {
		name: 'metadata',
		have: () => {
			begin();
			return heardToWire(written(database.read(() => readHeard(database))));
		},
		next: (have, bytesMax) => {
			begin();
			const theirs = parseHave(have);
			if (theirs === null) return err({ type: 'BatchWrong', what: 'have' });
			const nowMs = clock.nowMs();
			const looked = database.write((): Result<Next | null, MergeRefusal> => {
				const before = typeof have === 'object' && have !== null ? promised.get(have) : undefined;
				if (before === undefined && !noteTaken(database, theirs))
					return err({ type: 'BatchNotTheirs', owner: selfOf(database) });
				if (isAhead(database, nowMs)) recallFuture(database, nowMs);
				return ok(readNext(database, theirs, before ?? null, bytesMax));
			});
			const batch = written(looked);
			if (!batch.ok) return batch;
			if (batch.value === null) return null;
			const { telling, ...given } = batch.value;
			promised.set(given.have, { telling });
			return ok(given);
		},
		merge: (from, batch) => {
			begin();
			const nowMs = clock.nowMs();
			const kept = parseKept(batch);
			if (kept !== null) return ok(written(database.write(() => dropUnkept(database, kept))));
			const take = (): Result<boolean, MergeRefusal> => {
				const checked = checkBatch(database, batch, nowMs);
				if (!checked.ok) return checked;
				const { fresh, floors, isLast } = checked.value;
				// What hung on facts that others have left out goes with the last batch alone: until then it may be said again.
				const settles = isLast && hasUnsettled(database);
				if (fresh.length === 0 && floors.size === 0 && !settles) return ok(false);
				guard.watch(from, settles || mayTakeAway(fresh), () => takeOver(database, checked.value, nowMs));
				return ok(settles || fresh.length > 0);
			};
			try {
				const result = written(database.write(take));
				if (!result.ok) return result;
				if (result.value) {
					guard.settle();
					onMerged();
				}
				return ok(undefined);
			} catch (thrown) {
				if (thrown instanceof TooMuchDeleted) return err(thrown.why);
				throw thrown;
			}
		},
		tend: () => {
			const nowMs = clock.nowMs();
			return database.write(() => {
				if (!isBegun(database) || !acknowledge(database, nowMs)) return false;
				pruneLog(database, nowMs);
				return true;
			});
		},
		answerDeletions: guard.answer
	};
}
