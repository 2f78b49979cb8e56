import { closeSync, openSync } from 'node:fs';
import { access, open, readdir, rm, rmdir, stat } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import Engine from 'better-sqlite3-multiple-ciphers';
import { err, ok, type Result } from '#core/kernel';
import { SqlFault, type ByteSource, type DatabaseFailure, type DatabasePort, type SqlConnection } from '#core/ports';
import { createConnection } from './connection.ts';
import { removeControl } from './control-socket.ts';
import { lockFolder, type FolderLock } from './folder-lock.ts';
import { flushFolder, makePrivateFolder, privateFile, replaceFile } from './replace-file.ts';
import { errorCode, mountOf, storageFailure } from './system-error.ts';

const headerName = 'library.json';
const databaseName = 'database.db';
const sidecarsName = 'sidecars';
const snapshotPattern = /^snapshot-[0-9a-f]+\.db(-journal)?$/;
/** As SQLCipher 4 has it. */
const pageBytes = 4_096;
/** A header is a few hundred bytes; whatever is longer was not written by us. */
const headerBytesMax = 65_536;

const missing = err({ type: 'LibraryMissing', retry: 'never' });

async function exists(path: string): Promise<boolean> {
	return access(path).then(
		() => true,
		(error: unknown) => {
			if (errorCode(error) === 'ENOENT') return false;
			throw error;
		}
	);
}

/** Runs `work`; what the file system says against it comes back as a failure about `folder`. */
async function guarded<T>(
	folder: string,
	signal: AbortSignal,
	work: () => Promise<Result<T, DatabaseFailure>>
): Promise<Result<T, DatabaseFailure>> {
	signal.throwIfAborted();
	try {
		return await work();
	} catch (error) {
		return storageFailure(error, folder);
	}
}

/** As `guarded`, with the folder held against everybody else meanwhile. */
async function locked<T>(
	folder: string,
	signal: AbortSignal,
	work: (lock: FolderLock) => Promise<Result<T, DatabaseFailure>>
): Promise<Result<T, DatabaseFailure>> {
	return guarded(folder, signal, async () => {
		const lock = lockFolder(folder);
		if (!lock.ok) return lock;
		try {
			return await work(lock.value);
		} finally {
			lock.value.release();
		}
	});
}

async function readHeader(folder: string): Promise<Result<Uint8Array, DatabaseFailure>> {
	let handle;
	try {
		handle = await open(join(folder, headerName), 'r');
	} catch (error) {
		const code = errorCode(error);
		if (code === 'ENOENT' || code === 'ENOTDIR') return missing;
		throw error;
	}
	try {
		const { size } = await handle.stat();
		if (size > headerBytesMax)
			return err({ type: 'LibraryDamaged', detail: `${headerName} has ${size} bytes`, retry: 'never' });
		return ok(new Uint8Array(await handle.readFile()));
	} finally {
		await handle.close();
	}
}

/** Removes what a killed process left beside the database. Only for whoever holds the lock. */
async function sweep(folder: string): Promise<void> {
	for (const name of await readdir(folder)) {
		if (snapshotPattern.test(name) || name === `${databaseName}.new`) await rm(join(folder, name), { force: true });
	}
}

/**
 * Why the database cannot be whole, or null. The engine hands on what it reads of a page that is cut short without
 * asking for its authentication code, so that wrong rows would be shown. A journal that will be rolled back puts a
 * torn end right; one that begins with a zero, or with nothing, is none (as SQLite decides it).
 */
async function findTornEnd(path: string): Promise<DatabaseFailure | null> {
	const { size } = await stat(path);
	if (size % pageBytes === 0 || (await firstByte(`${path}-journal`)) !== 0) return null;
	return { type: 'LibraryDamaged', detail: `${databaseName} ends inside a page, at ${size}`, retry: 'never' };
}

async function firstByte(path: string): Promise<number> {
	if (!(await exists(path))) return 0;
	const handle = await open(path, 'r');
	try {
		const { buffer } = await handle.read(new Uint8Array(1), 0, 1, 0);
		return buffer[0] ?? 0;
	} finally {
		await handle.close();
	}
}

async function connect(folder: string): Promise<Result<SqlConnection, DatabaseFailure>> {
	await makePrivateFolder(folder);
	const lock = lockFolder(folder);
	if (!lock.ok) return lock;
	try {
		await sweep(folder);
		const path = join(folder, databaseName);
		// Made here, as the engine would let everybody read it (it gives its journal the same mode), and opened for
		// writing once, as the engine would quietly go on reading only.
		closeSync(openSync(path, 'a', privateFile));
		await flushFolder(folder);
		const torn = await findTornEnd(path);
		if (torn) {
			lock.value.release();
			return err(torn);
		}
		return ok(createConnection(new Engine(path, { timeout: 0 }), () => lock.value.release()));
	} catch (error) {
		lock.value.release();
		return storageFailure(error, folder);
	}
}

async function fileSource(path: string, folder: string): Promise<ByteSource> {
	const handle = await open(path, 'r');
	const { size } = await handle.stat();
	return {
		sizeBytes: size,
		read: (offset, length, signal) =>
			guarded(folder, signal, async () => {
				const bytes = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
				let filled = 0;
				while (filled < bytes.length) {
					const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, offset + filled);
					if (bytesRead === 0) return err({ type: 'StorageFailed', code: 'ShortRead', retry: 'soon' });
					filled += bytesRead;
				}
				return ok(bytes);
			}),
		async close() {
			try {
				await handle.close();
				await rm(path, { force: true });
			} catch (error) {
				// Only a defect goes on: a copy that stays is swept when the library is opened next.
				errorCode(error);
			}
		}
	};
}

async function snapshot(folder: string, connection: SqlConnection): Promise<Result<ByteSource, DatabaseFailure>> {
	const path = join(folder, `snapshot-${randomBytes(8).toString('hex')}.db`);
	closeSync(openSync(path, 'wx', privateFile));
	try {
		connection.prepare('VACUUM INTO ?').run([path]);
		return ok(await fileSource(path, folder));
	} catch (error) {
		await rm(path, { force: true });
		await rm(`${path}-journal`, { force: true });
		if (!(error instanceof SqlFault)) throw error;
		return snapshotFailure(error, folder);
	}
}

function snapshotFailure(fault: SqlFault, folder: string): Result<never, DatabaseFailure> {
	switch (fault.code) {
		case 'full':
			return err({ type: 'DiskFull', where: mountOf(folder), retry: 'soon' });
		case 'corrupt':
		case 'not-a-database':
			return err({ type: 'LibraryDamaged', detail: `SQLite ${fault.sqliteCode}`, retry: 'never' });
		case 'read-only':
			return err({ type: 'StorageDenied', where: folder, retry: 'never' });
		case 'busy':
		case 'io':
			return err({ type: 'StorageFailed', code: `SQLite ${fault.sqliteCode}`, retry: 'soon' });
		case 'defect':
			throw fault;
	}
}

/** Removes our own files, the header first: without its key slots the rest is noise, whatever happens next. */
async function removeFiles(folder: string, lock: FolderLock): Promise<void> {
	for (const name of [headerName, `${headerName}.new`, databaseName, `${databaseName}-journal`])
		await rm(join(folder, name), { force: true });
	await rm(join(folder, sidecarsName), { recursive: true, force: true });
	removeControl(folder);
	await sweep(folder);
	await flushFolder(folder);
	lock.releaseForGood();
	// Anything of somebody else's in the folder stays, and the folder with it.
	if ((await readdir(folder)).length === 0) await rmdir(folder);
}

async function listFolders(base: string): Promise<readonly string[]> {
	const names = await readdir(base).catch((error: unknown) => {
		if (errorCode(error) === 'ENOENT') return [];
		throw error;
	});
	const folders: string[] = [];
	for (const name of names) if (await exists(join(base, name, headerName))) folders.push(join(base, name));
	return folders.toSorted();
}

/**
 * Libraries as folders of a real disk, readable by this person only. `librariesFolder` is where `list` looks;
 * every other method takes a path.
 */
export function createDatabase(librariesFolder: string | null): DatabasePort {
	return {
		where: (folder) => folder,
		list: (signal) =>
			guarded(librariesFolder ?? '', signal, async () =>
				ok(librariesFolder === null ? [] : await listFolders(librariesFolder))
			),
		readHeader: (folder, signal) => guarded(folder, signal, () => readHeader(folder)),
		writeHeader: (folder, bytes, signal) =>
			guarded(folder, signal, async () => {
				await makePrivateFolder(folder);
				await replaceFile(join(folder, headerName), [bytes], signal);
				return ok(undefined);
			}),
		connect: (folder, signal) => guarded(folder, signal, () => connect(folder)),
		snapshot: (folder, connection, signal) => guarded(folder, signal, () => snapshot(folder, connection)),
		async writeDatabase(folder, chunks, signal) {
			const made = await guarded(folder, signal, async () => ok(await makePrivateFolder(folder)));
			if (!made.ok) return made;
			return locked(folder, signal, async () => {
				const path = join(folder, databaseName);
				if (await exists(path)) return err({ type: 'LibraryExists', retry: 'never' });
				await replaceFile(path, chunks, signal);
				return ok(undefined);
			});
		},
		async remove(folder, signal) {
			const found = await guarded(folder, signal, async () => ok(await exists(folder)));
			if (!found.ok) return found;
			if (!found.value) return missing;
			return locked(folder, signal, async (lock) => ok(await removeFiles(folder, lock)));
		}
	};
}
