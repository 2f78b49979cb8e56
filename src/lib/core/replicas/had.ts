import * as v from 'valibot';
import type { DeviceId } from '#core/kernel';
import type { Database } from '#core/schema';
import { thisDevice, type Have } from '#core/sync';
import { compareEpochs } from './epoch.ts';
import { countChangedAfter, readHad, readShare, writeHad, type Had } from './store.ts';
import { haveSchema } from './wire-batch.ts';

/** Of this device's index what a device has that has `have`, where that is another state than was known; else null. */
export function newlyHad(database: Database, peer: DeviceId, have: Have): Had | null {
	const [me, share, parsed] = [thisDevice(database), readShare(database), v.safeParse(haveSchema, have)];
	const mark = me !== null && parsed.success ? parsed.output[me] : null;
	if (share === null || !mark || mark.reached !== null) return null;
	// Where an older copy of the library was put back here it has what is not here any more.
	if (compareEpochs(mark.epoch, share.epoch) !== 0 || mark.seq > share.head) return null;
	const known = readHad(database, peer);
	const isKnown = known !== null && compareEpochs(known.epoch, mark.epoch) === 0 && known.seq >= mark.seq;
	return isKnown ? null : { epoch: mark.epoch, seq: mark.seq };
}

/** Notes what `peer` has of this device's index. Run inside `write`. */
export function noteHad(database: Database, peer: DeviceId, have: Have): void {
	const had = newlyHad(database, peer, have);
	if (had !== null) writeHad(database, peer, had);
}

/** How many entries of this device `peer` is not known to have as they are; null where it was never told all of them. Run inside `read`. */
export function countWaiting(database: Database, peer: DeviceId, limit: number): number | null {
	const [share, had] = [readShare(database), readHad(database, peer)];
	if (share === null || had === null || compareEpochs(had.epoch, share.epoch) !== 0) return null;
	return countChangedAfter(database, had.seq, limit);
}
