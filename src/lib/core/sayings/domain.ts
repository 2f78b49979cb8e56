import { err, invariant, ok, stampOf, type DeviceId, type Result, type Stamp, type WireValue } from '#core/kernel';
import { takeInSayings } from '#core/metadata';
import type { ClockPort } from '#core/ports';
import type { Database, StorageFailure } from '#core/schema';
import { slotOf, type MergeRefusal, type SyncDomain } from '#core/sync';
import { applyFact, type Applying } from './apply-facts.ts';
import { forgetTouched } from './capture.ts';
import { checkBatch, factsMax, parseHave, parseKept, type Checked } from './check-batch.ts';
import { keepLog, selfOf } from './keep-log.ts';
import { createLocalTargets } from './local-targets.ts';
import { isAhead, noteTaken, recallFuture } from './recall.ts';
import { acknowledge, pruneLog } from './prune.ts';
import { settleTies } from './settle-ties.ts';
import { beginTelling, dropUnkept, floorsFor, tellKept, type Telling } from './state.ts';
import { insertFact, readFactsAfter, readHeard, writeHeard, writePruned, isBegun, type Heard } from './store.ts';

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
};

/** A disk that fails ends the session: what was not written comes again in the next. */
function written<T>(result: Result<T, StorageFailure>): T {
	if (!result.ok) throw new Error(`sayings: ${result.failure.type}`);
	return result.value;
}

function heardToWire(heard: Heard): Readonly<Record<string, number>> {
	return Object.fromEntries(heard);
}

type PromisedBatch = { readonly batch: WireValue; readonly have: ReturnType<typeof heardToWire> };
type FactsBatch = Omit<PromisedBatch, 'batch'> & {
	readonly batch: { readonly since: WireValue; readonly facts: WireValue };
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
	return { batch: { since, facts }, have: heardToWire(after) };
}

/** What goes on between a device and another one in a pull, beside what it has. */
type Promised = { readonly telling: Telling };
type Next = PromisedBatch & { readonly telling: Telling };

/** The next facts that a device lacks, or where some that it lacks are pruned, first which are left of those it has. */
function readNext(database: Database, theirs: Heard, before: Promised | null, bytesMax: number): Next | null {
	const floors = floorsFor(database, theirs);
	if (floors === null) {
		const batch = readBatch(database, theirs, bytesMax);
		return batch === null ? null : { ...batch, telling: null };
	}
	const telling = before === null ? beginTelling(floors, theirs) : before.telling;
	if (telling !== null) {
		const { batch, next } = tellKept(database, telling, floors, theirs);
		return { batch, have: heardToWire(theirs), telling: next };
	}
	const told = { floors: [...floors] };
	const more = readBatch(database, theirs, bytesMax);
	if (more !== null) return { batch: { ...more.batch, ...told }, have: more.have, telling: null };
	const all = new Map(theirs);
	for (const [device, floor] of floors) all.set(device, stampOf(Math.max(floor, theirs.get(device) ?? 0)));
	return { batch: { since: [], facts: [], ...told, isLast: true }, have: heardToWire(all), telling: null };
}

/** Takes facts over into the log and into the rows. Run inside `write`, where nothing else has changed yet. */
function takeOver(database: Database, { fresh, raised, floors }: Checked, nowMs: number): void {
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
		merge: (_from, batch) => {
			begin();
			const nowMs = clock.nowMs();
			const kept = parseKept(batch);
			const merged = database.write((): Result<boolean, MergeRefusal> => {
				if (kept !== null) return ok(dropUnkept(database, kept, nowMs));
				const checked = checkBatch(database, batch, nowMs);
				if (!checked.ok) return checked;
				const { fresh, floors } = checked.value;
				if (fresh.length > 0 || floors.size > 0) takeOver(database, checked.value, nowMs);
				return ok(fresh.length > 0);
			});
			const result = written(merged);
			if (!result.ok) return result;
			if (result.value) onMerged();
			return ok(undefined);
		},
		tend: () => {
			const nowMs = clock.nowMs();
			return database.write(() => {
				if (!isBegun(database) || !acknowledge(database, nowMs)) return false;
				pruneLog(database, nowMs);
				return true;
			});
		}
	};
}
