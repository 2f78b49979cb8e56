import { stampMs, stampOf, type DeviceId, type Stamp } from '#core/kernel';
import type { Database } from '#core/schema';
import { factKinds, type Fact } from './fact.ts';
import { isLater } from './merge.ts';
import { readFactsOfKind, readHeard, readTaking, type Heard } from './store.ts';

const dayMs = 24 * 60 * 60 * 1000;
/** Nobody waits for a device that was not heard for so long: it is told the state instead of the changes. */
export const resyncAgeMs = 30 * dayMs;

export const nobody = new Uint8Array();

/** The last word of each device of what it has heard. */
export function readAcknowledged(database: Database): ReadonlyMap<DeviceId, Fact> {
	const latest = new Map<DeviceId, Fact>();
	for (const fact of readFactsOfKind(database, nobody, factKinds.acknowledge)) {
		const known = latest.get(fact.device);
		if (known === undefined || isLater(fact, known)) latest.set(fact.device, fact);
	}
	return latest;
}

/**
 * Of each device the stamp up to which all living ones have its facts, as far as they have said so. Living is who was
 * heard, or came, within `resyncAgeMs`, and was not removed. Run inside `read` or `write`.
 */
export function readSettled(database: Database, nowMs: number): Heard {
	const settled = new Map(readHeard(database));
	const acknowledged = readAcknowledged(database);
	const heard = readHeard(database);
	for (const { device, slot, addedMs } of readTaking(database)) {
		const last = heard.get(device);
		const seenMs = Math.max(addedMs, last === undefined ? 0 : stampMs(last));
		if (slot === 0 || nowMs - seenMs > resyncAgeMs) continue;
		const context = acknowledged.get(device)?.body.context;
		for (const [author, stamp] of settled) {
			// Its own it has itself.
			const has: Stamp = author === device ? stamp : (context?.get(author) ?? stampOf(0));
			if (has < stamp) settled.set(author, has);
		}
	}
	return settled;
}
