import { hexToBytes } from '@noble/hashes/utils.js';
import { contentNumber, reserveContent } from '#core/content';
import { invariant, type DeviceId } from '#core/kernel';
import type { Database } from '#core/schema';
import { joinNumber, numbersPerSlot, slotOf } from '#core/sync';
import { splitTarget } from './fact-bytes.ts';
import type { TargetKey } from './fact.ts';

/**
 * The numbers by which this library knows what facts are about, and back. What it does not know yet has a number all the
 * same, which the entry or the content gets when it comes: what was said of it is there then.
 */
export type LocalTargets = {
	/** The number here; null where this library has never given one. */
	find(key: TargetKey): number | null;
	/** The number here, given now where there was none. Run inside `write`. */
	give(key: TargetKey): number;
};

export function createLocalTargets(database: Database, nowMs: number): LocalTargets {
	const slots = new Map<DeviceId, number>();
	const slotNumber = (device: DeviceId): number => {
		const slot = slots.get(device) ?? slotOf(database, device, nowMs);
		invariant(slot !== null, 'there is room for the device: its batch was checked');
		slots.set(device, slot);
		return slot;
	};
	const give = (key: TargetKey): number => {
		const parts = splitTarget(key);
		if (parts.is === 'content') return -reserveContent(database, hexToBytes(parts.identity), parts.split);
		return joinNumber({ slot: slotNumber(parts.device), number: parts.number });
	};
	return {
		give,
		find: (key) => {
			const parts = splitTarget(key);
			if (parts.is === 'entry') return give(key);
			const number = contentNumber(database, hexToBytes(parts.identity), parts.split);
			return number === null ? null : -number;
		}
	};
}

/** The key of the target of a row of `table`; null for a content that nobody knows any more. */
export function targetKeySql(table: string): string {
	const target = `${table}.target`;
	return `iif(${target} < 0,
		coalesce(
			(SELECT 'c' || lower(hex(identity)) || split FROM content WHERE id = -${target}),
			(SELECT 'c' || lower(hex(substr(identity, 1, 32))) ||
				iif(length(identity) = 32, 0, CAST(substr(identity, 33) AS TEXT))
				FROM kept_number WHERE content = -${target})
		),
		'e' || (SELECT id FROM device WHERE slot = ${target} / ${numbersPerSlot}) || (${target} % ${numbersPerSlot})
	)`;
}
