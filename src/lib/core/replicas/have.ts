import type { DeviceId, WireValue } from '#core/kernel';
import type { Database } from '#core/schema';
import { readKeyed, thisDevice } from '#core/sync';
import { isLong, readReplicas, readShare } from './store.ts';
import { markToWire } from './wire-batch.ts';

/** What is here of each device that is known by its key, or that something is here of. Run inside `read`. */
export function readHave(database: Database, held: ReadonlySet<DeviceId>): Readonly<Record<string, WireValue>> {
	const have: Record<string, WireValue> = {};
	const [me, share] = [thisDevice(database), readShare(database)];
	const own = { reached: null, isLong: false, isHeld: false };
	if (me !== null)
		have[me] = share === null ? null : markToWire({ ...own, epoch: share.epoch, seq: share.head, head: share.head });
	const keyed = readKeyed(database);
	for (const { id } of keyed) have[id] = null;
	for (const { owner, replica } of readReplicas(database)) {
		const { mark, head } = replica;
		have[owner] = markToWire({ ...mark, head, isLong: isLong(replica), isHeld: held.has(owner) });
	}
	for (const { id, isRemoved } of keyed) if (isRemoved) have[id] = false;
	return have;
}
