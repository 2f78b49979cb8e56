import { closeSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Engine from 'better-sqlite3-multiple-ciphers';
import { err, ok, type Result } from '#core/kernel';
import type { DatabaseFailure } from '#core/ports';
import { privateFile } from './replace-file.ts';
import { sqlFault } from './sqlite-fault.ts';
import { errorCode, storageFailure } from './system-error.ts';

/** Names of the lock's files in a library folder. */
export const lockFiles = { authority: 'lock.db', holder: 'lock' } as const;

/** One process's hold on a library folder. `release` may be called twice. */
export type FolderLock = {
	release(): void;
	/** Releases, and removes the lock's files with the library. */
	releaseForGood(): void;
};

/**
 * Holds `folder` against every other connection of this and of any other process until `release`, or until this
 * process ends in whatever way. The authority is an operating system's lock, taken by SQLite on an empty database
 * beside the library's: the library's own can only be locked by reading it, which needs the key first. The file
 * `lock` merely tells others the process id.
 */
export function lockFolder(folder: string): Result<FolderLock, DatabaseFailure> {
	const authority = join(folder, lockFiles.authority);
	const holder = join(folder, lockFiles.holder);
	try {
		// Never opened where it exists: closing any handle on a file drops this process's locks on it (POSIX).
		closeSync(openSync(authority, 'wx', privateFile));
	} catch (error) {
		if (errorCode(error) !== 'EEXIST') return storageFailure(error, folder);
	}
	const lock = takeLock(folder, authority, holder);
	if (!lock.ok) return lock;
	try {
		writeFileSync(holder, `${process.pid}\n`, { mode: privateFile });
	} catch (error) {
		lock.value.close();
		return storageFailure(error, folder);
	}
	return ok(holdOn(lock.value, authority, holder));
}

function holdOn(database: Engine, authority: string, holder: string): FolderLock {
	const release = () => {
		if (!database.open) return;
		// Before the lock goes: afterwards the file may be the next holder's.
		rmSync(holder, { force: true });
		database.close();
	};
	return {
		release,
		releaseForGood() {
			// Whoever waits on the removed file finds out in `takeLock`. Windows removes no open file.
			if (process.platform !== 'win32') rmSync(authority, { force: true });
			release();
			if (process.platform === 'win32') rmSync(authority, { force: true });
		}
	};
}

function takeLock(folder: string, authority: string, holder: string): Result<Engine, DatabaseFailure> {
	let database: Engine | null = null;
	try {
		const before = inodeOf(authority);
		database = new Engine(authority, { timeout: 0 });
		database.exec('BEGIN EXCLUSIVE');
		// A lock on a file that was removed meanwhile keeps nobody out.
		if (before !== null && before === inodeOf(authority)) return ok(database);
		database.close();
		return err({ type: 'LibraryBusy', holder: readHolder(holder), retry: 'soon' });
	} catch (error) {
		database?.close();
		const fault = sqlFault(error);
		if (fault.code === 'busy') return err({ type: 'LibraryBusy', holder: readHolder(holder), retry: 'soon' });
		if (fault.code === 'read-only') return err({ type: 'StorageDenied', where: folder, retry: 'never' });
		return err({ type: 'StorageFailed', code: `SQLite ${fault.sqliteCode}`, retry: 'soon' });
	}
}

function inodeOf(path: string): bigint | null {
	return statSync(path, { bigint: true, throwIfNoEntry: false })?.ino ?? null;
}

/** The process id that the holder left, or nothing in the instant before it is written. */
function readHolder(path: string): string {
	try {
		// Anybody who may write there could put anything in its place; it is only ever shown as a number.
		return /^\d{1,10}$/.exec(readFileSync(path, 'utf8').trim())?.[0] ?? '';
	} catch {
		return '';
	}
}
