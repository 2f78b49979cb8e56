/**
 * The one place where rooms are joined. A host lends its ports; a tab, a command line or a test calls commands.
 * Each command is `(input, context) => Promise<Result>`; it rejects only with the reason of an aborted signal or
 * on a defect.
 */
import { ok, type DeviceId, type Result } from '#core/kernel';
import type { Host } from '#core/ports';
import { createLibrary, type LibraryFailure, type LibraryStatus, type UnlockFailure } from '#core/library';
import type { Links } from '#core/devices';
import type { SessionEnd, SyncChannel } from '#core/sync';
import { actionCommands } from './action-commands.ts';
import { activityCommands } from './activity.ts';
import { analysisCommands } from './analysis-commands.ts';
import { contentCommands } from './content-commands.ts';
import { fileCommands } from './file-commands.ts';
import { entryCommands, indexCommands, jobCommands } from './index-commands.ts';
import { clearGone } from '#core/metadata';
import { deviceCommands } from './device-commands.ts';
import { joinDevices, type DeviceOptions } from './join-devices.ts';
import { connectOver, type ConnectFailure, type DomainsOf } from './join-sync.ts';
import type { CoreEvent, Joined, Opened } from './joined.ts';
import { libraryCommands, locationCommands, settingsCommands } from './library-commands.ts';
import { openRooms, type RunsJobs } from './open-rooms.ts';
import { metadataCommands } from './metadata-commands.ts';
import { ruleCommands } from './rule-commands.ts';
import { searchCommands } from './search-commands.ts';
import { scheduleCommands } from './schedule-commands.ts';
import { syncCommands } from './sync-commands.ts';
import { addressCommands, volumeCommands } from './volume-commands.ts';

export type { ActionName, AnyAction, AnyBlock, AnyOperation, AnyPlan, AnyStep, AnyWarning } from './domain.ts';
export type { SettingRefusal } from './domain.ts';
export type { AnyJob, JobFailure, JobKind, ScheduledKind } from './job-kinds.ts';
export type { Activity } from './activity.ts';
export type { CoreContext, CoreEvent } from './joined.ts';
export type { AnyPairing } from './device-commands.ts';
export type { DeviceOptions } from './join-devices.ts';
export type { RelayOptions } from './wait-at-relay.ts';
export type { MeetFailure, SyncedDevice } from './run-sync.ts';
export { waitingMax, type HeldDeletions, type SyncedPeer, type WaitingChanges } from './sync-commands.ts';
export type { DomainsOf } from './join-sync.ts';
export type { RunsJobs } from './open-rooms.ts';

/** Answers remembered for a repeat of a write; a tab that moved to another core repeats within seconds. */
const answersKeptMs = 24 * 60 * 60 * 1000;

function allCommands(joined: Joined) {
	const onVolumes = {
		...joined,
		changed: () => joined.emit({ type: 'locations-changed' })
	};
	return {
		...libraryCommands(joined),
		...locationCommands(joined),
		...volumeCommands(onVolumes),
		...addressCommands(onVolumes),
		...ruleCommands(joined),
		...indexCommands(joined),
		...jobCommands(joined),
		...scheduleCommands(joined),
		...entryCommands(joined),
		...searchCommands(joined),
		...contentCommands(joined),
		...analysisCommands(joined),
		...actionCommands(joined),
		...fileCommands(joined),
		...metadataCommands(joined),
		...activityCommands(joined),
		...syncCommands(joined),
		...deviceCommands(joined),
		...settingsCommands(joined)
	};
}

export type Commands = ReturnType<typeof allCommands>;

/** A library of this host, with everything that can be asked of it. */
export type Core = {
	readonly commands: Commands;
	/** Calls `listener` after each change; returns what ends that. */
	subscribe(listener: (event: CoreEvent) => void): () => void;
	/** The library key while open, for the standby workers of this device. */
	sessionKey(): Uint8Array | null;
	openWithSessionKey(
		key: Uint8Array,
		signal: AbortSignal
	): Promise<Result<LibraryStatus, LibraryFailure | UnlockFailure>>;
	/**
	 * Keeps the open library in step with `peer` over `channel`, which leads to that device and no other, until either
	 * ends; why, is the answer. A link of the same `rank` or a higher one replaces the one before it.
	 */
	connect(
		peer: DeviceId,
		channel: SyncChannel,
		rank: number,
		signal: AbortSignal
	): Promise<Result<SessionEnd, ConnectFailure>>;
	/** The links of this device: a host that listens asks it whom to let in, and hands links over. */
	readonly links: Pick<Links, 'mayConnect' | 'accept' | 'awaitsAnybody' | 'knownKeys'>;
	/** Pauses what runs and lets go of the library. */
	close(): Promise<void>;
};

/** Targets forgotten in one transaction. */
const forgottenMax = 1_000;

/** Forgets what hung on files that have been gone for long, and what other devices have no more need to hear. */
function forgetGone({ database, sync }: Pick<Opened, 'database' | 'sync'>, nowMs: number): void {
	for (let due = true; due;) {
		const cleared = database.write(() => clearGone(database, nowMs, forgottenMax));
		due = cleared.ok && cleared.value === forgottenMax;
	}
	sync.tend();
}

/** Forgets old answers, and clears away beside other work what a removal has left. */
async function tidy(opened: Opened, nowMs: number): Promise<void> {
	const { database, index, life, endBrokenOff } = opened;
	const before = nowMs - answersKeptMs;
	database.write(() => database.prepare('DELETE FROM command WHERE atMs < ?').run([before]));
	forgetGone(opened, nowMs);
	await endBrokenOff();
	try {
		await index.sweep(life.signal);
	} catch (thrown) {
		if (!life.signal.aborted) throw thrown;
	}
}

/** Ends all that uses the database. */
async function endRooms(rooms: Opened | null): Promise<void> {
	rooms?.schedules.close();
	await rooms?.trashKeeper.close();
	await rooms?.watch.close();
	await rooms?.jobs.close();
	await rooms?.index.stopAll();
	await rooms?.contents.stopAll();
	await rooms?.settled();
}

export type CoreOptions = {
	/** The PBKDF2 cost of new passwords. */
	readonly rounds?: number;
	readonly runsJobs?: RunsJobs;
	/** Domains in the place of the library's own, or around them; else its own. */
	readonly domains?: DomainsOf;
	/** Whether an open library follows what changes on the disk. */
	readonly watches?: boolean;
	readonly devices?: DeviceOptions;
};

/** A device that nobody has told what it is, and that is only dialled. */
const unnamed: DeviceOptions = { card: { name: 'Browser', kind: 'browser' }, dials: null, keepsLinks: false };

/** The core over `host`, for the library in `folder`. */
export function createCore(host: Host, folder: string, options: CoreOptions = {}): Core {
	const { runsJobs = 'all', watches = false, domains } = options;
	const listeners = new Set<(event: CoreEvent) => void>([(event) => rooms?.sync.onEvent(event)]);
	const library = createLibrary(host, folder, options.rounds);
	let rooms: Opened | null = null;
	let tidied = Promise.resolve();
	const emit = (event: CoreEvent) => listeners.forEach((listener) => listener(event));

	const subscribe = (listener: (event: CoreEvent) => void) => {
		listeners.add(listener);
		return () => listeners.delete(listener);
	};
	const opened = (): Result<Opened, LibraryFailure> => {
		const database = library.database();
		if (!database.ok) return database;
		rooms ??= openRooms(host, database.value, {
			library: library.id(),
			runsJobs,
			...(domains && { domains }),
			emit,
			onLocations: () => followAll(),
			onDevices: () => joined.devices.follow(),
			onIndexed: () => {
				followAll();
				if (rooms !== null) forgetGone(rooms, host.clock.nowMs());
			}
		});
		return ok(rooms);
	};
	const lock = async () => {
		rooms?.life.abort();
		// While links are there the others are told that this one leaves.
		await rooms?.sync.close();
		await joined.devices.close();
		await endRooms(rooms);
		await tidied;
		rooms = null;
		library.close();
	};
	const followAll = () => {
		if (!watches || rooms === null || rooms.life.signal.aborted) return;
		const known = rooms.locations.list();
		if (known.ok) rooms.watch.follow(known.value.filter(({ indexedMs }) => indexedMs !== null));
	};
	const afterOpen = () => {
		const ready = opened();
		if (!ready.ok) return;
		tidied = tidy(ready.value, host.clock.nowMs());
		ready.value.jobs.start();
		if (runsJobs === 'all') {
			ready.value.schedules.start();
			ready.value.trashKeeper.start();
		}
		followAll();
		joined.devices.follow();
	};
	const joining = { host, library, emit, subscribe, opened, lock, afterOpen, followAll };
	const joined = { ...joining, devices: joinDevices({ ...joining, options: options.devices ?? unnamed }) };
	return {
		links: joined.devices.links,
		connect: (...link) => connectOver({ host, opened, emit }, ...link),
		commands: allCommands(joined),
		subscribe,
		sessionKey: () => library.key()?.slice() ?? null,
		openWithSessionKey: async (key, signal) => {
			const status = await library.unlockWithKey(key, signal);
			if (status.ok) afterOpen();
			return status;
		},
		close: lock
	};
}
