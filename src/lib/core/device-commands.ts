import { err, ok, type DeviceId, type Result } from '#core/kernel';
import {
	addressMax,
	dialFirst,
	findDevice,
	readDoor,
	renameDevice,
	revokeDevice,
	writeAddresses,
	type DeviceRow,
	type DialledLink,
	type DialFailure,
	type DoorFailure,
	type KnownDevice,
	type MadeOffer,
	type OfferKind,
	type PairingEnd,
	type PairingView
} from '#core/devices';
import type { LibraryFailure } from '#core/library';
import { tidyName, type OfferFailure } from '#core/pairing';
import { findSlot, noteRenamed, splitNumber, thisDevice } from '#core/sync';
import type { Volume } from '#core/volumes';
import type { ConnectFailure } from './join-sync.ts';
import type { CoreContext, Joined, Nothing, Opened } from './joined.ts';
import { runSync, type SyncedDevice } from './run-sync.ts';

type DeviceFailure = LibraryFailure | { readonly type: 'DeviceMissing' };
/** Another device has removed this one from the library. */
type RemovedFailure = { readonly type: 'ThisDeviceRemoved' };
/** This device is only called where it waits for that, and it has no place there: `isAlone` as the library has no other. */
type UncalledFailure = { readonly type: 'NobodyCanCall'; readonly isAlone: boolean };
type JoinFailure = LibraryFailure | DoorFailure | DialFailure | { readonly type: 'DeviceNoAddress' };
type JoinInput = {
	/** An invitation, twelve words or a short code. */
	readonly text: string;
	/** Where the other device may be reached, besides what an invitation says. */
	readonly addresses: readonly string[];
	/** What this device is called in the library; else as its host says. */
	readonly name?: string;
};
export type AnyPairing = PairingView<PairingEnd | LibraryFailure | ConnectFailure>;

/** What a device is named after is chosen by a person; what can be done to it hangs on which one it is. */
function changeDevice(
	{ opened, devices }: Joined,
	device: DeviceId,
	mayBeThis: boolean,
	change: (known: KnownDevice) => void
): Result<null, DeviceFailure> {
	const rooms = opened();
	if (!rooms.ok) return rooms;
	const { database } = rooms.value;
	const changed = database.write(() => {
		const known = findDevice(database, device);
		if (known === null || (known.isThis && !mayBeThis)) return false;
		change(known);
		return true;
	});
	if (!changed.ok) return changed;
	if (!changed.value) return err({ type: 'DeviceMissing' });
	devices.follow();
	return ok(null);
}

type Owned = Pick<DeviceRow, 'locations' | 'volumes'>;

/** Which folders and disks of the library are whose. */
function readOwned(
	{ database, locations, volumes }: Opened,
	devices: readonly KnownDevice[]
): Result<ReadonlyMap<DeviceId, Owned>, LibraryFailure> {
	const disks = volumes.list();
	if (!disks.ok) return disks;
	return database.read(() => {
		const folders = locations.readEverywhere();
		// A disk keeps its number here when it goes to another device: it is at the one that has folders on it.
		const usersOf = (disk: Volume) => {
			const users = folders.filter(({ place }) => place?.volume === disk.id);
			return users.length > 0 ? users : [disk];
		};
		const ownedBy = (id: DeviceId): Owned => {
			const slot = findSlot(database, id);
			const isTheirs = (one: { readonly id: number }) => splitNumber(one.id).slot === slot;
			return {
				locations: folders.filter(isTheirs).map((one) => one.id),
				volumes: disks.value.filter((disk) => usersOf(disk).some(isTheirs)).map((one) => one.id)
			};
		};
		return new Map(devices.map(({ id }) => [id, ownedBy(id)]));
	});
}

/** Begins to come to a library: resolves once there is a talk, whose state `devices.pairing` tells. */
async function join(
	joined: Joined,
	{ text, addresses, name }: JoinInput,
	signal: AbortSignal
): Promise<Result<null, JoinFailure>> {
	const { host, library, devices } = joined;
	const status = await library.status(signal);
	if (!status.ok) return status;
	if (status.value.state !== 'none') return err({ type: 'LibraryExists', retry: 'never' });
	const door = readDoor(text, host.clock.nowMs());
	if (!door.ok) return door;
	const called = name === undefined ? undefined : tidyName(name);
	if (called === '') return err({ type: 'NameEmpty' });
	const own = await devices.own(signal, called);
	if (!own.ok) return own;
	const reachable = [...addresses, ...door.value.addresses];
	const dialled: Result<DialledLink, JoinFailure> =
		devices.dials === null
			? err({ type: 'DeviceNoAddress' })
			: await dialFirst({ port: devices.dials, clock: host.clock }, reachable, null, signal);
	if (!dialled.ok) return dialled;
	devices.comeFrom({ addresses: reachable, name: called ?? null });
	void devices.joining.run(own.value, door.value.door, dialled.value.link, signal);
	return ok(null);
}

function uncalled(listed: Result<readonly KnownDevice[], LibraryFailure>): UncalledFailure {
	const isAlone = listed.ok && listed.value.every(({ isThis, revokedMs }) => isThis || revokedMs !== null);
	return { type: 'NobodyCanCall', isAlone };
}

function pairingCommands(joined: Joined) {
	const { devices } = joined;
	return {
		/**
		 * Lets one new device come to the library within five minutes, once a person has compared the words. Where nobody
		 * could come to this device, nothing is offered.
		 */
		'devices.offer': async (
			input: { readonly kind: OfferKind; readonly app: string; readonly addresses: readonly string[] },
			{ signal }: CoreContext
		): Promise<Result<MadeOffer, ConnectFailure | OfferFailure | RemovedFailure | UncalledFailure>> => {
			const named = await devices.name(signal);
			if (!named.ok) return named;
			if (devices.isRemoved()) return err({ type: 'ThisDeviceRemoved' });
			const own = await devices.own(signal);
			if (!own.ok) return own;
			const place = await devices.waiting.address(signal);
			const isCallable = place !== null && place.length <= addressMax.letters;
			const addresses = [...(isCallable ? [place] : []), ...input.addresses].slice(0, addressMax.count);
			if (devices.isOnlyCalled && addresses.length === 0) return err(uncalled(devices.list()));
			return devices.offering.make(own.value, { ...input, addresses });
		},
		/** Comes to a library of another device, where there is none here. */
		'devices.join': (input: JoinInput, { signal }: CoreContext) => join(joined, input, signal),
		/** Where the pairing of this device is, on either side. */
		'devices.pairing': (_input: Nothing, _context: CoreContext): Promise<Result<AnyPairing, never>> => {
			const offered = devices.offering.view();
			return Promise.resolve(ok(offered.step === 'none' ? devices.joining.view() : offered));
		},
		/** Says whether the words are the same on both screens; a no ends the pairing, also before there are any. */
		'devices.confirm': async (
			{ yes }: { readonly yes: boolean },
			_context: CoreContext
		): Promise<Result<null, never>> => {
			await devices.offering.confirm(yes);
			await devices.joining.confirm(yes);
			return ok(null);
		}
	};
}

function rename(joined: Joined, device: DeviceId, name: string): Result<null, DeviceFailure> {
	const rooms = joined.opened();
	if (!rooms.ok) return rooms;
	const { database } = rooms.value;
	return changeDevice(joined, device, true, ({ id, name: before }) => {
		renameDevice(database, id, name);
		noteRenamed(database, findSlot(database, id) ?? 0, before, name, joined.host.clock.nowMs());
	});
}

export function deviceCommands(joined: Joined) {
	const { host, opened, devices } = joined;
	return {
		...pairingCommands(joined),
		/** The devices of the library, this one first. */
		'devices.list': async (
			_input: Nothing,
			{ signal }: CoreContext
		): Promise<Result<readonly DeviceRow[], ConnectFailure>> => {
			const named = await devices.name(signal);
			if (!named.ok) return named;
			const own = await devices.own(signal);
			const [listed, rooms] = [devices.list(), opened()];
			if (!own.ok) return own;
			if (!listed.ok) return listed;
			if (!rooms.ok) return rooms;
			const links = rooms.value.sync.status();
			const owned = readOwned(rooms.value, listed.value);
			if (!owned.ok) return owned;
			return ok(
				listed.value.map(({ publicKey: _, ...device }) => ({
					...device,
					...(device.isThis && { name: own.value.card.name, kind: own.value.card.kind }),
					...(owned.value.get(device.id) ?? { locations: [], volumes: [] }),
					link: links.find((one) => one.device === device.id)?.link ?? 'none'
				}))
			);
		},
		/** Calls a device something else, on all devices. */
		'devices.rename': async (
			{ device, name }: { readonly device: DeviceId; readonly name: string },
			_context: CoreContext
		): Promise<Result<null, DeviceFailure>> => {
			const tidy = tidyName(name);
			return tidy === '' ? err({ type: 'NameEmpty' }) : rename(joined, device, tidy);
		},
		/** Says where another device is dialled from now on. */
		'devices.set-addresses': async (
			{ device, addresses }: { readonly device: DeviceId; readonly addresses: readonly string[] },
			_context: CoreContext
		): Promise<Result<null, DeviceFailure>> => {
			const rooms = opened();
			return rooms.ok
				? changeDevice(joined, device, false, ({ id }) => writeAddresses(rooms.value.database, id, addresses))
				: rooms;
		},
		/** Cuts a device off at once, lets it in no more, and tells all devices to. What it has it keeps. */
		'devices.revoke': async (
			{ device }: { readonly device: DeviceId },
			_context: CoreContext
		): Promise<Result<null, DeviceFailure>> => {
			const rooms = opened();
			if (!rooms.ok) return rooms;
			// Whoever hears of it parts with the removed one: this device as well.
			return changeDevice(joined, device, false, ({ id }) =>
				revokeDevice(rooms.value.database, id, host.clock.nowMs())
			);
		},
		/** Meets each known device once, or `only` that one, until nothing is behind on either side; tells how it went with each. */
		'sync.run': async (
			{ only }: { readonly only?: DeviceId },
			{ signal }: CoreContext
		): Promise<Result<readonly SyncedDevice[], ConnectFailure>> => {
			const named = await devices.name(signal);
			return named.ok && thisDevice(named.value) !== null
				? runSync(joined, only ?? null, signal)
				: named.ok
					? ok([])
					: named;
		}
	};
}
