import { ok, type Result } from '#core/kernel';
import type { ByteSource } from '#core/ports';
import type { Database, StorageFailure } from '#core/schema';
import {
	exportBackup,
	findDatabaseFlaws,
	importBackup,
	readSettings,
	type CreateLibraryInput,
	type LibraryFailure,
	type UnlockInput,
	type VerifyReport
} from '#core/library';
import { findTreeFlaws } from '#core/index';
import { findNameFlaws } from '#core/search';
import type { CoreContext, Joined, Nothing } from './joined.ts';

export function libraryCommands({ host, library, emit, opened, lock, afterOpen }: Joined) {
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

export function locationCommands({ opened }: Joined) {
	return {
		'locations.list': async (_input: Nothing, _context: CoreContext) => {
			const rooms = opened();
			return rooms.ok ? rooms.value.locations.listEverywhere() : rooms;
		}
	};
}

export function settingsCommands({ opened }: Joined) {
	return {
		'settings.read': async (_input: Nothing, _context: CoreContext) => {
			const rooms = opened();
			return rooms.ok ? readSettings(rooms.value.database) : rooms;
		}
	};
}
