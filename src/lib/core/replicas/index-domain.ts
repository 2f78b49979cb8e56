import type { KeyPair } from '#core/crypto';
import { ok, type DeviceId, type LocationId, type Result } from '#core/kernel';
import type { StorageFailure } from '#core/schema';
import type { SyncDomain } from '#core/sync';
import { dumpIndex } from './dump.ts';
import { newEpoch } from './epoch.ts';
import { giveNext } from './give.ts';
import { readHave } from './have.ts';
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
	/** Lets the next batches of its owner delete up to `entries` of a location, as a person has said here. */
	acceptDeletions(location: LocationId, entries: number): void;
	/** See `dumpIndex`. */
	dump(owner: DeviceId): Result<string, StorageFailure>;
};

/** The index of this device and the replicas of others, in an open library that was told which device it lies on. */
export function createIndexSync(deps: IndexSyncDeps): IndexSync {
	const { database, clock, random } = deps;
	const sharing: Sharing = { signing: null, held: new Set(), accepted: new Map() };
	return {
		domain: {
			name: 'index',
			have: () => valueOf(database.read(() => readHave(database, sharing.held))),
			next: (have, bytesMax) => giveNext(deps, sharing.signing, have, bytesMax),
			merge: (_from, wire) => takeTold(deps, sharing, wire),
			progress: () => {
				const passes = valueOf(database.read(() => readReplicas(database))).filter(
					({ replica }) => replica.mark.reached !== null
				);
				const sum = (of: 'told' | 'total') => passes.reduce((all, { replica }) => all + replica[of], 0);
				return passes.length === 0 ? null : { done: sum('told'), total: sum('total') };
			}
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
		acceptDeletions: (location, entries) => {
			sharing.accepted.set(location, entries);
			sharing.held.clear();
		},
		dump: (owner) => database.read(() => dumpIndex(database, owner))
	};
}
