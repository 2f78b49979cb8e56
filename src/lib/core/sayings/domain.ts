import { err, invariant, ok, stampOf, type DeviceId, type Result, type Stamp, type WireValue } from '#core/kernel';
import { takeInSayings } from '#core/metadata';
import type { ClockPort } from '#core/ports';
import type { Database, StorageFailure } from '#core/schema';
import {
	findSlot,
	noteAnswered,
	noteHeld,
	slotOf,
	StorageFault,
	type Batch,
	type MergeRefusal,
	type SyncDomain
} from '#core/sync';
import { applyFact, type Applying } from './apply-facts.ts';
import { forgetTouched } from './capture.ts';
import { createComingBack, hasComeBackTo, takeBackTo } from './come-back.ts';
import { checkBatch, factsMax, parseHave, type FreshFact } from './check-batch.ts';
import { factKinds, takingKinds } from './fact.ts';
import { guardDeletions, TooMuchDeleted } from './guard-deletions.ts';
import { keepLog, selfOf } from './keep-log.ts';
import { createLocalTargets } from './local-targets.ts';
import { pruneLog } from './prune.ts';
import { isAhead, newlyHad, noteHad, noteTaken, recallFuture } from './recall.ts';
import { settleTies } from './settle-ties.ts';
import {
	countOwnAfter,
	insertFact,
	isBegun,
	readFactsAfter,
	readHad,
	readHeard,
	writeHeard,
	type Heard
} from './store.ts';

const domainName = 'metadata';
const pageSize = 256;
/** What a fact takes on the wire beside its subject and body. */
const headBytes = 24;

export type SayingsDeps = {
	readonly database: Database;
	readonly clock: Pick<ClockPort, 'nowMs'>;
	/** Called when something that other devices have said has come into the rows. */
	readonly onMerged: () => void;
};

/** A disk that fails ends the session: what was not written comes again in the next. */
function written<T>(result: Result<T, StorageFailure>): T {
	if (!result.ok) throw new StorageFault(result.failure);
	return result.value;
}

export type SayingsDomain = SyncDomain & {
	/** Leaves out of the log what means nothing any more; to be called once a day or so. Answers how much it was. */
	tend(): Result<number, StorageFailure>;
	/** How much was said here that `peer` is not known to have, up to `limit`. */
	waiting(peer: DeviceId, limit: number): Result<number, StorageFailure>;
	/** Has what `from` deletes within a minute, and is held as it is much, go, as a person has said here, or be put back. */
	answerDeletions(from: DeviceId, accepts: boolean): void;
};

function heardToWire(heard: Heard): Readonly<Record<string, number>> {
	return Object.fromEntries(heard);
}

type PromisedBatch = Batch & { readonly have: ReturnType<typeof heardToWire> };

/** What is here of each device that has said something; of this one what it may say that it has. */
function readSaid(database: Database): Heard {
	const heard = readHeard(database);
	const ownBefore = hasComeBackTo(database);
	if (ownBefore === 0) heard.delete(selfOf(database));
	else if (ownBefore !== null) heard.set(selfOf(database), ownBefore);
	return heard;
}

/** The next facts that a device lacks, in the order of their stamps: what a fact has seen comes before it. */
function readBatch(database: Database, theirs: Heard, bytesMax: number): PromisedBatch | null {
	const lacking = new Map<DeviceId, Stamp>();
	const said = readSaid(database);
	for (const [device, stamp] of said) {
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
		if (seen === undefined || stamp <= seen || stamp > (said.get(device) ?? 0)) continue;
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

/** Whether there may be less said after them. */
function mayTakeAway(fresh: readonly FreshFact[]): boolean {
	return fresh.some(({ fact: { kind } }) => kind === factKinds.mark || takingKinds.has(kind));
}

function noteHeldHere(database: Database, from: DeviceId, why: MergeRefusal, nowMs: number): void {
	const slot = findSlot(database, from);
	if (slot !== null && why.type === 'BatchDeletesMuch') noteHeld(database, slot, domainName, why.deleted, nowMs);
}

/** Takes facts over into the log and into the rows. Run inside `write`, where nothing else has changed yet. */
function takeOver(database: Database, fresh: readonly FreshFact[], nowMs: number): void {
	const heard = readHeard(database);
	const targets = createLocalTargets(database, nowMs);
	const self = selfOf(database);
	const ownLast = fresh.findLast(({ stored }) => stored.device === self);
	if (ownLast !== undefined) takeBackTo(database, ownLast.stored.stamp, nowMs);
	const applying: Applying = { database, heard, targets, entries: new Set(), hasOtherTies: false };
	for (const { stored, fact } of fresh) {
		const slot = slotOf(database, stored.device, nowMs);
		invariant(slot !== null, 'the batch was checked for room');
		insertFact(database, slot, stored);
		writeHeard(database, slot, stored.stamp);
		heard.set(stored.device, stored.stamp);
		applyFact(applying, fact);
	}
	if (applying.hasOtherTies) settleTies(database);
	forgetTouched(database);
	// What this device makes of it, as the one that knows its own files, it says itself.
	takeInSayings(database, applying.entries);
}

/** Takes over what is new in a batch; answers how much that is. Run inside `write`, where nothing else has changed yet. */
function takeBatch(
	database: Database,
	guard: ReturnType<typeof guardDeletions>,
	from: DeviceId,
	batch: WireValue,
	nowMs: number
): Result<number, MergeRefusal> {
	const fresh = checkBatch(database, batch, nowMs);
	if (!fresh.ok) return fresh;
	if (fresh.value.length === 0) return ok(0);
	const merge = () => takeOver(database, fresh.value, nowMs);
	const upTo = fresh.value.at(-1)?.fact.stamp ?? stampOf(0);
	const answered = guard.watch(from, { takesAway: mayTakeAway(fresh.value), upTo }, merge);
	const slot = findSlot(database, from);
	if (answered !== null && slot !== null) noteAnswered(database, slot, { domain: domainName, ...answered }, nowMs);
	return ok(fresh.value.length);
}

/**
 * What people say of files, as devices keep it in step. A library keeps no facts before it meets another device, which
 * is when one of these is first asked; all that was said before is then said at once, and from then on each transaction
 * writes what it has changed. The library has to know by then which device it lies on.
 */
export function createSayingsDomain({ database, clock, onMerged }: SayingsDeps): SayingsDomain {
	/** What others will have once they have merged what they were given: a session goes on from it before they have. */
	const promised = new WeakSet<object>();
	const log = keepLog(database, clock);
	const comingBack = createComingBack();
	const guard = guardDeletions(database, clock);
	/** Whether somebody takes what was said here for said in the future: then who is wrong shows once this clock is right. */
	let isDoubted = false;
	const begin = () => written(log.begin());
	return {
		name: domainName,
		answered: (have, refused) => {
			isDoubted ||= refused === 'future';
			const theirs = refused === null ? parseHave(have) : null;
			if (theirs !== null) written(database.write(() => noteTaken(database, theirs)));
		},
		have: () => {
			begin();
			return heardToWire(written(database.read(() => readSaid(database))));
		},
		next: (have, bytesMax) => {
			begin();
			const theirs = parseHave(have);
			if (theirs === null) return err({ type: 'BatchWrong', what: 'have' });
			const nowMs = clock.nowMs();
			const looked = database.write((): Result<PromisedBatch | null, MergeRefusal> => {
				const isTold = typeof have !== 'object' || have === null || !promised.has(have);
				if (isTold) comingBack.met(database, theirs, nowMs);
				if (isTold && !noteTaken(database, theirs)) return err({ type: 'BatchNotTheirs', owner: selfOf(database) });
				if (isDoubted && isAhead(database, nowMs)) recallFuture(database, nowMs);
				return ok(readBatch(database, theirs, bytesMax));
			});
			const batch = written(looked);
			if (!batch.ok) return batch;
			if (batch.value === null) return null;
			promised.add(batch.value.have);
			return ok(batch.value);
		},
		merge: (from, batch) => {
			begin();
			const nowMs = clock.nowMs();
			try {
				const merged = database.write(() => takeBatch(database, guard, from, batch, nowMs));
				const result = written(merged);
				if (!result.ok) return result;
				if (result.value > 0) guard.settle();
				if (result.value > 0) onMerged();
				return ok(undefined);
			} catch (thrown) {
				if (!(thrown instanceof TooMuchDeleted)) throw thrown;
				written(database.write(() => noteHeldHere(database, from, thrown.why, nowMs)));
				return err(thrown.why);
			}
		},
		noteHad: (peer, have) => {
			const theirs = parseHave(have);
			if (theirs === null || written(database.read(() => newlyHad(database, peer, theirs))) === null) return;
			written(database.write(() => noteHad(database, peer, theirs)));
		},
		waiting: (peer, limit) => database.read(() => countOwnAfter(database, readHad(database, peer), limit)),
		tend: () => {
			const nowMs = clock.nowMs();
			return database.write(() => (isBegun(database) ? pruneLog(database, nowMs) : 0));
		},
		answerDeletions: guard.answer
	};
}
