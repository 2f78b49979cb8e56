/**
 * The one place where rooms are joined. A host lends its ports; a tab, a command line or a test calls commands.
 * Each command is `(input, context) => Promise<Result>`; it rejects only with the reason of an aborted signal or
 * on a defect.
 */
import { ok, type CommandId, type EntryId, type LocationId, type Result } from '#core/kernel';
import type { ByteSource, Host, RootRef } from '#core/ports';
import type { Database, StorageFailure } from '#core/schema';
import {
	changeSettings,
	createLibrary,
	exportBackup,
	findDatabaseFlaws,
	importBackup,
	readSettings,
	type CreateLibraryInput,
	type Library,
	type LibraryFailure,
	type LibraryStatus,
	type Settings,
	type UnlockFailure,
	type UnlockInput,
	type VerifyReport
} from '#core/library';
import { createLocations, createVolumes, type Locations, type Volumes } from '#core/volumes';
import {
	createIndex,
	findTreeFlaws,
	readEntry,
	readIds,
	readRows,
	readTrail,
	readUsage,
	resolvePath,
	type EntryFailure,
	type EntryOrder,
	type EntryRow,
	type Index,
	type IndexProgress
} from '#core/index';
import { createNameIndex, findNameFlaws, findNames, type FindInput } from '#core/search';
import { addressCommands, volumeCommands } from './volume-commands.ts';

export type CoreContext = { readonly signal: AbortSignal; readonly command: CommandId };

/** What changed; whoever shows it asks again. */
export type CoreEvent =
	| { readonly type: 'library-changed' }
	| { readonly type: 'locations-changed' }
	| { readonly type: 'entries-changed'; readonly folders: readonly EntryId[] }
	| { readonly type: 'index-progress'; readonly progress: IndexProgress }
	| { readonly type: 'settings-changed' };

/** The rooms of a library that is open, until `life` ends. */
type Opened = {
	readonly database: Database;
	readonly locations: Locations;
	readonly volumes: Volumes;
	readonly index: Index;
	readonly life: AbortController;
};

type Joined = {
	readonly host: Host;
	readonly library: Library;
	readonly emit: (event: CoreEvent) => void;
	readonly opened: () => Result<Opened, LibraryFailure>;
	/** Ends everything that uses the database, then lets go of it. */
	readonly lock: () => Promise<void>;
	/** To be called after each unlocking. */
	readonly afterOpen: () => void;
};

type Nothing = Readonly<Record<never, never>>;

/** Answers remembered for a repeat of a write; a tab that moved to another core repeats within seconds. */
const answersKeptMs = 24 * 60 * 60 * 1000;

function libraryCommands({ host, library, emit, opened, lock, afterOpen }: Joined) {
	const changed = <T extends Result<unknown, { readonly type: string }>>(result: T): T => {
		if (result.ok) emit({ type: 'library-changed' });
		return result;
	};
	const entered = <T extends Result<unknown, { readonly type: string }>>(result: T): T => {
		if (result.ok) afterOpen();
		return changed(result);
	};
	return {
		'library.status': (_input: Nothing, { signal }: CoreContext) => library.status(signal),
		'library.create': async (input: CreateLibraryInput, { signal }: CoreContext) =>
			entered(await library.create(input, signal)),
		'library.unlock': async (input: UnlockInput, { signal }: CoreContext) =>
			entered(await library.unlock(input, signal)),
		'library.lock': async (_input: Nothing, _context: CoreContext): Promise<Result<null, LibraryFailure>> => {
			await lock();
			return changed(ok(null));
		},
		'library.rename': async ({ name }: { readonly name: string }, { command }: CoreContext) =>
			changed(library.rename(name, { command, atMs: host.clock.nowMs() })),
		'library.set-password': async (
			input: { readonly current: string | null; readonly next: string },
			{ signal }: CoreContext
		) => changed(await library.setPassword(input, signal)),
		'library.new-recovery-code': (_input: Nothing, { signal }: CoreContext) => library.newRecoveryCode(signal),
		'library.raw-key': ({ password }: { readonly password: string | null }, { signal }: CoreContext) =>
			library.rawKey(password, signal),
		'library.remove': async (_input: Nothing, { signal }: CoreContext) => {
			await lock();
			return changed(await library.remove(signal));
		},
		'library.export': ({ write }: { readonly write: (chunk: Uint8Array) => Promise<void> }, { signal }: CoreContext) =>
			exportBackup(library, host, write, signal),
		'library.import': async ({ source }: { readonly source: ByteSource }, { signal }: CoreContext) => {
			const imported = await importBackup(library, host, source, signal);
			return imported.ok ? changed(await library.status(signal)) : imported;
		},
		'library.verify': async (_input: Nothing, _context: CoreContext): Promise<Result<VerifyReport, LibraryFailure>> => {
			const rooms = opened();
			return rooms.ok ? verify(rooms.value.database) : rooms;
		}
	};
}

function verify(database: Database): Result<VerifyReport, StorageFailure> {
	const pages = findDatabaseFlaws(database);
	if (!pages.ok) return pages;
	// Nothing that is read from damaged pages would mean anything.
	if (pages.value.length > 0) return ok({ entries: 0, flaws: pages.value });
	return database.write(() => ({
		entries: Number(database.prepare('SELECT count(*) FROM entry').column()[0] ?? 0),
		flaws: [...findTreeFlaws(database), ...findNameFlaws(database)]
	}));
}

function locationCommands({ host, emit, opened }: Joined) {
	const once = ({ command }: CoreContext) => ({ command, atMs: host.clock.nowMs() });
	const changed = <T extends Result<unknown, { readonly type: string }>>(result: T): T => {
		if (result.ok) emit({ type: 'locations-changed' });
		return result;
	};
	return {
		'locations.list': async (_input: Nothing, _context: CoreContext) => {
			const rooms = opened();
			return rooms.ok ? rooms.value.locations.list() : rooms;
		},
		'locations.add': async (input: { readonly root: RootRef; readonly name: string | null }, context: CoreContext) => {
			const rooms = opened();
			return rooms.ok ? changed(await rooms.value.locations.add(input, once(context), context.signal)) : rooms;
		},
		'locations.rename': async (
			{ location, name }: { readonly location: LocationId; readonly name: string },
			context: CoreContext
		) => {
			const rooms = opened();
			return rooms.ok ? changed(rooms.value.locations.rename(location, name, once(context))) : rooms;
		},
		'locations.remove': async ({ location }: { readonly location: LocationId }, context: CoreContext) => {
			const rooms = opened();
			if (!rooms.ok) return rooms;
			await rooms.value.index.stop(location);
			const removed = changed(rooms.value.locations.remove(location, once(context)));
			return removed.ok ? rooms.value.index.sweep(context.signal) : removed;
		}
	};
}

function indexCommands({ emit, opened }: Joined) {
	return {
		'index.run': async (
			{ location, acceptEmpty }: { readonly location: LocationId; readonly acceptEmpty: boolean },
			{ signal }: CoreContext
		) => {
			const rooms = opened();
			if (!rooms.ok) return rooms;
			const found = rooms.value.locations.find(location);
			if (!found.ok) return found;
			try {
				return await rooms.value.index.run(found.value, acceptEmpty, signal);
			} finally {
				emit({ type: 'locations-changed' });
			}
		},
		'index.stop': async ({ location }: { readonly location: LocationId }, _context: CoreContext) => {
			const rooms = opened();
			if (!rooms.ok) return rooms;
			await rooms.value.index.stop(location);
			return ok(null);
		},
		'index.running': async (_input: Nothing, _context: CoreContext) => {
			const rooms = opened();
			return rooms.ok ? ok(rooms.value.index.running()) : rooms;
		},
		'index.problems': async ({ location }: { readonly location: LocationId }, _context: CoreContext) => {
			const rooms = opened();
			return rooms.ok ? rooms.value.index.problems(location) : rooms;
		}
	};
}

function entryCommands({ opened }: Joined) {
	const reading = <T>(work: (database: Database) => T): Result<T, LibraryFailure> => {
		const rooms = opened();
		return rooms.ok ? rooms.value.database.read(() => work(rooms.value.database)) : rooms;
	};
	return {
		'entries.ids': async (
			{ folder, order }: { readonly folder: EntryId; readonly order: EntryOrder },
			_context: CoreContext
		) => reading((database) => readIds(database, folder, order)),
		'entries.rows': async ({ ids }: { readonly ids: readonly number[] }, _context: CoreContext) =>
			reading((database) => readRows(database, ids)),
		'entries.trail': async ({ entry }: { readonly entry: EntryId }, _context: CoreContext) =>
			reading((database) => readTrail(database, entry)),
		'entries.resolve': async (
			{ path, from }: { readonly path: string; readonly from: EntryId | null },
			_context: CoreContext
		): Promise<Result<EntryRow, EntryFailure | LibraryFailure>> => {
			const rooms = opened();
			if (!rooms.ok) return rooms;
			const locations = rooms.value.locations.list();
			if (!locations.ok) return locations;
			const found = reading((database) => resolvePath(database, locations.value, path, from));
			return found.ok ? found.value : found;
		},
		'entries.usage': async ({ entry }: { readonly entry: EntryId }, _context: CoreContext) =>
			reading((database) => {
				const row = readEntry(database, entry);
				if (row === null || row.kind === 'directory') return readUsage(database, entry);
				return { files: 1, folders: 0, sizeBytes: row.sizeBytes };
			}),
		'search.names': async (input: FindInput, _context: CoreContext) => reading((database) => findNames(database, input))
	};
}

function settingsCommands({ host, emit, opened }: Joined) {
	return {
		'settings.read': async (_input: Nothing, _context: CoreContext) => {
			const rooms = opened();
			return rooms.ok ? readSettings(rooms.value.database) : rooms;
		},
		'settings.write': async (change: Partial<Settings>, { command }: CoreContext) => {
			const rooms = opened();
			if (!rooms.ok) return rooms;
			const written = changeSettings(rooms.value.database, change, { command, atMs: host.clock.nowMs() });
			if (written.ok) emit({ type: 'settings-changed' });
			return written;
		}
	};
}

function allCommands(joined: Joined) {
	const onVolumes = {
		...joined,
		changed: () => joined.emit({ type: 'locations-changed' }),
		// No room tells contents apart: no copy of any is known.
		copiesOf: () => []
	};
	return {
		...libraryCommands(joined),
		...locationCommands(joined),
		...volumeCommands(onVolumes),
		...addressCommands(onVolumes),
		...indexCommands(joined),
		...entryCommands(joined),
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
	/** Pauses what runs and lets go of the library. */
	close(): Promise<void>;
};

function openRooms(host: Host, database: Database, emit: (event: CoreEvent) => void): Opened {
	const names = createNameIndex(database);
	const index: Index = createIndex({
		database,
		files: host.files,
		clock: host.clock,
		names,
		onChange: (folders) => emit({ type: 'entries-changed', folders }),
		onProgress: (progress) => emit({ type: 'index-progress', progress }),
		writeBegin: (location) => locations.writeBegin(location),
		writeEnd: (location, indexedMs) => locations.writeEnd(location, indexedMs),
		setProblem: (location, problem) => locations.setProblem(location, problem),
		locate: (location, signal) => volumes.locate(location, signal)
	});
	const { clock, files, random, volumes: port } = host;
	const volumes = createVolumes({ database, files, clock, random, port });
	const locations = createLocations({
		database,
		files: host.files,
		writeRootEntry: (name) => index.writeRootEntry(name),
		writeRootName: (entry, name) => index.writeRootName(entry, name),
		writeRootDirectory: (entry, location) => index.writeRootDirectory(entry, location)
	});
	return { database, locations, volumes, index, life: new AbortController() };
}

/** Forgets old answers, and clears away beside other work what a removal has left. */
async function tidy({ database, index, life }: Opened, before: number): Promise<void> {
	database.write(() => database.prepare('DELETE FROM command WHERE atMs < ?').run([before]));
	try {
		await index.sweep(life.signal);
	} catch (thrown) {
		if (!life.signal.aborted) throw thrown;
	}
}

/** The core over `host`, for the library in `folder`. `rounds` is the PBKDF2 cost of new passwords. */
export function createCore(host: Host, folder: string, options: { readonly rounds?: number } = {}): Core {
	const listeners = new Set<(event: CoreEvent) => void>();
	const library = createLibrary(host, folder, options.rounds);
	let rooms: Opened | null = null;
	let tidied = Promise.resolve();
	const emit = (event: CoreEvent) => listeners.forEach((listener) => listener(event));

	const opened = (): Result<Opened, LibraryFailure> => {
		const database = library.database();
		if (!database.ok) return database;
		rooms ??= openRooms(host, database.value, emit);
		return ok(rooms);
	};
	const lock = async () => {
		rooms?.life.abort();
		await rooms?.index.stopAll();
		await tidied;
		rooms = null;
		library.close();
	};
	const afterOpen = () => {
		const ready = opened();
		if (ready.ok) tidied = tidy(ready.value, host.clock.nowMs() - answersKeptMs);
	};
	return {
		commands: allCommands({ host, library, emit, opened, lock, afterOpen }),
		subscribe: (listener) => {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		sessionKey: () => library.key()?.slice() ?? null,
		openWithSessionKey: async (key, signal) => {
			const status = await library.unlockWithKey(key, signal);
			if (status.ok) afterOpen();
			return status;
		},
		close: lock
	};
}
