import { err, ok, type Result } from '#core/kernel';
import type { ByteSource, ClockPort, DatabaseFailure, DatabasePort, SqlConnection } from '#core/ports';
import { readHeader, writeHeader } from './header-file.ts';
import {
	databaseName,
	fileSource,
	findTornEnd,
	holdsData,
	importName,
	journalName,
	libraryMissing,
	listLibraries,
	openFiles,
	removeLibrary,
	snapshotName
} from './library-files.ts';
import type { DatabaseFiles, OpenDatabase, SqliteEngine } from './sqlite/engine.ts';
import { storageFailure } from './storage-failure.ts';
import { exceptionName, findFolder, removeIfThere, writeFlushed, type StoredFolder } from './stored-folder.ts';

/** How often the handles of a worker that is ending are asked for again; it keeps them for about 20 ms. */
const retryMs = 20;

export type DatabaseDeps = {
	/** The folder of all libraries. */
	readonly libraries: () => Promise<StoredFolder>;
	readonly engine: () => Promise<SqliteEngine>;
	readonly clock: ClockPort;
	/** How long `connect` waits for the handles of a worker that is ending. */
	readonly patienceMs: number;
	/** What people call this storage. */
	readonly where: string;
};

/** Asks again while a worker is ending; whoever really holds the library holds it beyond our patience. */
async function openPatiently(deps: DatabaseDeps, folder: StoredFolder, signal: AbortSignal): Promise<DatabaseFiles> {
	const deadlineMs = deps.clock.elapsedMs() + deps.patienceMs;
	for (;;) {
		try {
			return await openFiles(folder);
		} catch (error) {
			if (exceptionName(error) !== 'NoModificationAllowedError') throw error;
			if (deps.clock.elapsedMs() >= deadlineMs) throw error;
		}
		await deps.clock.wait(retryMs, signal);
		signal.throwIfAborted();
	}
}

async function openDatabase(
	deps: DatabaseDeps,
	folder: StoredFolder,
	signal: AbortSignal
): Promise<Result<OpenDatabase, DatabaseFailure>> {
	const engine = await deps.engine();
	const files = await openPatiently(deps, folder, signal);
	try {
		const torn = findTornEnd(files);
		if (torn) {
			closeFiles(files);
			return err(torn);
		}
		// What a worker left that ended in the middle of a copy.
		await removeIfThere(folder, snapshotName);
		await removeIfThere(folder, importName);
	} catch (error) {
		closeFiles(files);
		throw error;
	}
	return ok(engine.open(files));
}

function closeFiles({ database, journal }: DatabaseFiles): void {
	database.close();
	journal.close();
}

async function copyOut(deps: DatabaseDeps, folder: StoredFolder, database: OpenDatabase): Promise<ByteSource> {
	const remove = () => removeIfThere(folder, snapshotName);
	const file = await folder.getFileHandle(snapshotName, { create: true });
	const handle = await file.createSyncAccessHandle();
	try {
		handle.truncate(0);
		database.copyInto(handle);
		return await fileSource(file, deps.where, remove);
	} catch (error) {
		handle.close();
		await remove();
		throw error;
	}
}

async function copyIn(
	folder: StoredFolder,
	chunks: AsyncIterable<Uint8Array>,
	signal: AbortSignal
): Promise<Result<void, DatabaseFailure>> {
	if (await holdsData(folder, databaseName)) return err({ type: 'LibraryExists', retry: 'never' });
	try {
		const file = await writeFlushed(folder, importName, chunks, signal);
		await removeIfThere(folder, journalName);
		await file.move(databaseName);
	} finally {
		await removeIfThere(folder, importName);
	}
	return ok(undefined);
}

/** Libraries in the browser's private file system, held by the one worker that has their files open. */
export function createDatabase(deps: DatabaseDeps): DatabasePort {
	const opened = new WeakMap<SqlConnection, OpenDatabase>();
	const folderOf = async (name: string) => (await deps.libraries()).getDirectoryHandle(name, { create: true });
	const guarded = async <T>(
		signal: AbortSignal,
		work: () => Promise<Result<T, DatabaseFailure>>
	): Promise<Result<T, DatabaseFailure>> => {
		signal.throwIfAborted();
		try {
			return await work();
		} catch (error) {
			if (signal.aborted) throw error;
			return storageFailure(error, deps.where);
		}
	};
	return {
		where: () => deps.where,
		list: (signal) => guarded(signal, async () => ok(await listLibraries(await deps.libraries()))),
		readHeader: (name, signal) =>
			guarded(signal, async () => {
				const folder = await findFolder(await deps.libraries(), name);
				return folder ? readHeader(folder) : libraryMissing;
			}),
		writeHeader: (name, bytes, signal) =>
			guarded(signal, async () => ok(await writeHeader(await folderOf(name), bytes, signal))),
		connect: (name, signal) =>
			guarded(signal, async () => {
				const database = await openDatabase(deps, await folderOf(name), signal);
				if (!database.ok) return database;
				const { connection } = database.value;
				opened.set(connection, database.value);
				return ok(connection);
			}),
		snapshot: (name, connection, signal) =>
			guarded(signal, async () => {
				const database = opened.get(connection);
				if (!database) throw new Error('defect: a connection of another port');
				return ok(await copyOut(deps, await folderOf(name), database));
			}),
		writeDatabase: (name, chunks, signal) => guarded(signal, async () => copyIn(await folderOf(name), chunks, signal)),
		remove: (name, signal) => guarded(signal, async () => removeLibrary(await deps.libraries(), name))
	};
}
