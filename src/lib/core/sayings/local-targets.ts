import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { contentNumber, reserveContent } from '#core/content';
import { invariant, type DeviceId } from '#core/kernel';
import type { SqlRow } from '#core/ports';
import type { Database } from '#core/schema';
import { deviceOf, joinNumber, slotOf, splitNumber } from '#core/sync';
import { contentTarget, entryTarget, splitTarget } from './fact-bytes.ts';
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
	/** The device of a slot, or a defect. */
	owner(slot: number): DeviceId;
};

export function createLocalTargets(database: Database, nowMs: number): LocalTargets {
	const slots = new Map<DeviceId, number>();
	const devices = new Map<number, DeviceId>();
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
		},
		owner: (slot) => {
			const device = devices.get(slot) ?? deviceOf(database, slot);
			invariant(device !== null, 'every slot has a device');
			devices.set(slot, device);
			return device;
		}
	};
}

/** Joins what a row of `table` with a `target` needs so that `rowToTarget` can say what is meant. */
export function namedTargets(table: string): { readonly columns: string; readonly joins: string } {
	return {
		columns: `${table}.target AS target, content.identity AS identity, content.split AS split, kept_number.identity AS kept`,
		joins: `LEFT JOIN content ON content.id = -${table}.target LEFT JOIN kept_number ON kept_number.content = -${table}.target`
	};
}

const identityBytes = 32;

/** The key of a target whose row was read with `namedTargets`; null for a content that nobody knows any more. */
export function rowToTarget(row: SqlRow, owner: (slot: number) => DeviceId): TargetKey | null {
	const target = Number(row['target']);
	if (target > 0) {
		const { slot, number } = splitNumber(target);
		return entryTarget(owner(slot), number);
	}
	if (row['identity'] instanceof Uint8Array) return contentTarget(bytesToHex(row['identity']), Number(row['split']));
	if (!(row['kept'] instanceof Uint8Array)) return null;
	const [identity, rest] = [row['kept'].subarray(0, identityBytes), row['kept'].subarray(identityBytes)];
	return contentTarget(bytesToHex(identity), rest.length === 0 ? 0 : Number(new TextDecoder().decode(rest)));
}
