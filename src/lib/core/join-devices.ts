import { err, ok, type DeviceId, type Result } from '#core/kernel';
import {
	admitDevice,
	createDialling,
	createGoingDirect,
	createJoining,
	createLinks,
	createOffering,
	dropDevice,
	findDevice,
	findDeviceByKey,
	isThisRemoved,
	linkCodes,
	noteLevel,
	noteSeen,
	pinDevice,
	readDevices,
	readPinnedKeys,
	readUnpinned,
	renameDevice,
	restorePin,
	thisDeviceName,
	withChannelKey,
	type Dialling,
	type DialPort,
	type GoingDirect,
	type Joining,
	type KnownDevice,
	type Links,
	type Offering
} from '#core/devices';
import { readDeviceIdentity, type LibraryFailure } from '#core/library';
import type { DeviceCard, DeviceKind, Own, Welcome } from '#core/pairing';
import type { DirectPort } from '#core/direct';
import { closeCodes, directWay } from '#core/net';
import { beginComingBack } from '#core/sayings';
import type { Database } from '#core/schema';
import { nameThisDevice, thisDevice } from '#core/sync';
import { connectOver, hearRemoval, type ConnectFailure } from './join-sync.ts';
import type { Joined } from './joined.ts';
import { waitAtRelay, type RelayOptions, type Waiting } from './wait-at-relay.ts';

export type DeviceOptions = {
	/** What this device is called where nobody has named it, and what sort of host it runs in. */
	readonly card: { readonly name: string; readonly kind: DeviceKind };
	/** How other devices are reached; null where this host cannot dial. */
	readonly dials: DialPort | null;
	/** Whether links with all devices are kept while the library is open. */
	readonly keepsLinks: boolean;
	/** Where this device waits to be called by others; nowhere where this is left out. */
	readonly relay?: RelayOptions;
	/** How direct links are made with devices that are linked through a relay; not at all where this is left out. */
	readonly direct?: DirectPort;
};

type Coming = { readonly addresses: readonly string[]; readonly name: string | null };
type Deps = Omit<Joined, 'devices'> & { readonly options: DeviceOptions };

/** This device among those of the library. */
export type JoinedDevices = {
	readonly links: Links;
	readonly offering: Offering;
	readonly joining: Joining<LibraryFailure | ConnectFailure>;
	readonly dialling: Dialling;
	readonly waiting: Waiting;
	readonly dials: DialPort | null;
	/** Whether links stay open by themselves. */
	readonly keepsLinks: boolean;
	/** Whether others reach this device only where it waits to be called. */
	readonly isOnlyCalled: boolean;
	/** Who this device is to others, in a pairing; `called` something else than it is here. */
	own(signal: AbortSignal, called?: string): Promise<Result<Own, LibraryFailure>>;
	/** Writes this device's own row where it is not there yet. */
	name(signal: AbortSignal): Promise<Result<Database, ConnectFailure>>;
	list(): Result<readonly KnownDevice[], LibraryFailure>;
	/** Whether another device has removed this one from the library. */
	isRemoved(): boolean;
	/** Where the device that is joined can be reached, and what this one is called there. */
	comeFrom(coming: Coming): void;
	/** Writes down when a device was there, and when both were in step. */
	noteLink(peer: DeviceId): void;
	/** To be called after each unlocking, and when there is another device. */
	follow(): void;
	close(): Promise<void>;
};

/** What can be asked of the devices in the database, while one is open. */
function known({ opened, host }: Deps) {
	const ask = <T>(work: (database: Database) => T): T | null => {
		const rooms = opened();
		const answer = rooms.ok ? rooms.value.database.read(() => work(rooms.value.database)) : rooms;
		return answer.ok ? answer.value : null;
	};
	const tell = (work: (database: Database, nowMs: number) => void): boolean => {
		const rooms = opened();
		const nowMs = host.clock.nowMs();
		return rooms.ok && rooms.value.database.write(() => work(rooms.value.database, nowMs)).ok;
	};
	const all = () => ask((database) => readDevices(database)) ?? [];
	const find = (id: DeviceId) => ask((database) => findDevice(database, id));
	return { ask, tell, all, find };
}

/** Writes down when a device was there, and when both were in step. */
function noteLink({ opened, host, emit }: Deps, peer: DeviceId): void {
	const rooms = opened();
	if (!rooms.ok) return;
	const { database, sync } = rooms.value;
	const status = sync.status().find(({ device }) => device === peer);
	const levels = (status?.domains ?? []).map(({ levelMs, givenMs }) => Math.min(levelMs ?? 0, givenMs ?? 0));
	const levelMs = Math.min(...levels);
	database.write(() => {
		noteSeen(database, peer, host.clock.nowMs());
		admitDevice(database, peer, host.clock.nowMs());
		if (Number.isFinite(levelMs) && levelMs > 0) noteLevel(database, peer, levelMs);
	});
	emit({ type: 'devices-changed' });
}

function createPin({ ask, tell }: Pick<ReturnType<typeof known>, 'ask' | 'tell'>, changed: () => void) {
	return (card: DeviceCard): (() => void) | null => {
		const before = ask((database) => readUnpinned(database, card.id));
		let isPinned = false;
		tell((database, nowMs) => (isPinned = pinDevice(database, card, before?.addresses ?? [], nowMs)));
		changed();
		if (!isPinned) return null;
		return () => {
			tell((database, nowMs) =>
				before === null ? dropDevice(database, card.id) : restorePin(database, before, nowMs)
			);
			changed();
		};
	};
}

async function welcomeOf({ library }: Deps): Promise<Welcome | null> {
	const status = await library.status(new AbortController().signal);
	const libraryKey = library.key();
	if (!status.ok || status.value.state !== 'open' || libraryKey === null) return null;
	return { library: status.value.id, libraryKey: libraryKey.slice(), libraryName: status.value.name };
}

/** Writes this device's own row where it is not there yet. */
async function nameHere({ host, opened }: Deps, signal: AbortSignal): Promise<Result<Database, ConnectFailure>> {
	const own = await readDeviceIdentity(host, signal);
	if (!own.ok) return own;
	const rooms = opened();
	if (!rooms.ok) return rooms;
	const { database } = rooms.value;
	const named = database.write(() => nameThisDevice(database, own.value.id, host.clock.nowMs()));
	if (!named.ok) return named;
	return named.value.ok ? ok(database) : named.value;
}

/** Makes this device's copy of the library that it was let into, which knows the device that let it in. */
async function keepCopy(
	deps: Deps,
	tell: ReturnType<typeof known>['tell'],
	{ addresses, name }: Coming,
	{ library, libraryKey, libraryName }: Welcome,
	peer: DeviceCard
): Promise<Result<null, ConnectFailure>> {
	const { signal } = new AbortController();
	const made = await deps.library.join({ id: library, libraryKey, name: libraryName }, signal);
	if (!made.ok) return made;
	const named = await nameHere(deps, signal);
	if (!named.ok) return named;
	const keyed = [...new Set(addresses.map((address) => withChannelKey(address, peer.channelKey)))];
	let isPinned = false;
	tell((database, nowMs) => {
		isPinned = pinDevice(database, peer, keyed, nowMs);
		beginComingBack(database);
		const own = thisDevice(database);
		if (own !== null && name !== null) renameDevice(database, own, name);
	});
	if (!isPinned) return err({ type: 'LibraryLocked' });
	deps.afterOpen();
	deps.emit({ type: 'library-changed' });
	return ok(null);
}

/** Talks with the devices of the library and with no other, once this one has heard which these are. */
function obey(
	{ opened, options }: Deps,
	{ links, dialling, waiting }: Pick<JoinedDevices, 'links' | 'dialling' | 'waiting'>,
	devices: readonly KnownDevice[]
): void {
	const rooms = opened();
	// What is heard while the library closes begins nothing anew: nobody would end it.
	if (rooms.ok && rooms.value.life.signal.aborted) return;
	const isOut = devices.some(({ isThis, revokedMs }) => isThis && revokedMs !== null);
	for (const { id, isThis, revokedMs, hasLostVoucher } of devices) {
		if (isThis || (revokedMs === null && !hasLostVoucher && !isOut)) continue;
		const isRemoved = revokedMs !== null && !isOut;
		if (rooms.ok && isRemoved) rooms.value.sync.remove(id);
		else if (rooms.ok) rooms.value.sync.leave(id);
		links.cut(id, isRemoved ? linkCodes.removed : closeCodes.none);
	}
	if (options.keepsLinks) dialling.keep(isOut ? [] : devices);
	const hasOthers = devices.some(
		({ isThis, revokedMs, hasLostVoucher }) => !isThis && revokedMs === null && !hasLostVoucher
	);
	if (rooms.ok && hasOthers && !isOut) waiting.begin(rooms.value.life.signal);
	else waiting.end();
}

/** Who this device is to others, in a pairing; `named` something else than it is here. */
async function ownSide(
	{ host, options }: Deps,
	ask: ReturnType<typeof known>['ask'],
	signal: AbortSignal,
	named?: string
): Promise<Result<Own, LibraryFailure>> {
	const identity = await readDeviceIdentity(host, signal);
	if (!identity.ok) return identity;
	const { id, keys } = identity.value;
	const name = named ?? ask((database) => thisDeviceName(database)) ?? options.card.name;
	const pinned = ask((database) => readPinnedKeys(database)) ?? new Map();
	return ok({ keys, card: { id, kind: options.card.kind, name }, pinned, random: host.random });
}

const noPort: DialPort = {
	dial: () => Promise.resolve(err({ type: 'DeviceUnreachable', what: 'this device cannot dial' }))
};

/** The tries for direct links, which come to the others in `links`. */
function goingDirect(
	{ host, options }: Deps,
	find: (id: DeviceId) => KnownDevice | null,
	links: () => Links
): GoingDirect {
	const { clock, random } = host;
	return createGoingDirect({
		clock,
		random,
		port: options.direct ?? null,
		ownKeys: async (signal) => {
			const identity = await readDeviceIdentity(host, signal);
			return identity.ok ? identity.value.keys : null;
		},
		keyOf: (peer) => find(peer)?.publicKey ?? null,
		isDirect: (peer) => links().isDirect(peer),
		onLink: async (peer, link, side) => {
			if (side === 'offers') return links().follow(peer, link, directWay);
			const deviceKey = find(peer)?.publicKey;
			if (deviceKey === undefined || deviceKey === null) link.close(closeCodes.refused);
			else links().accept(link, deviceKey, { way: directWay });
			return null;
		}
	});
}

/** Joins this device to the others of its library; outlives the times in which the library is open. */
export function joinDevices(deps: Deps): JoinedDevices {
	const { host, opened, options, emit } = deps;
	const { clock, random } = host;
	const changed = () => emit({ type: 'devices-changed' });
	const { ask, tell, all, find } = known(deps);
	const ownId = () => ask((database) => thisDevice(database));
	// Nothing leads into a browser by itself.
	const isDialled = options.card.kind !== 'browser';
	const isRemoved = () => ask((database) => isThisRemoved(database)) ?? false;
	let coming: Coming = { addresses: [], name: null };
	const name: JoinedDevices['name'] = (signal) => nameHere(deps, signal);
	const offering = createOffering({
		clock,
		random,
		pin: createPin({ ask, tell }, () => joined.follow()),
		welcome: () => welcomeOf(deps),
		onChange: changed
	});
	const direct = goingDirect(deps, find, () => links);
	const links: Links = createLinks({
		clock,
		offering,
		findByKey: (key) => ask((database) => findDeviceByKey(database, key)),
		list: all,
		ownId,
		connect: (...link) => connectOver(deps, ...link),
		onLink: (peer) => noteLink(deps, peer),
		onRemoved: (by) => hearRemoval(deps, by),
		isRemoved,
		direct
	});
	const joined: JoinedDevices = {
		links,
		offering,
		joining: createJoining<LibraryFailure | ConnectFailure>({
			clock,
			keep: (welcome, peer) => keepCopy(deps, tell, coming, welcome, peer),
			onChange: changed
		}),
		dialling: createDialling({ clock, random, port: options.dials ?? noPort, links, ownId, find, isDialled }),
		waiting: waitAtRelay({ ...deps, relay: options.relay ?? null, links }),
		dials: options.dials,
		keepsLinks: options.keepsLinks,
		isOnlyCalled: !isDialled,
		name,
		isRemoved,
		own: (signal, named) => ownSide(deps, ask, signal, named),
		list: () => {
			const rooms = opened();
			return rooms.ok ? rooms.value.database.read(() => readDevices(rooms.value.database)) : rooms;
		},
		noteLink: (peer) => noteLink(deps, peer),
		comeFrom: (given) => (coming = given),
		follow: changed,
		close: async () => {
			await offering.confirm(false);
			await joined.dialling.close();
			await joined.waiting.close();
			await links.close();
		}
	};
	deps.subscribe(({ type }) => {
		if (type === 'devices-changed') obey(deps, joined, all());
	});
	return joined;
}
