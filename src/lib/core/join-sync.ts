import { err, ok, type DeviceId, type LibraryId, type Result } from '#core/kernel';
import type { Host } from '#core/ports';
import { createSessions, nameThisDevice, protocolVersions } from '#core/sync';
import type { PeerStatus, SessionEnd, Sessions, SyncChannel, SyncDomain } from '#core/sync';
import { readDeviceId, type LibraryFailure } from '#core/library';
import type { CoreEvent, Joined } from './joined.ts';

type Deps = {
	readonly clock: Host['clock'];
	readonly library: LibraryId | null;
	readonly domains: readonly SyncDomain[];
	readonly emit: (event: CoreEvent) => void;
};

/** What an open library has to do with other devices. */
export type LibrarySync = {
	/** The sessions of this library, which is on `device`; null where the library has no name among others. */
	sessions(device: DeviceId): Sessions | null;
	/** Something of a domain was written here. */
	changed(domain: string): void;
	/** Something has changed in the library; whether it is of a domain, this finds out. */
	onEvent(event: CoreEvent): void;
	status(): readonly PeerStatus[];
	retry(peer: DeviceId, domain: string): void;
	close(): Promise<void>;
};

/** After these a domain may have something new; what is said of files hangs on what is known of them. */
const sharedEvents: ReadonlySet<CoreEvent['type']> = new Set([
	'metadata-changed',
	'entries-changed',
	'locations-changed'
]);

/** Sessions begin with the first link: until then nothing is asked of the database for other devices. */
export function joinSync({ clock, library, domains, emit }: Deps): LibrarySync {
	let sessions: Sessions | null = null;
	let isClosed = false;
	return {
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
		changed: (domain) => sessions?.changed(domain),
		onEvent: ({ type }) => {
			if (sharedEvents.has(type)) for (const { name } of domains) sessions?.changed(name);
		},
		status: () => sessions?.status() ?? [],
		retry: (peer, domain) => sessions?.retry(peer, domain),
		close: async () => {
			isClosed = true;
			await sessions?.close();
		}
	};
}

export type ConnectFailure = LibraryFailure | { readonly type: 'LibraryOfAnotherDevice'; readonly device: DeviceId };

/** The sessions of the open library, which knows from then on which device it lies on. */
async function openSessions(
	{ host, opened }: Pick<Joined, 'host' | 'opened'>,
	signal: AbortSignal
): Promise<Result<Sessions, ConnectFailure>> {
	const device = await readDeviceId(host, signal);
	if (!device.ok) return device;
	const rooms = opened();
	if (!rooms.ok) return rooms;
	const { database, sync } = rooms.value;
	const named = database.write(() => nameThisDevice(database, device.value, host.clock.nowMs()));
	if (!named.ok) return named;
	if (!named.value.ok) return named.value;
	const sessions = sync.sessions(device.value);
	return sessions === null ? err({ type: 'LibraryLocked' }) : ok(sessions);
}

/** Keeps the open library in step with `peer` over `channel`; answers why that has ended. */
export async function connectOver(
	{ host, opened }: Pick<Joined, 'host' | 'opened'>,
	peer: DeviceId,
	channel: SyncChannel,
	rank: number,
	signal: AbortSignal
): Promise<Result<SessionEnd, ConnectFailure>> {
	const sessions = await openSessions({ host, opened }, signal);
	if (sessions.ok) return ok(await sessions.value.connect(peer, channel, rank));
	channel.close();
	return sessions;
}
