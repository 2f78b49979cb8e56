import { deviceId, type DeviceId } from '#core/kernel';
import type { DeviceCard, PinnedKeys } from '#core/pairing';
import { build, type Database } from '#core/schema';
import { readMembers, readVouching, slotOf, thisDevice, writeVouching, type Vouching } from '#core/sync';
import * as v from 'valibot';
import { admit, isRemoved, isSaid, remove, rename, unsaid, type Membership } from './membership.ts';
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
	'addresses',
	'introducedBy'
] as const;

const said = ['admitted', 'removed', 'renames', 'renamedBy', 'name', 'kind'] as const;

type Row = ReturnType<typeof selectAll>[number];

function selectAll(database: Database) {
	return database.all(build.selectFrom('device').select(columns).orderBy('slot'));
}

function readAddresses(text: string): readonly string[] {
	const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), addressesSchema), text);
	return parsed.success ? parsed.output : [];
}

function toDevice(
	{ slot, id: text, addresses, introducedBy, ...rest }: Row,
	members: ReadonlySet<DeviceId>
): KnownDevice {
	const id = deviceId(text);
	const hasLostVoucher = introducedBy !== null && rest.revokedMs === null && !members.has(id);
	return { ...rest, id, isThis: slot === 0, addresses: readAddresses(addresses), hasLostVoucher };
}

/** This device first, then the others in the order in which they came. Run inside `read` or `write`. */
export function readDevices(database: Database): readonly KnownDevice[] {
	const members = readMembers(database);
	return selectAll(database).map((row) => toDevice(row, members));
}

/** Run inside `read` or `write`. */
export function findDevice(database: Database, id: DeviceId): KnownDevice | null {
	return readDevices(database).find((device) => device.id === id) ?? null;
}

/** The other device with that key, also one that was removed. Run inside `read` or `write`. */
export function findDeviceByKey(database: Database, key: Uint8Array): KnownDevice | null {
	const query = build.selectFrom('device').select(columns).where('publicKey', '=', key).where('slot', '>', 0);
	const row = database.first(query);
	return row === undefined ? null : toDevice(row, readMembers(database));
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
	const known = readMembership(database, card.id);
	const pinned = { kind, publicKey: signingKey, addresses: JSON.stringify(addresses) };
	database.run(build.updateTable('device').set(pinned).where('slot', '=', slot));
	// A person has looked at it: nobody else needs to vouch for it.
	writeVouching(database, card.id, null);
	// Whom nobody had removed the others are told of once it has come: until then it may come to nothing.
	writeMembership(database, card.id, isRemoved(known) ? admit({ ...known, kind }) : { ...known, kind }, nowMs);
	if (known.renames === 0) database.run(build.updateTable('device').set({ name }).where('slot', '=', slot));
	else if (known.name !== name) renameDevice(database, card.id, name);
	return true;
}

/** What a pin takes the place of. */
export type Unpinned = KnownDevice & { readonly vouching: Vouching | null };

/** What a device is before it is pinned; null where it is not known. Run inside `read` or `write`. */
export function readUnpinned(database: Database, id: DeviceId): Unpinned | null {
	const device = findDevice(database, id);
	return device === null ? null : { ...device, vouching: readVouching(database, id) };
}

/** Takes a pin back, to what was `before` it; others may have been told by now of one that was let in again. Run inside `write`. */
export function restorePin(database: Database, before: Unpinned, nowMs: number): void {
	const { id, name, kind, publicKey, revokedMs, addresses, vouching } = before;
	const was = { kind, publicKey, addresses: JSON.stringify(addresses) };
	database.run(build.updateTable('device').set(was).where('id', '=', id).where('slot', '>', 0));
	writeVouching(database, id, vouching);
	const pinned = readMembership(database, id);
	if (pinned.renames === 0) database.run(build.updateTable('device').set({ name }).where('id', '=', id));
	else if (pinned.name !== name) renameDevice(database, id, name);
	if (revokedMs !== null) revokeDevice(database, id, nowMs);
}

/** Knows a device by its key no more; where nothing is here but its pin, not at all. Run inside `write`. */
export function dropDevice(database: Database, id: DeviceId): void {
	const unpinned = { publicKey: null, addresses: '[]' };
	database.run(build.updateTable('device').set(unpinned).where('id', '=', id).where('slot', '>', 0));
	// What it has signed may have come through another device meanwhile.
	database
		.prepare(
			`DELETE FROM device WHERE id = ? AND slot > 0 AND slot NOT IN (SELECT slot FROM replica) AND slot NOT IN (SELECT slot FROM fact)
				AND slot NOT IN (SELECT introducedBy FROM device WHERE introducedBy IS NOT NULL)`
		)
		.run([id]);
}

/** What devices say of one another, of each that anything is said of: those that came first. Run inside `read` or `write`. */
export function readMemberships(database: Database, limit: number): Map<DeviceId, Membership> {
	const rows = database.all(
		build
			.selectFrom('device')
			.select([...said, 'id'])
			.orderBy('slot')
	);
	const members = rows.map(({ id, ...membership }): [DeviceId, Membership] => [deviceId(id), membership]);
	return new Map(members.filter(([, membership]) => isSaid(membership)).slice(0, limit));
}

/** Run inside `read` or `write`. */
export function readMembership(database: Database, id: DeviceId): Membership {
	return database.first(build.selectFrom('device').select(said).where('id', '=', id)) ?? unsaid;
}

/** Of a device that is known; where it is removed by that, it is from now on. Run inside `write`. */
export function writeMembership(database: Database, id: DeviceId, membership: Membership, nowMs: number): void {
	const before = database.first(
		build
			.selectFrom('device')
			.select([...said, 'revokedMs'])
			.where('id', '=', id)
	);
	if (before === undefined) return;
	const wasRemoved = isRemoved(before);
	const revokedMs = isRemoved(membership) ? (before.revokedMs ?? nowMs) : wasRemoved ? null : before.revokedMs;
	database.run(
		build
			.updateTable('device')
			.set({ ...membership, revokedMs })
			.where('id', '=', id)
	);
}

/** A device that was let in here has come: from now on the others are told of it. Run inside `write`. */
export function admitDevice(database: Database, id: DeviceId, nowMs: number): void {
	const device = findDevice(database, id);
	if (device === null || device.isThis || device.publicKey === null || device.revokedMs !== null) return;
	const known = readMembership(database, id);
	if (known.admitted <= known.removed) writeMembership(database, id, admit(known), nowMs);
	if (known.renames === 0 && known.name !== '') renameDevice(database, id, known.name);
}

/** Run inside `write`. */
export function renameDevice(database: Database, id: DeviceId, name: string): void {
	const named = rename(readMembership(database, id), name, thisDevice(database) ?? '');
	database.run(build.updateTable('device').set(named).where('id', '=', id));
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

/** From now on it is no device of this library. Run inside `write`. */
export function revokeDevice(database: Database, id: DeviceId, nowMs: number): void {
	if (id !== thisDevice(database)) writeMembership(database, id, remove(readMembership(database, id)), nowMs);
}

/** Another device has said that this one is none of the library any more. Run inside `write`. */
export function noteRemovedHere(database: Database, nowMs: number): void {
	const query = build.updateTable('device').set({ revokedMs: nowMs });
	database.run(query.where('slot', '=', 0).where('revokedMs', 'is', null));
}

/** Whether this device is none of the library any more. Run inside `read` or `write`. */
export function isThisRemoved(database: Database): boolean {
	return database.first(build.selectFrom('device').select('revokedMs').where('slot', '=', 0))?.revokedMs != null;
}

/** Run inside `write`. */
export function noteSeen(database: Database, id: DeviceId, nowMs: number): void {
	database.run(build.updateTable('device').set({ seenMs: nowMs }).where('id', '=', id));
}

/** Run inside `write`. */
export function noteLevel(database: Database, id: DeviceId, levelMs: number): void {
	database.run(build.updateTable('device').set({ levelMs }).where('id', '=', id));
}
