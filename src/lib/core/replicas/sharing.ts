import type { KeyPair } from '#core/crypto';
import type { Result } from '#core/kernel';
import type { NameSink } from '#core/index';
import type { ClockPort, RandomPort } from '#core/ports';
import type { Database, StorageFailure } from '#core/schema';
import { StorageFault } from '#core/sync';
import type { Merged } from './merge-batch.ts';

export type IndexSyncDeps = {
	readonly database: Database;
	readonly clock: ClockPort;
	readonly random: RandomPort;
	readonly names: NameSink;
	/** Names the library among all others. */
	readonly library: string;
	readonly onMerged: (merged: Omit<Merged, 'counts'>) => void;
	/** A device is known now that another one has vouched for. */
	readonly onIntroduced: () => void;
};

/** What of it is not in the database. */
export type Sharing = {
	signing: KeyPair | null;
};

/** A full or broken disk ends the session: neither side is wrong, and nothing was merged. */
export function valueOf<T>(result: Result<T, StorageFailure>): T {
	if (!result.ok) throw new StorageFault(result.failure);
	return result.value;
}
