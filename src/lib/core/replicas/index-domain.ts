import type { KeyPair } from '#core/crypto';
import { ok, type DeviceId, type Result } from '#core/kernel';
import type { Database, StorageFailure } from '#core/schema';
import { findSlot, noteAnswered, readMembers, type Progress, type SyncDomain } from '#core/sync';
import { dumpIndex } from './dump.ts';
import { newEpoch } from './epoch.ts';
import { giveNext } from './give.ts';
import { countWaiting, newlyHad, noteHad } from './had.ts';
import { readHave } from './have.ts';
import { answerHeld, readHeld, type Held } from './remove-doubted.ts';
import { pruneChanges, startShare } from './share.ts';
import { valueOf, type IndexSyncDeps, type Sharing } from './sharing.ts';
import { readReplicas } from './store.ts';
import { takeTold } from './take.ts';

/** Changes forgotten in one transaction. */
const prunedMax = 4_000;

/** This device's index for others, and theirs here. */
export type IndexSync = {
	readonly domain: SyncDomain;
	/**
	 * Has changes be noted from now on; to be called when another device is paired, and before each session, with what
	 * this device signs with. A repeat changes nothing.
	 */
	share(signing: KeyPair): Result<void, StorageFailure>;
	/** Forgets changes that are told of no more by themselves; to be called once a day or so. */
	prune(): Result<void, StorageFailure>;
	/** How far the first pass over the index of `owner` has come; null where none is under way. */
	progressOf(owner: DeviceId): Result<Progress | null, StorageFailure>;
	/** How many entries of this device `peer` is not known to have as they are, up to `limit`; null where it never had all. */
	waiting(peer: DeviceId, limit: number): Result<number | null, StorageFailure>;
	/** What `owner` has no more, nobody had removed, and is too much to go unasked; null where there is nothing. */
	held(owner: DeviceId): Result<Held | null, StorageFailure>;
	/** Has that go, as a person has said here, or stay. */
	answerDeletions(owner: DeviceId, accepts: boolean): Result<void, StorageFailure>;
	/** See `dumpIndex`. */
	dump(owner: DeviceId): Result<string, StorageFailure>;
};

/** How far first passes have come: of the index of `owner`, or of all. Run inside `read`. */
function readProgress(database: Database, owner: DeviceId | null): Progress | null {
	const members = readMembers(database);
	const passes = readReplicas(database).filter(
		(one) => one.replica.mark.reached !== null && members.has(one.owner) && (owner === null || one.owner === owner)
	);
	const sum = (of: 'told' | 'total') => passes.reduce((all, { replica }) => all + replica[of], 0);
	return passes.length === 0 ? null : { done: sum('told'), total: sum('total') };
}

/** The index of this device and the replicas of others, in an open library that was told which device it lies on. */
export function createIndexSync(deps: IndexSyncDeps): IndexSync {
	const { database, clock, random, names, onMerged } = deps;
	const sharing: Sharing = { signing: null };
	return {
		domain: {
			name: 'index',
			have: () => valueOf(database.read(() => readHave(database))),
			next: (have, bytesMax) => giveNext(deps, sharing.signing, have, bytesMax),
			merge: (_from, wire) => takeTold(deps, sharing, wire),
			noteHad: (peer, have) => {
				if (valueOf(database.read(() => newlyHad(database, peer, have))) === null) return;
				valueOf(database.write(() => noteHad(database, peer, have)));
			},
			progress: () => valueOf(database.read(() => readProgress(database, null)))
		},
		share: (signing) => {
			sharing.signing = signing;
			const epoch = newEpoch(clock.nowMs(), random, null);
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
		progressOf: (owner) => database.read(() => readProgress(database, owner)),
		waiting: (peer, limit) => database.read(() => countWaiting(database, peer, limit)),
		held: (owner) =>
			database.read(() => {
				const slot = findSlot(database, owner);
				return slot === null ? null : readHeld({ database, slot });
			}),
		answerDeletions: (owner, accepts) => {
			const answered = database.write(() => {
				const slot = findSlot(database, owner);
				if (slot === null) return [];
				const held = readHeld({ database, slot });
				const answer = { domain: 'index', deleted: held?.deleted ?? 0, accepts };
				if (held !== null) noteAnswered(database, slot, answer, clock.nowMs());
				return answerHeld({ database, slot }, names, accepts);
			});
			if (!answered.ok) return answered;
			if (answered.value.length > 0) onMerged({ folders: answered.value, hasPlaces: true });
			return ok(undefined);
		},
		dump: (owner) => database.read(() => dumpIndex(database, owner))
	};
}
