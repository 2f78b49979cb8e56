import { err, ok, type DeviceId, type LibraryId, type Result } from '#core/kernel';
import type { Host } from '#core/ports';
import { createSessions, protocolVersions } from '#core/sync';
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
	status(): readonly PeerStatus[];
	retry(peer: DeviceId, domain: string): void;
	close(): Promise<void>;
};

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
		status: () => sessions?.status() ?? [],
		retry: (peer, domain) => sessions?.retry(peer, domain),
		close: async () => {
			isClosed = true;
			await sessions?.close();
		}
	};
}

/** Keeps the open library in step with `peer` over `channel`; answers why that has ended. */
export async function connectOver(
	{ host, opened }: Pick<Joined, 'host' | 'opened'>,
	peer: DeviceId,
	channel: SyncChannel,
	rank: number,
	signal: AbortSignal
): Promise<Result<SessionEnd, LibraryFailure>> {
	const device = await readDeviceId(host, signal);
	const ready = device.ok ? opened() : device;
	const sessions = device.ok && ready.ok ? ready.value.sync.sessions(device.value) : null;
	if (sessions !== null) return ok(await sessions.connect(peer, channel, rank));
	channel.close();
	return ready.ok ? err({ type: 'LibraryLocked' }) : ready;
}
