import { ok, type DeviceId, type Result } from '#core/kernel';
import type { LibraryFailure } from '#core/library';
import type { PeerStatus } from '#core/sync';
import type { CoreContext, Joined, Nothing } from './joined.ts';

export function syncCommands({ opened }: Joined) {
	return {
		/** How far this device and each one that it was linked with are in step. */
		'sync.status': async (
			_input: Nothing,
			_context: CoreContext
		): Promise<Result<readonly PeerStatus[], LibraryFailure>> => {
			const rooms = opened();
			return rooms.ok ? ok(rooms.value.sync.status()) : rooms;
		},
		/** Asks a device again at once for what was refused of a domain. */
		'sync.retry': async (
			{ device, domain }: { readonly device: DeviceId; readonly domain: string },
			_context: CoreContext
		): Promise<Result<null, LibraryFailure>> => {
			const rooms = opened();
			if (!rooms.ok) return rooms;
			rooms.value.sync.retry(device, domain);
			return ok(null);
		}
	};
}
