import { err, ok, type Result } from '#core/kernel';
import type { ByteSource, DatabaseFailure } from '#core/ports';
import { headerNames, readHeader } from './header-file.ts';
import type { DatabaseFiles } from './sqlite/engine.ts';
import type { SyncFile } from './sqlite/library-vfs.ts';
import { storageFailure } from './storage-failure.ts';
import {
	exceptionName,
	findFile,
	findFolder,
	removeIfThere,
	type StoredFile,
	type StoredFolder
} from './stored-folder.ts';

export const databaseName = 'database.db';
export const journalName = 'database.db-journal';
export const importName = 'database.db.new';
const sidecarsName = 'sidecars';
export const snapshotName = 'snapshot.db';

export const libraryMissing = err({ type: 'LibraryMissing', retry: 'never' });

async function openFile(folder: StoredFolder, name: string): Promise<SyncFile> {
	const file = await folder.getFileHandle(name, { create: true });
	return file.createSyncAccessHandle();
}

/** As SQLCipher 4 has it. */
const pageBytes = 4_096;

/**
 * Why the database cannot be whole, or null. The engine hands on what it reads of a page that is cut short without
 * asking for its authentication code, so that wrong rows would be shown. A journal that will be rolled back puts a
 * torn end right; one that begins with a zero, or with nothing, is none (as SQLite decides it).
 */
export function findTornEnd({ database, journal }: DatabaseFiles): DatabaseFailure | null {
	const sizeBytes = database.getSize();
	const first = new Uint8Array(1);
	journal.read(first, { at: 0 });
	if (sizeBytes % pageBytes === 0 || first[0] !== 0) return null;
	return { type: 'LibraryDamaged', detail: `${databaseName} ends inside a page, at ${sizeBytes}`, retry: 'never' };
}

export async function openFiles(folder: StoredFolder): Promise<DatabaseFiles> {
	const database = await openFile(folder, databaseName);
	try {
		return { database, journal: await openFile(folder, journalName) };
	} catch (error) {
		database.close();
		throw error;
	}
}

/** Bytes of a file that is written no more; `remove` is called once, by `close`. */
export async function fileSource(file: StoredFile, where: string, remove: () => Promise<void>): Promise<ByteSource> {
	const blob = await file.getFile();
	return {
		sizeBytes: blob.size,
		async read(offset, length, signal) {
			signal.throwIfAborted();
			try {
				return ok(new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer()));
			} catch (error) {
				return storageFailure(error, where);
			}
		},
		async close() {
			try {
				await remove();
			} catch (error) {
				// Only a defect goes on: a copy that stays is swept when the library is opened next.
				exceptionName(error);
			}
		}
	};
}

export async function holdsData(folder: StoredFolder, name: string): Promise<boolean> {
	const file = await findFile(folder, name);
	return file !== null && (await file.getFile()).size > 0;
}

/** Removes our own files, the header first: without its key slots the rest is noise, whatever happens next. */
export async function removeLibrary(libraries: StoredFolder, name: string): Promise<Result<void, DatabaseFailure>> {
	const folder = await findFolder(libraries, name);
	if (!folder) return libraryMissing;
	const file = await findFile(folder, databaseName);
	// Only one holder can have a handle, so that getting one shows that nobody works here.
	(await file?.createSyncAccessHandle())?.close();
	for (const own of [...headerNames, databaseName, journalName, importName, snapshotName, sidecarsName])
		await removeIfThere(folder, own);
	for await (const _other of folder.keys()) return ok(undefined);
	await libraries.removeEntry(name);
	return ok(undefined);
}

export async function listLibraries(libraries: StoredFolder): Promise<readonly string[]> {
	const found: string[] = [];
	for await (const name of libraries.keys()) {
		const folder = await findFolder(libraries, name).catch((error: unknown) => {
			if (exceptionName(error) === 'TypeMismatchError') return null;
			throw error;
		});
		if (folder && (await readHeader(folder)).ok) found.push(name);
	}
	return found.toSorted();
}
