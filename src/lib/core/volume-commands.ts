import { hex } from '@scure/base';
import {
	err,
	isReplica,
	ok,
	type CommandId,
	type ContentKey,
	type EntryId,
	type LocationId,
	type Result,
	type VolumeId
} from '#core/kernel';
import type { Host } from '#core/ports';
import type { Database } from '#core/schema';
import { deviceOf, findSlot, splitNumber } from '#core/sync';
import { readDeviceId, type LibraryFailure } from '#core/library';
import {
	bestCopy,
	parseAddress,
	printAddress,
	type Address,
	type AddressFailure,
	type Copy,
	type CopyFailure,
	type Location,
	type Locations,
	type Volume,
	type Volumes
} from '#core/volumes';
import {
	readCopyPlaces,
	readEntry,
	readTrail,
	resolvePath,
	type CopyPlace,
	type EntryFailure,
	type EntryRow
} from '#core/index';
import type { DiskMoves } from './disk-moves.ts';

type Context = { readonly signal: AbortSignal; readonly command: CommandId };
type Nothing = Readonly<Record<never, never>>;
type Rooms = {
	readonly database: Database;
	readonly locations: Locations;
	readonly volumes: Volumes;
	readonly diskMoves: DiskMoves;
};

export type VolumeCommandDeps = {
	readonly host: Host;
	readonly opened: () => Result<Rooms, LibraryFailure>;
	/** Locations or volumes are other than they were. */
	readonly changed: () => void;
};

export type ResolveFailure =
	| AddressFailure
	| CopyFailure
	/** It names something on another device. */
	| { readonly type: 'AddressElsewhere'; readonly device: string }
	/** No location of this library lies on the volume that is meant. */
	| { readonly type: 'VolumeUnknown' };

export type PlaceFailure =
	| Extract<EntryFailure, { type: 'EntryMissing' }>
	/** It was not seen yet which volume the location lies on. */
	| { readonly type: 'PlaceUnknown' };

export function volumeCommands({ opened, changed }: VolumeCommandDeps) {
	const told = <T extends Result<unknown, { readonly type: string }>>(result: T): T => {
		if (result.ok) changed();
		return result;
	};
	return {
		'volumes.list': async (_input: Nothing, _context: Context) => {
			const rooms = opened();
			return rooms.ok ? rooms.value.volumes.list() : rooms;
		},
		'volumes.look': async (_input: Nothing, { signal }: Context) => {
			const rooms = opened();
			if (!rooms.ok) return rooms;
			const looked = await rooms.value.diskMoves.look(signal);
			if (looked.ok && looked.value) changed();
			return looked;
		},
		/** Folders that other devices have, and whose disks are here now: whoever adds one goes on with it here. */
		'volumes.arrived': async (_input: Nothing, { signal }: Context) => {
			const rooms = opened();
			return rooms.ok ? rooms.value.diskMoves.readArrived(signal) : rooms;
		},
		'volumes.measure': async ({ volume }: { readonly volume: VolumeId }, { signal }: Context) => {
			const rooms = opened();
			return rooms.ok ? told(await rooms.value.volumes.measure(volume, signal)) : rooms;
		},
		'locations.accept-volume': async ({ location }: { readonly location: LocationId }, { signal }: Context) => {
			const rooms = opened();
			return rooms.ok ? told(await rooms.value.volumes.accept(location, signal)) : rooms;
		}
	};
}

/** The location that a path of a volume lies in, the innermost one, and what of the path is below it. */
function locationsAbove(
	locations: readonly Location[],
	isOnVolume: (location: Location) => boolean,
	path: readonly string[]
): readonly { readonly location: Location; readonly below: readonly string[] }[] {
	return locations
		.flatMap((location) => {
			const top = location.place?.path ?? [];
			const isAbove = isOnVolume(location) && top.every((name, at) => name === path[at]);
			return isAbove ? [{ location, below: path.slice(top.length) }] : [];
		})
		.toSorted((a, b) => a.below.length - b.below.length);
}

/** The entry that a device's address names. Run inside `read`. */
function resolveOnVolume(
	database: Database,
	locations: readonly Location[],
	isOnVolume: (location: Location) => boolean,
	path: readonly string[]
): Result<EntryRow, ResolveFailure | EntryFailure> {
	if (!locations.some(isOnVolume)) return err({ type: 'VolumeUnknown' });
	let missing: Result<never, EntryFailure> = err({ type: 'PathMissing', path: path.join('/'), nearest: null });
	for (const { location, below } of locationsAbove(locations, isOnVolume, path)) {
		const found = resolvePath(database, locations, below.join('/'), location.entry);
		if (found.ok) return found;
		missing = found;
	}
	return missing;
}

/** A file as the ranking of copies sees it. */
function toCopy({ entry, location: id }: CopyPlace, locations: readonly Location[], disks: readonly Volume[]): Copy[] {
	const location = locations.find((one) => one.id === id);
	if (location === undefined) return [];
	const volume = disks.find((one) => one.id === location.place?.volume);
	const disk = volume?.name ?? volume?.label ?? location.name;
	// What is on another device is not to be had here yet.
	return [{ entry, distance: 0, isReachable: !location.isOffline, storageClass: location.tier.effective, disk }];
}

function resolveContent(
	{ database, locations, volumes }: Rooms,
	content: ContentKey
): Result<EntryRow, ResolveFailure | EntryFailure | LibraryFailure> {
	const known = locations.listEverywhere();
	if (!known.ok) return known;
	const disks = volumes.list();
	if (!disks.ok) return disks;
	const found = database.read((): Result<EntryRow, ResolveFailure | EntryFailure> => {
		const places = readCopyPlaces(database, hex.decode(content));
		const best = bestCopy(
			content,
			places.flatMap((place) => toCopy(place, known.value, disks.value))
		);
		if (!best.ok) return best;
		const row = readEntry(database, best.value.entry);
		return row === null ? err({ type: 'EntryMissing' }) : ok(row);
	});
	return found.ok ? found.value : found;
}

function resolveAddress(
	deps: VolumeCommandDeps,
	{ database, locations, volumes }: Rooms,
	address: Exclude<Address, { kind: 'content' }>,
	/** Of the device that has it; null where that is all the same. */
	slot: number | null
): Result<EntryRow, ResolveFailure | EntryFailure | LibraryFailure> {
	const known = locations.listEverywhere();
	if (!known.ok) return known;
	const disks = volumes.list();
	if (!disks.ok) return disks;
	const volume = disks.value.find(
		({ key, kind }) => key === address.volume && (kind === 'cloud' || address.kind !== 'cloud')
	);
	const isOf = ({ id }: Location) => slot === null || splitNumber(id).slot === slot;
	const isOnVolume = (location: Location) =>
		volume !== undefined && location.place?.volume === volume.id && isOf(location);
	const found = database.read(() => resolveOnVolume(database, known.value, isOnVolume, address.path));
	return found.ok ? found.value : found;
}

/** Entries by their addresses, and addresses by their entries. */
export function addressCommands(deps: VolumeCommandDeps) {
	return {
		'addresses.of': async (
			{ entry }: { readonly entry: EntryId },
			{ signal }: Context
		): Promise<Result<string, PlaceFailure | LibraryFailure>> => {
			const rooms = deps.opened();
			if (!rooms.ok) return rooms;
			const { database, locations, volumes } = rooms.value;
			const [known, disks, trail] = [
				locations.listEverywhere(),
				volumes.list(),
				database.read(() => readTrail(database, entry))
			];
			if (!known.ok) return known;
			if (!disks.ok) return disks;
			if (!trail.ok) return trail;
			const [root, ...below] = trail.value;
			if (root === undefined) return err({ type: 'EntryMissing' });
			const place = known.value.find((location) => location.entry === root.id)?.place ?? null;
			const volume = disks.value.find(({ id }) => id === place?.volume);
			if (place === null || volume === undefined) return err({ type: 'PlaceUnknown' });
			const path = [...place.path, ...below.map(({ name }) => name)];
			if (volume.kind === 'cloud') return ok(printAddress({ kind: 'cloud', volume: volume.key, path }));
			const owner = database.read(() => deviceOf(database, splitNumber(entry).slot));
			if (!owner.ok) return owner;
			const device = isReplica(entry) && owner.value !== null ? ok(owner.value) : await readDeviceId(deps.host, signal);
			if (!device.ok) return device;
			return ok(printAddress({ kind: 'device', device: device.value, volume: volume.key, path }));
		},
		'addresses.resolve': async (
			{ address: text }: { readonly address: string },
			{ signal }: Context
		): Promise<Result<EntryRow, ResolveFailure | EntryFailure | LibraryFailure>> => {
			const rooms = deps.opened();
			if (!rooms.ok) return rooms;
			const address = parseAddress(new TextEncoder().encode(text.trim()));
			if (!address.ok) return address;
			if (address.value.kind === 'content') return resolveContent(rooms.value, address.value.content);
			if (address.value.kind === 'cloud') return resolveAddress(deps, rooms.value, address.value, null);
			const { device } = address.value;
			const own = await readDeviceId(deps.host, signal);
			if (!own.ok) return own;
			const { database } = rooms.value;
			const slot = own.value === device ? ok(0) : database.read(() => findSlot(database, device));
			if (!slot.ok) return slot;
			if (slot.value === null) return err({ type: 'AddressElsewhere', device });
			return resolveAddress(deps, rooms.value, address.value, slot.value);
		}
	};
}
