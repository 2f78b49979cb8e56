import type { WireValue } from '#core/kernel';
import type { Database } from '#core/schema';
import { readMembers, readRemoved, thisDevice } from '#core/sync';
import { isLong, readReplicas, readShare } from './store.ts';
import { markToWire } from './wire-batch.ts';

/**
 * What is here of each member. Of a device that was removed nothing is wanted; one that is not among them this device does
 * not know, or nobody vouches for it any more. Run inside `read`.
 */
export function readHave(database: Database): Readonly<Record<string, WireValue>> {
	const have: Record<string, WireValue> = {};
	const [me, share] = [thisDevice(database), readShare(database)];
	const own = { reached: null, isLong: false };
	if (me !== null)
		have[me] = share === null ? null : markToWire({ ...own, epoch: share.epoch, seq: share.head, head: share.head });
	const members = readMembers(database);
	for (const id of members) have[id] = null;
	for (const { owner, replica } of readReplicas(database)) {
		const { mark, head } = replica;
		if (members.has(owner)) have[owner] = markToWire({ ...mark, head, isLong: isLong(replica) });
	}
	for (const id of readRemoved(database)) have[id] = false;
	return have;
}
