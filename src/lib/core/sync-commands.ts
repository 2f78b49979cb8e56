import { err, ok, type DeviceId, type Result } from '#core/kernel';
import { readDevices } from '#core/devices';
import type { LibraryFailure } from '#core/library';
import type { Held } from '#core/replicas';
import { readMembers, type PeerStatus, type Progress } from '#core/sync';
import type { CoreContext, Joined, Nothing, Opened } from './joined.ts';

/** What another device has deleted, and is too much to go here without a person's word. */
export type HeldDeletions = {
	/** `index`: files and folders, which stay as they were; `metadata`: what people say, all of which waits with it. */
	readonly domain: string;
	readonly deleted: number;
	readonly of: number;
	/** A person has said that it stays. */
	readonly isDeclined: boolean;
	/** Of files and folders: how many of them lie in which folder of that device. */
	readonly folders: Held['folders'];
};

/** What was written here and another device is not known to have: each counted up to `waitingMax`. */
export type WaitingChanges = {
	/** Things that people have said of files here, each as often as it was said. */
	readonly said: number;
	/** Files and what else lies in this device's folders; null where it was never told all of them so far. */
	readonly files: number | null;
};
/** More than that is shown as more than that. */
export const waitingMax = 10_000;

export type SyncedPeer = PeerStatus & {
	/** Null of one that is no member, and gets nothing. */
	readonly waiting: WaitingChanges | null;
	readonly held: readonly HeldDeletions[];
	/** How far the first pass over its index has come, whether or not it goes on now; null where all is here, or nothing. */
	readonly progress: Progress | null;
};

const unheard = { link: 'none', way: null, heardMs: null, ended: null, domains: [] } as const;

/** What waits for a person in talks with a device. */
function heldIn({ domains }: Pick<PeerStatus, 'domains'>): HeldDeletions[] {
	return domains.flatMap(({ domain, pull }) =>
		pull.type === 'refused' && pull.why.type === 'BatchDeletesMuch'
			? [{ domain, deleted: pull.why.deleted, of: pull.why.of, isDeclined: false, folders: [] }]
			: []
	);
}

function readWaiting(
	{ indexSync, sayings }: Pick<Opened, 'indexSync' | 'sayings'>,
	device: DeviceId
): Result<WaitingChanges, LibraryFailure> {
	const files = indexSync.waiting(device, waitingMax);
	if (!files.ok) return files;
	const said = sayings.waiting(device, waitingMax);
	return said.ok ? ok({ said: said.value, files: files.value }) : said;
}

function readStatus(
	rooms: Pick<Opened, 'database' | 'sync' | 'indexSync' | 'sayings'>
): Result<readonly SyncedPeer[], LibraryFailure> {
	const { database, sync, indexSync } = rooms;
	const listed = database.read(() => ({ devices: readDevices(database), members: readMembers(database) }));
	if (!listed.ok) return listed;
	const { devices, members } = listed.value;
	const talks = new Map<DeviceId, PeerStatus>(sync.status().map((peer) => [peer.device, peer]));
	const ids = new Set([...talks.keys(), ...devices.filter(({ isThis }) => !isThis).map(({ id }) => id)]);
	const peers: SyncedPeer[] = [];
	for (const device of ids) {
		const talk = talks.get(device);
		const index = indexSync.held(device);
		if (!index.ok) return index;
		const progress = indexSync.progressOf(device);
		if (!progress.ok) return progress;
		const held = [...(talk === undefined ? [] : heldIn(talk))];
		if (index.value !== null) held.push({ domain: 'index', ...index.value });
		const waiting = members.has(device) ? readWaiting(rooms, device) : ok(null);
		if (!waiting.ok) return waiting;
		// Of one that is out, and was not heard since the library was opened, only what waits is told.
		if (waiting.value !== null || talk !== undefined || held.length > 0 || progress.value !== null)
			peers.push({ ...(talk ?? { device, ...unheard }), held, progress: progress.value, waiting: waiting.value });
	}
	return ok(peers);
}

export function syncCommands({ opened, emit }: Joined) {
	return {
		/** How far this device and each one that it was linked with are in step, and what of each waits for a person. */
		'sync.status': async (
			_input: Nothing,
			_context: CoreContext
		): Promise<Result<readonly SyncedPeer[], LibraryFailure>> => {
			const rooms = opened();
			return rooms.ok ? readStatus(rooms.value) : rooms;
		},
		/**
		 * Has what a device has deleted, and is held here, go; or stay: files as they were here, and what people say by
		 * being said again, for all devices. Of the talk that goes on with it, or else of one within a minute.
		 */
		'sync.accept-deletions': async (
			{ device, accepts }: { readonly device: DeviceId; readonly accepts: boolean },
			_context: CoreContext
		): Promise<Result<null, LibraryFailure | { readonly type: 'DeviceMissing' }>> => {
			const rooms = opened();
			if (!rooms.ok) return rooms;
			const { database, indexSync, sayings, sync } = rooms.value;
			const listed = database.read(() => readDevices(database).find(({ id, isThis }) => id === device && !isThis));
			if (!listed.ok) return listed;
			if (listed.value === undefined) return err({ type: 'DeviceMissing' });
			const answered = indexSync.answerDeletions(device, accepts);
			if (!answered.ok) return answered;
			const talk = sync.status().find((peer) => peer.device === device);
			// Where there is no talk it is not known what is held: the next one, if it comes soon, brings it again.
			if (talk?.link !== 'open' || heldIn(talk).length > 0) {
				sayings.answerDeletions(device, accepts);
				sync.retry(device, sayings.name);
			}
			emit({ type: 'sync-changed' });
			return ok(null);
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
