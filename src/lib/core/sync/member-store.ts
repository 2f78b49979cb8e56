import { deviceId, type DeviceId } from '#core/kernel';
import type { Database } from '#core/schema';
import { deviceOf, findSlot, slotOf } from './store.ts';

/**
 * Who is a member: a device that this one was paired with and that was not removed, and whoever such a one has vouched
 * for, or one that it has vouched for, as long as none of them is removed.
 */
const withMembers = `WITH RECURSIVE member (slot) AS (
	SELECT slot FROM device WHERE slot > 0 AND revokedMs IS NULL AND introducedBy IS NULL AND publicKey IS NOT NULL
	UNION SELECT device.slot FROM device JOIN member ON device.introducedBy = member.slot WHERE device.revokedMs IS NULL
)`;

/** What a device signs with; null where it is only told of by others. */
export type DeviceKey = {
	readonly slot: number;
	readonly key: Uint8Array | null;
	readonly isRemoved: boolean;
	readonly isMember: boolean;
};

/** By what a device is known; null where it is not. Run inside `read` or `write`. */
export function deviceKeyOf(database: Database, device: DeviceId): DeviceKey | null {
	const row = database
		.prepare(
			`${withMembers} SELECT slot, publicKey, revokedMs IS NOT NULL AS isRemoved,
				slot IN (SELECT slot FROM member) AS isMember FROM device WHERE id = ?`
		)
		.get([device]);
	if (row === undefined) return null;
	const { slot, publicKey, isRemoved, isMember } = row;
	const key = publicKey instanceof Uint8Array ? publicKey : null;
	return { slot: Number(slot), key, isRemoved: isRemoved === 1, isMember: isMember === 1 };
}

/** The members, this device not among them. Run inside `read` or `write`. */
export function readMembers(database: Database): ReadonlySet<DeviceId> {
	const ids = database.prepare(`${withMembers} SELECT id FROM device JOIN member USING (slot)`).column();
	return new Set(ids.map(deviceId));
}

/** The other devices that were removed, also where no more is known of them. Run inside `read` or `write`. */
export function readRemoved(database: Database): readonly DeviceId[] {
	return database.prepare('SELECT id FROM device WHERE slot > 0 AND revokedMs IS NOT NULL').column().map(deviceId);
}

/** A device as another one knows it. */
export type IntroducedDevice = {
	readonly id: DeviceId;
	readonly key: Uint8Array;
	readonly name: string;
	readonly kind: string;
	readonly addresses: readonly string[];
};

export type Member = IntroducedDevice & {
	/** Who has vouched for it; null where this device was paired with it. */
	readonly by: DeviceId | null;
	/** It was linked with after its pairing, which is thereby no longer to be taken back; or another one vouches for it. */
	readonly isSettled: boolean;
};

/** What is known of the members, in the order in which they came. Run inside `read` or `write`. */
export function readKnownMembers(database: Database): readonly Member[] {
	return database
		.prepare(
			`${withMembers} SELECT device.id, device.publicKey, device.name, device.kind, device.addresses, voucher.id AS by,
				device.seenMs IS NOT NULL OR device.introducedBy IS NOT NULL AS isSettled
			FROM device JOIN member USING (slot) LEFT JOIN device AS voucher ON voucher.slot = device.introducedBy
			ORDER BY device.slot`
		)
		.all([])
		.flatMap(({ id, publicKey, name, kind, addresses, by, isSettled }) => {
			const list: unknown = JSON.parse(String(addresses));
			const known = Array.isArray(list) ? list.filter((one) => typeof one === 'string') : [];
			if (!(publicKey instanceof Uint8Array)) return [];
			const facts = { name: String(name), kind: String(kind), addresses: known, isSettled: isSettled === 1 };
			return [{ id: deviceId(id), key: publicKey, by: by === null ? null : deviceId(by), ...facts }];
		});
}

/** Another device's word for one, as it has signed it. */
export type Vouching = { readonly by: DeviceId; readonly bytes: Uint8Array; readonly signature: Uint8Array };

/** By whose word a device is known; null where this one was paired with it. Run inside `read` or `write`. */
export function readVouching(database: Database, device: DeviceId): Vouching | null {
	const row = database
		.prepare('SELECT introducedBy, introduction, introductionSignature FROM device WHERE id = ?')
		.get([device]);
	const { introducedBy, introduction: bytes, introductionSignature: signature } = row ?? {};
	const by = typeof introducedBy === 'number' ? deviceOf(database, introducedBy) : null;
	return by !== null && bytes instanceof Uint8Array && signature instanceof Uint8Array
		? { by, bytes, signature }
		: null;
}

/** By whose word a device is known from now on. Run inside `write`. */
export function writeVouching(database: Database, device: DeviceId, vouching: Vouching | null): void {
	const { by, bytes, signature } = vouching ?? { by: null, bytes: null, signature: null };
	database
		.prepare(
			'UPDATE device SET introducedBy = ?, introduction = ?, introductionSignature = ? WHERE id = ? AND slot > 0'
		)
		.run([by === null ? null : findSlot(database, by), bytes, signature, device]);
}

/**
 * Knows a device by its key that was not known by one; false where there is no room, or another one has that key. What
 * people have called it stays. Run inside `write`.
 */
export function keepIntroduced(database: Database, told: IntroducedDevice, nowMs: number): boolean {
	const { id, key, name, kind, addresses } = told;
	if (database.prepare('SELECT 1 FROM device WHERE publicKey = ?').get([key]) !== undefined) return false;
	const slot = slotOf(database, id, nowMs);
	if (slot === null || slot === 0) return false;
	database
		.prepare(
			`UPDATE device SET publicKey = ?, name = iif(renames = 0, ?, name), kind = iif(kind = '', ?, kind), addresses = ?
			WHERE slot = ? AND publicKey IS NULL`
		)
		.run([key, name, kind, JSON.stringify(addresses), slot]);
	return true;
}
