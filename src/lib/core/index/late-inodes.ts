import { ok, type Result } from '#core/kernel';
import type { Database, StorageFailure } from '#core/schema';
import { dropInodeIndex, hasInodes, writeInodeIndex } from './store.ts';

/** Entries of which the index of inodes is built in one go: some 150 ms, the longest that anybody waits for a first run. */
const lateMax = 150_000;
/** Entries that may be in the index by the time it is given up: it is built for them a second time. */
const earlyMax = 10_000;

type Written = Result<null, StorageFailure>;

/**
 * Builds the index of inodes after the entries of a library's first run. Inodes come in any order, so that each batch
 * would write most of its pages anew: a third of all that a first run writes. Nothing is looked up by an inode in a
 * run that found none when it began. Without the index nothing is wrong, only slow; each run begins by having it.
 */
export type LateInodes = {
	/** To be called when the first `entries` are there, as they tell whether this disk has inodes, and nobody else runs. */
	begin(entries: number): Written;
	/** To be called with the number of entries that have come so far. */
	grown(entries: number): Written;
	end(): Written;
};

export function createLateInodes(database: Database, mayMove: boolean): LateInodes {
	let isLate = false;
	let mayBegin = !mayMove;
	const end = (): Written => {
		if (!isLate) return ok(null);
		isLate = false;
		return database.write(() => {
			writeInodeIndex(database);
			return null;
		});
	};
	return {
		begin(entries) {
			const has = mayBegin && entries <= earlyMax ? database.read(() => hasInodes(database)) : ok(false);
			mayBegin = false;
			if (!has.ok) return has;
			if (!has.value) return ok(null);
			isLate = true;
			return database.write(() => {
				dropInodeIndex(database);
				return null;
			});
		},
		grown: (entries) => (entries > lateMax ? end() : ok(null)),
		end
	};
}
