import { ok, type LocationId, type Result } from '#core/kernel';
import type { ByteSource, RootRef } from '#core/ports';
import type { Database, StorageFailure } from '#core/schema';
import {
	changeSettings,
	exportBackup,
	findDatabaseFlaws,
	importBackup,
	readSettings,
	type CreateLibraryInput,
	type LibraryFailure,
	type Settings,
	type UnlockInput,
	type VerifyReport
} from '#core/library';
import type { IndexMode } from '#core/volumes';
import { findTreeFlaws } from '#core/index';
import { findNameFlaws } from '#core/search';
import { requeue } from './analysis-commands.ts';
import { dropJobsOf } from './job-kinds.ts';
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

export function locationCommands({ host, emit, opened, followAll }: Joined) {
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
		/** How far the files of a location are looked at from now on; what is known of them stays. */
		'locations.set-mode': async (
			{ location, mode }: { readonly location: LocationId; readonly mode: IndexMode },
			context: CoreContext
		) => {
			const rooms = opened();
			if (!rooms.ok) return rooms;
			const before = rooms.value.locations.find(location);
			const set = changed(rooms.value.locations.setMode(location, mode, once(context)));
			if (!set.ok) return set;
			if (mode === 'shallow') {
				const dropped = await rooms.value.jobs.drop('content', String(location));
				if (!dropped.ok) return dropped;
			} else await rooms.value.followUp(location, context.signal);
			// What is queued hangs on the deep ones alone.
			const isOther = before.ok && before.value.mode !== mode && [before.value.mode, mode].includes('deep');
			return isOther ? requeue(rooms.value, context.signal) : set;
		},
		'locations.remove': async ({ location }: { readonly location: LocationId }, context: CoreContext) => {
			const rooms = opened();
			if (!rooms.ok) return rooms;
			const drop = () => dropJobsOf(rooms.value, location);
			const before = await drop();
			if (!before.ok) return before;
			const removed = changed(rooms.value.locations.remove(location, once(context)));
			followAll();
			if (!removed.ok) return removed;
			// Once more: somebody may have asked for a run while the last one came to its end.
			const after = await drop();
			return after.ok ? rooms.value.index.sweep(context.signal) : after;
		}
	};
}

export function settingsCommands({ host, emit, opened }: Joined) {
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
