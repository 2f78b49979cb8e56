import { err, ok, type DeviceId, type LibraryId, type Result } from '#core/kernel';
import type { NameSink } from '#core/index';
import { createMembersDomain, findDevice, isThisRemoved, noteRemovedHere } from '#core/devices';
import { readDeviceIdentity, type LibraryFailure } from '#core/library';
import type { Host } from '#core/ports';
import { createIndexSync, type IndexSync } from '#core/replicas';
import { createSayingsDomain } from '#core/sayings';
import type { Database, StorageFailure } from '#core/schema';
import { createSessions, nameThisDevice, protocolVersions } from '#core/sync';
import type { PeerStatus, SessionEnd, Sessions, SyncChannel, SyncDomain } from '#core/sync';
import type { CoreEvent, Joined, Opened } from './joined.ts';

/** What of an open library is kept in step with other devices; `changed` is to be called after each writing of it. */
export type DomainsOf = (
	own: readonly SyncDomain[],
	open: { readonly database: Database; readonly changed: (domain: string) => void }
) => readonly SyncDomain[];

type Deps = Pick<Host, 'clock' | 'random'> & {
	readonly database: Database;
	readonly names: NameSink;
	readonly library: LibraryId | null;
	readonly domains?: DomainsOf;
	readonly emit: (event: CoreEvent) => void;
	/** There is another device of the library, which somebody has told of. */
	readonly onDevices: () => void;
};

/** What an open library has to do with other devices. */
export type LibrarySync = {
	/** The sessions of this library, which is on `device`; null where the library has no name among others. */
	sessions(device: DeviceId): Sessions | null;
	/** Something has changed in the library; whether it is of a domain, this finds out. */
	onEvent(event: CoreEvent): void;
	status(): readonly PeerStatus[];
	retry(peer: DeviceId, domain: string): void;
	/** Keeps the logs short, and has others do so; to be called once a day or so. */
	tend(): Result<void, StorageFailure>;
	/** Ends what goes on with `peer`. */
	leave(peer: DeviceId): void;
	/** Ends what goes on with `peer`, which is no device of the library any more, and tells it so. */
	remove(peer: DeviceId): void;
	/** Ends what goes on with a device, and knows nothing of it any more. */
	forget(peer: DeviceId): Promise<void>;
	close(): Promise<void>;
};

/** After these a domain may have something new; what is said of files hangs on what is known of them. */
const sharedEvents: ReadonlySet<CoreEvent['type']> = new Set([
	'metadata-changed',
	'entries-changed',
	'locations-changed',
	'devices-changed'
]);

function joinIndex({ database, clock, random, names, library, emit, onDevices }: Deps): IndexSync {
	return createIndexSync({
		database,
		clock,
		random,
		names,
		library: library ?? 'none',
		onMerged: ({ folders, hasPlaces }) => {
			if (hasPlaces) emit({ type: 'locations-changed' });
			emit({ type: 'entries-changed', folders });
		},
		onIntroduced: onDevices
	});
}

/** Sessions begin with the first link: until then nothing is asked of the database for other devices. */
export function joinSync(deps: Deps): Pick<Opened, 'sync' | 'indexSync' | 'sayings'> {
	const { database, clock, library, emit } = deps;
	const indexSync = joinIndex(deps);
	const sayings = createSayingsDomain({ database, clock, onMerged: () => emit({ type: 'metadata-changed' }) });
	const changed = (domain: string) => sessions?.changed(domain);
	const members = createMembersDomain({ database, clock, onMerged: () => emit({ type: 'devices-changed' }) });
	// What is short, and has to be heard by all, first.
	const own = [members, sayings, indexSync.domain];
	const domains = deps.domains?.(own, { database, changed }) ?? own;
	let sessions: Sessions | null = null;
	let isClosed = false;
	const sync: LibrarySync = {
		sessions: (device) => {
			if (library === null || isClosed) return null;
			sessions ??= createSessions({
				own: { library, device, versions: protocolVersions, features: [] },
				clock,
				domains,
				onMerged: () => undefined,
				onChange: () => emit({ type: 'sync-changed' })
			});
			return sessions;
		},
		onEvent: ({ type }) => {
			if (sharedEvents.has(type)) for (const { name } of domains) changed(name);
		},
		status: () => sessions?.status() ?? [],
		leave: (peer) => sessions?.leave(peer),
		remove: (peer) => sessions?.remove(peer),
		retry: (peer, domain) => sessions?.retry(peer, domain),
		tend: () => {
			const tended = sayings.tend();
			if (!tended.ok) return tended;
			return indexSync.prune();
		},
		forget: async (peer) => sessions?.forget(peer),
		close: async () => {
			isClosed = true;
			await sessions?.close();
		}
	};
	return { sync, indexSync, sayings };
}

export type ConnectFailure = LibraryFailure | { readonly type: 'LibraryOfAnotherDevice'; readonly device: DeviceId };

/** The sessions of the open library, which knows from then on which device it lies on, and notes what others lack. */
async function openSessions(
	{ host, opened }: Pick<Joined, 'host' | 'opened'>,
	signal: AbortSignal
): Promise<Result<Sessions, ConnectFailure>> {
	const identity = await readDeviceIdentity(host, signal);
	if (!identity.ok) return identity;
	const { id: device, keys } = identity.value;
	const rooms = opened();
	if (!rooms.ok) return rooms;
	const { database, sync, indexSync } = rooms.value;
	const named = database.write(() => nameThisDevice(database, device, host.clock.nowMs()));
	if (!named.ok) return named;
	if (!named.value.ok) return named.value;
	const shared = indexSync.share(keys.signing);
	if (!shared.ok) return shared;
	const sessions = sync.sessions(device);
	return sessions === null ? err({ type: 'LibraryLocked' }) : ok(sessions);
}

/** Whether `peer` is a device of the library, and this one as well. */
function standingOf(
	rooms: ReturnType<Joined['opened']>,
	peer: DeviceId
): 'member' | 'removed' | 'unknown' | 'out' | null {
	if (!rooms.ok) return null;
	const { database } = rooms.value;
	const read = database.read(() => {
		if (isThisRemoved(database)) return 'out';
		const device = findDevice(database, peer);
		if (device?.hasLostVoucher === true) return 'unknown';
		return (device?.revokedMs ?? null) === null ? 'member' : 'removed';
	});
	return read.ok ? read.value : null;
}

/** A device of the library has said that this one is none any more: whether it is one itself is for this one to know. */
export function hearRemoval({ host, opened, emit }: Pick<Joined, 'host' | 'opened' | 'emit'>, by: DeviceId): void {
	const rooms = opened();
	if (!rooms.ok || standingOf(rooms, by) !== 'member') return;
	const { database } = rooms.value;
	const nowMs = host.clock.nowMs();
	if (database.write(() => noteRemovedHere(database, nowMs)).ok) emit({ type: 'devices-changed' });
}

/** Keeps the open library in step with `peer` over `channel`; answers why that has ended. */
export async function connectOver(
	joined: Pick<Joined, 'host' | 'opened' | 'emit'>,
	peer: DeviceId,
	channel: SyncChannel,
	rank: number,
	signal: AbortSignal
): Promise<Result<SessionEnd, ConnectFailure>> {
	const sessions = await openSessions(joined, signal);
	const standing = sessions.ok ? standingOf(joined.opened(), peer) : null;
	if (sessions.ok && standing === 'member') {
		const ended = await sessions.value.connect(peer, channel, rank);
		if (ended.type === 'PeerEnded' && ended.code === 'removed') hearRemoval(joined, peer);
		return ok(ended);
	}
	if (sessions.ok && standing === 'removed') return ok(await sessions.value.turnAway(peer, channel));
	channel.close();
	return sessions.ok ? ok({ type: 'Removed' }) : sessions;
}
