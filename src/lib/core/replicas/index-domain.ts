import * as v from 'valibot';
import { err, ok, type DeviceId, type Result } from '#core/kernel';
import type { NameSink } from '#core/index';
import type { ClockPort, RandomPort } from '#core/ports';
import type { Database, StorageFailure } from '#core/schema';
import { findSlot, slotOf, StorageFault, thisDevice, type Have, type MergeRefusal, type SyncDomain } from '#core/sync';
import { dumpIndex } from './dump.ts';
import { mergeBatch, type Merged } from './merge-batch.ts';
import { nextBatch } from './next-batch.ts';
import { Refused } from './refused.ts';
import { answerHeld, readHeld, type Held } from './remove-doubted.ts';
import type { Watermark } from './schema.ts';
import { epochBytes, pruneChanges, startShare } from './share.ts';
import { readReplicas, readShare, writeEpoch } from './store.ts';
import { batchToWire, watermarkSchema, wireToBatch } from './wire-batch.ts';

/** Changes forgotten in one transaction. */
const prunedMax = 4_000;
/** As many devices as a library can know. */
const devicesMax = 2 ** 13;

const haveSchema = v.pipe(
	v.record(v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/)), watermarkSchema),
	v.check((have) => Object.keys(have).length <= devicesMax)
);

type Deps = {
	readonly database: Database;
	readonly clock: ClockPort;
	readonly random: RandomPort;
	readonly names: NameSink;
	/** Names the library among all others. */
	readonly library: string;
	readonly onMerged: (merged: Merged) => void;
};

/** This device's index for others, and theirs here. */
export type IndexSync = {
	readonly domain: SyncDomain;
	/** Has changes be noted from now on; to be called when another device is paired. A repeat changes nothing. */
	share(): Result<void, StorageFailure>;
	/** Forgets changes that are told of no more by themselves; to be called once a day or so. */
	prune(): Result<void, StorageFailure>;
	/** What `owner` has no more, nobody had removed, and is too much to go unasked; null where there is nothing. */
	held(owner: DeviceId): Result<Held | null, StorageFailure>;
	/** Has that go, as a person has said here, or stay. */
	answerDeletions(owner: DeviceId, accepts: boolean): Result<void, StorageFailure>;
	/** See `dumpIndex`. */
	dump(owner: DeviceId): Result<string, StorageFailure>;
};

/** A full or broken disk ends the session: neither side is wrong, and nothing was merged. */
function valueOf<T>(result: Result<T, StorageFailure>): T {
	if (!result.ok) throw new StorageFault(result.failure);
	return result.value;
}

function toMark(have: Have, owner: DeviceId): Watermark | null {
	const parsed = v.safeParse(haveSchema, have);
	return parsed.success ? (parsed.output[owner] ?? null) : null;
}

function readHave(database: Database): Readonly<Record<string, Watermark>> {
	const [me, share] = [thisDevice(database), readShare(database)];
	const have: Record<string, Watermark> = {};
	if (me !== null && share !== null) have[me] = { epoch: share.epoch, reached: null, seq: share.head };
	for (const { owner, replica } of readReplicas(database)) have[owner] = replica.mark;
	return have;
}

function next(deps: Deps, have: Have, bytesMax: number) {
	const { database, random, library } = deps;
	const read = valueOf(database.read(() => ({ me: thisDevice(database), share: readShare(database) })));
	if (read.me === null || read.share === null) return null;
	const { me, share } = read;
	const mark = toMark(have, me);
	const isOurs = mark?.epoch.every((byte, at) => byte === share.epoch[at]) === true;
	// It has seen what this device has not done: an older copy of the library was put back here, and begins a new life.
	const isPutBack = isOurs && mark.seq > share.head;
	const epoch = isPutBack ? random.bytes(epochBytes) : share.epoch;
	if (isPutBack) valueOf(database.write(() => writeEpoch(database, epoch)));
	const batch = valueOf(database.read(() => nextBatch({ database, share: { ...share, epoch }, mark, bytesMax })));
	if (batch === null) return null;
	const known = v.safeParse(haveSchema, have);
	return ok({
		batch: batchToWire(library, me, batch),
		have: { ...(known.success ? known.output : {}), [me]: batch.to }
	});
}

function createMerge(deps: Deps): SyncDomain['merge'] {
	const { database, clock, names, library, onMerged } = deps;
	return (from, wire) => {
		const wrong = (what: string): Result<never, MergeRefusal> => err({ type: 'BatchWrong', what });
		const read = wireToBatch(wire);
		if (read === null) return wrong('it is no batch of an index');
		if (read.library !== library) return wrong('it is of another library');
		// Nobody else's word counts for what a device has, until batches are signed.
		if (read.owner !== from) return err({ type: 'BatchNotTheirs', owner: read.owner });
		const nowMs = clock.nowMs();
		try {
			const merged = valueOf(
				database.write(() => {
					if (findSlot(database, from) === 0) throw new Refused({ type: 'BatchWrong', what: 'it is of this device' });
					const slot = slotOf(database, from, nowMs);
					if (slot === null) throw new Refused({ type: 'BatchWrong', what: 'too many devices are known' });
					return mergeBatch({ database, names, slot }, read.batch);
				})
			);
			if (merged.folders.length > 0 || merged.hasPlaces) onMerged(merged);
			return ok(undefined);
		} catch (thrown) {
			if (thrown instanceof Refused) return err(thrown.why);
			throw thrown;
		}
	};
}

/** The index of this device and the replicas of others, in an open library that was told which device it lies on. */
export function createIndexSync(deps: Deps): IndexSync {
	const { database, clock, random, names, onMerged } = deps;
	return {
		domain: {
			name: 'index',
			have: () => valueOf(database.read(() => readHave(database))),
			next: (have, bytesMax) => next(deps, have, bytesMax),
			merge: createMerge(deps)
		},
		share: () => {
			const epoch = random.bytes(epochBytes);
			return database.write(() => startShare(database, epoch));
		},
		prune: () => {
			for (;;) {
				const nowMs = clock.nowMs();
				const pruned = database.write(() => pruneChanges(database, nowMs, prunedMax));
				if (!pruned.ok) return pruned;
				if (pruned.value < prunedMax) return ok(undefined);
			}
		},
		held: (owner) =>
			database.read(() => {
				const slot = findSlot(database, owner);
				return slot === null ? null : readHeld({ database, slot });
			}),
		answerDeletions: (owner, accepts) => {
			const answered = database.write(() => {
				const slot = findSlot(database, owner);
				return slot === null ? [] : answerHeld({ database, slot }, names, accepts);
			});
			if (!answered.ok) return answered;
			if (answered.value.length > 0) onMerged({ folders: answered.value, hasPlaces: true });
			return ok(undefined);
		},
		dump: (owner) => database.read(() => dumpIndex(database, owner))
	};
}
