import { deviceId, type DeviceId } from '#core/kernel';
import type { DeviceCard, PinnedKeys } from '#core/pairing';
import { build, type Database } from '#core/schema';
import { slotOf } from '#core/sync';
import * as v from 'valibot';
import { addressesSchema, type KnownDevice } from './schema.ts';

const columns = [
	'slot',
	'id',
	'name',
	'kind',
	'publicKey',
	'addedMs',
	'seenMs',
	'levelMs',
	'revokedMs',
	'addresses'
] as const;

type Row = ReturnType<typeof selectAll>[number];

function selectAll(database: Database) {
	return database.all(build.selectFrom('device').select(columns).orderBy('slot'));
}

function readAddresses(text: string): readonly string[] {
	const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), addressesSchema), text);
	return parsed.success ? parsed.output : [];
}

function toDevice({ slot, id, addresses, ...rest }: Row): KnownDevice {
	return { ...rest, id: deviceId(id), isThis: slot === 0, addresses: readAddresses(addresses) };
}

/** This device first, then the others in the order in which they came. Run inside `read` or `write`. */
export function readDevices(database: Database): readonly KnownDevice[] {
	return selectAll(database).map(toDevice);
}

/** Run inside `read` or `write`. */
export function findDevice(database: Database, id: DeviceId): KnownDevice | null {
	return readDevices(database).find((device) => device.id === id) ?? null;
}

/** The other device with that key, also one that was removed. Run inside `read` or `write`. */
export function findDeviceByKey(database: Database, key: Uint8Array): KnownDevice | null {
	const query = build.selectFrom('device').select(columns).where('publicKey', '=', key).where('slot', '>', 0);
	const row = database.first(query);
	return row === undefined ? null : toDevice(row);
}

/** The keys of the devices that are known, also of those that were removed. Run inside `read` or `write`. */
export function readPinnedKeys(database: Database): PinnedKeys {
	return new Map(readDevices(database).flatMap(({ id, publicKey }) => (publicKey === null ? [] : [[id, publicKey]])));
}

/** What people call this device; null before they did. Run inside `read` or `write`. */
export function thisDeviceName(database: Database): string | null {
	const row = database.first(build.selectFrom('device').select('name').where('slot', '=', 0));
	return row === undefined || row.name === '' ? null : row.name;
}

/**
 * Knows the device of that card from now on, by its key; false where there is no number left for it. This device has to
 * be named before. Run inside `write`.
 */
export function pinDevice(
	database: Database,
	card: Pick<DeviceCard, 'id' | 'kind' | 'name' | 'signingKey'>,
	addresses: readonly string[],
	nowMs: number
): boolean {
	const slot = slotOf(database, card.id, nowMs);
	if (slot === null || slot === 0) return false;
	const { kind, name, signingKey } = card;
	const pinned = { kind, name, publicKey: signingKey, revokedMs: null, addresses: JSON.stringify(addresses) };
	database.run(build.updateTable('device').set(pinned).where('slot', '=', slot));
	return true;
}

/** Takes a pin back, to what was `before` it. Run inside `write`. */
export function restorePin(database: Database, before: KnownDevice): void {
	const { id, name, kind, publicKey, revokedMs, addresses } = before;
	const was = { name, kind, publicKey, revokedMs, addresses: JSON.stringify(addresses) };
	database.run(build.updateTable('device').set(was).where('id', '=', id).where('slot', '>', 0));
}

/** Forgets a device of which nothing is here but its pin. Run inside `write`. */
export function dropDevice(database: Database, id: DeviceId): void {
	database.run(build.deleteFrom('device').where('id', '=', id).where('slot', '>', 0));
}

/** Run inside `write`. */
export function renameDevice(database: Database, id: DeviceId, name: string): void {
	database.run(build.updateTable('device').set({ name }).where('id', '=', id));
}

/** Where the device is dialled from now on. Run inside `write`. */
export function writeAddresses(database: Database, id: DeviceId, addresses: readonly string[]): void {
	database.run(
		build
			.updateTable('device')
			.set({ addresses: JSON.stringify(addresses) })
			.where('id', '=', id)
	);
}

/** From now on it is no device of this library for this one. Run inside `write`. */
export function revokeDevice(database: Database, id: DeviceId, nowMs: number): void {
	const query = build.updateTable('device').set({ revokedMs: nowMs });
	database.run(query.where('id', '=', id).where('slot', '>', 0).where('revokedMs', 'is', null));
}

/** Run inside `write`. */
export function noteSeen(database: Database, id: DeviceId, nowMs: number): void {
	database.run(build.updateTable('device').set({ seenMs: nowMs }).where('id', '=', id));
}

/** Run inside `write`. */
export function noteLevel(database: Database, id: DeviceId, levelMs: number): void {
	database.run(build.updateTable('device').set({ levelMs }).where('id', '=', id));
}
