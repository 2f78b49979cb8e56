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
