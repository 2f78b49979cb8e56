import type { Database } from '#core/schema';
import { compareEpochs } from './epoch.ts';
import { findNext, readKeptPass, type KeptBatch } from './passed-store.ts';
import type { Mark } from './schema.ts';
import { isLong, type OwnedReplica } from './store.ts';

/** Whether a device that has `mark` may as well begin anew with the pass that is kept here. */
function mayBegin(mark: Mark, { replica }: OwnedReplica, first: KeptBatch, last: KeptBatch): boolean {
	// Half of a pass is given to nobody who has more.
	if (last.to.reached !== null) return false;
	if (mark.reached !== null) return true;
	const isTheirsWhole = mark.seq === mark.head;
	if (!isTheirsWhole) return last.to.seq > mark.seq;
	return first.to.seq > mark.seq || (mark.isLong && !isLong(replica) && first.to.seq === mark.seq);
}

/**
 * The next that a device lacks of an owner's index, of what is kept here as the owner has signed it; null where there is
 * nothing for it. Run inside `read`.
 */
export function nextPassed(database: Database, owned: OwnedReplica, mark: Mark | null): KeptBatch | null {
	const { slot, replica } = owned;
	const isSame = mark !== null && compareEpochs(mark.epoch, replica.mark.epoch) === 0;
	if (isSame && !mark.isLong && mark.reached === replica.mark.reached && mark.seq === replica.mark.seq) return null;
	const kept = readKeptPass(database, slot);
	if (kept === null) return null;
	const { pass, first, last } = kept;
	const life = mark === null ? 1 : compareEpochs(first.to.epoch, mark.epoch);
	if (mark === null || life > 0) return first;
	if (life < 0) return null;
	const next = findNext(database, slot, pass, mark, mark.head);
	return next ?? (mayBegin(mark, owned, first, last) ? first : null);
}
