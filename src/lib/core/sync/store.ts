import { deviceId, err, ok, type DeviceId, type Result } from '#core/kernel';
import type { Database } from '#core/schema';
import { slotMax } from './slot-numbers.ts';

/** The slot of a device that is known; null for another. Run inside `read` or `write`. */
export function findSlot(database: Database, device: DeviceId): number | null {
	const [slot] = database.prepare('SELECT slot FROM device WHERE id = ?').column([device]);
	return slot === undefined ? null : Number(slot);
}

/**
 * The slot of a device, which is given the next one where it was not known; null where none is left. This device has
 * to be named before. Run inside `write`.
 */
export function slotOf(database: Database, device: DeviceId, nowMs: number): number | null {
	const known = findSlot(database, device);
	if (known !== null) return known;
	const [last] = database.prepare('SELECT max(slot) FROM device').column();
	if (typeof last !== 'number' || last >= slotMax) return null;
	database.prepare('INSERT INTO device (slot, id, addedMs) VALUES (?, ?, ?)').run([last + 1, device, nowMs]);
	return last + 1;
}

/** The device of a slot; null where none has it. Run inside `read` or `write`. */
export function deviceOf(database: Database, slot: number): DeviceId | null {
	const [id] = database.prepare('SELECT id FROM device WHERE slot = ?').column([slot]);
	return id === undefined ? null : deviceId(id);
}

/** This device, once the library was told which it is. Run inside `read` or `write`. */
export function thisDevice(database: Database): DeviceId | null {
	return deviceOf(database, 0);
}

/** Whether there is, or was, another device than this one. Run inside `read` or `write`. */
export function hasMetOthers(database: Database): boolean {
	return database.prepare('SELECT 1 FROM device WHERE slot > 0 OR heardStamp > 0 LIMIT 1').get([]) !== undefined;
}

/**
 * Tells the library which device it lies on; a repeat changes nothing. A library that has met others keeps the device it
 * was on then: what that has numbered and said is not another's. Run inside `write`.
 */
export function nameThisDevice(
	database: Database,
	device: DeviceId,
	nowMs: number
): Result<void, { readonly type: 'LibraryOfAnotherDevice'; readonly device: DeviceId }> {
	const named = thisDevice(database);
	if (named === device) return ok(undefined);
	if (named === null) {
		database.prepare('INSERT INTO device (slot, id, addedMs) VALUES (0, ?, ?)').run([device, nowMs]);
		return ok(undefined);
	}
	if (hasMetOthers(database)) return err({ type: 'LibraryOfAnotherDevice', device: named });
	database.prepare('UPDATE device SET id = ?, addedMs = ? WHERE slot = 0').run([device, nowMs]);
	return ok(undefined);
}

/** What a device signs with; null where it is only told of by others. */
export type DeviceKey = { readonly slot: number; readonly key: Uint8Array | null; readonly isRemoved: boolean };

/** By what a device is known; null where it is not. Run inside `read` or `write`. */
export function deviceKeyOf(database: Database, device: DeviceId): DeviceKey | null {
	const row = database.prepare('SELECT slot, publicKey, revokedMs FROM device WHERE id = ?').get([device]);
	if (row === undefined) return null;
	const { slot, publicKey, revokedMs } = row;
	return { slot: Number(slot), key: publicKey instanceof Uint8Array ? publicKey : null, isRemoved: revokedMs !== null };
}

/** A device as another one knows it. */
export type IntroducedDevice = {
	readonly id: DeviceId;
	readonly key: Uint8Array;
	readonly name: string;
	readonly kind: string;
	readonly addresses: readonly string[];
};

export type KeyedDevice = IntroducedDevice & {
	readonly isRemoved: boolean;
	/** It was linked with after its pairing, which is thereby no longer to be taken back; or another one vouches for it. */
	readonly isMember: boolean;
};

/** The other devices whose keys are known, with those that a person has removed here. Run inside `read` or `write`. */
export function readKeyed(database: Database): readonly KeyedDevice[] {
	return database
		.prepare(
			`SELECT id, publicKey, name, kind, addresses, revokedMs,
				seenMs IS NOT NULL OR introducedBy IS NOT NULL AS isMember FROM device
			WHERE slot > 0 AND publicKey IS NOT NULL ORDER BY slot`
		)
		.all([])
		.flatMap(({ id, publicKey, name, kind, addresses, revokedMs, isMember }) => {
			const list: unknown = JSON.parse(String(addresses));
			const known = Array.isArray(list) ? list.filter((one) => typeof one === 'string') : [];
			if (!(publicKey instanceof Uint8Array)) return [];
			const facts = { name: String(name), kind: String(kind), addresses: known, isRemoved: revokedMs !== null };
			return [{ id: deviceId(id), key: publicKey, ...facts, isMember: isMember === 1 }];
		});
}

/** Knows a device by its key that was not known by one; false where there is no room, or another one has that key. */
export function keepIntroduced(
	database: Database,
	told: IntroducedDevice & { readonly by: DeviceId },
	nowMs: number
): boolean {
	const { by, id, key, name, kind, addresses } = told;
	if (database.prepare('SELECT 1 FROM device WHERE publicKey = ?').get([key]) !== undefined) return false;
	const slot = slotOf(database, id, nowMs);
	if (slot === null || slot === 0) return false;
	database
		.prepare(
			`UPDATE device SET publicKey = ?, name = ?, kind = ?, addresses = ?, introducedBy = ?
			WHERE slot = ? AND publicKey IS NULL`
		)
		.run([key, name, kind, JSON.stringify(addresses), findSlot(database, by), slot]);
	return true;
}
