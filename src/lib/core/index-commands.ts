import { err, ok, type EntryId, type LocationId, type Result } from '#core/kernel';
import type { RootRef } from '#core/ports';
import type { ContentFailure, ContentJobFailure } from '#core/content';
import type { Database } from '#core/schema';
import { createJobCommands } from '#core/jobs';
import type { LibraryFailure } from '#core/library';
import {
	listDisk,
	measureDisk,
	readIds,
	readLocationOf,
	readLocated,
	readRows,
	readSizeMap,
	readTrail,
	readUsage,
	resolvePath,
	type EntryFailure,
	type EntryOrder,
	type EntryRow,
	type IndexFailure,
	type IndexInput,
	type RepairScope
} from '#core/index';
import { pauseJobOf, type JobFailure, type JobFailures, type JobKind } from './job-kinds.ts';
import type { CoreContext, Joined, Nothing, Opened } from './joined.ts';

async function repairIndex(
	{ locations, index, jobs, contentJob, followUp }: Opened,
	id: LocationId,
	{ folders, files }: RepairScope,
	signal: AbortSignal
): Promise<Result<null, IndexFailure | EntryFailure | ContentJobFailure | ContentFailure | JobFailure>> {
	const location = locations.find(id);
	if (!location.ok) return location;
	// Nothing is read beside a run that a person has paused.
	if (location.value.unfinished) return err({ type: 'IndexPaused' });
	const read = folders?.length === 0 ? ok(null) : await index.refresh(location.value, folders, signal);
	if (!read.ok) return read;
	const forgotten = index.forgetContents(files);
	if (!forgotten.ok) return forgotten;
	await followUp(id, signal);
	if (files.length === 0) return ok(null);
	const looked = contentJob.toOutcome(await jobs.run(contentJob.request(id), signal));
	return looked.ok ? ok(null) : looked;
}

export function indexCommands({ opened, emit }: Joined) {
	return {
		/** As a job: it goes on when its caller leaves, and by itself when the library is opened again. */
		'index.run': async (input: IndexInput, { signal }: CoreContext) => {
			const rooms = opened();
			if (!rooms.ok) return rooms;
			const found = rooms.value.locations.find(input.location);
			if (!found.ok) return found;
			const { jobs, indexJob } = rooms.value;
			return indexJob.toOutcome(await jobs.run(indexJob.request(input), signal));
		},
		/** Reads one folder again, with what is new in it, or all that lies below it; as a job. */
		'index.folder': async (
			{ folder, isDeep }: { readonly folder: EntryId; readonly isDeep: boolean },
			{ signal }: CoreContext
		) => {
			const rooms = opened();
			if (!rooms.ok) return rooms;
			const { database, jobs, folderJob, indexJob } = rooms.value;
			const location = database.read(() => readLocationOf(database, folder));
			if (!location.ok) return location;
			if (location.value === null) return err({ type: 'EntryMissing' });
			const request = folderJob.request({ location: location.value, folder, isDeep });
			return indexJob.toOutcome(await jobs.run(request, signal));
		},
		/** Pauses the job of this location until somebody resumes or runs it. */
		'index.stop': async ({ location }: { readonly location: LocationId }, _context: CoreContext) => {
			const rooms = opened();
			return rooms.ok ? pauseJobOf(rooms.value.jobs, 'index', location) : rooms;
		},
		'index.running': async (_input: Nothing, _context: CoreContext) => {
			const rooms = opened();
			return rooms.ok ? ok(rooms.value.index.running()) : rooms;
		},
		/** Locations of which every change on the disk is seen. */
		'index.watched': async (_input: Nothing, _context: CoreContext) => {
			const rooms = opened();
			return rooms.ok ? ok(rooms.value.watch.watched()) : rooms;
		},
		/** Compares an entry and all below it with the disk, and changes nothing. */
		'index.verify': async (input: { readonly entry: EntryId; readonly content: boolean }, { signal }: CoreContext) => {
			const rooms = opened();
			if (!rooms.ok) return rooms;
			return rooms.value.index.verify(input, (progress) => emit({ type: 'verify-progress', progress }), signal);
		},
		/** Reads again what `index.verify` found to differ; on the disk nothing is written. */
		'index.repair': async (
			{ location, repair }: { readonly location: LocationId; readonly repair: RepairScope },
			{ signal }: CoreContext
		) => {
			const rooms = opened();
			return rooms.ok ? repairIndex(rooms.value, location, repair, signal) : rooms;
		},
		'index.problems': async ({ location }: { readonly location: LocationId }, _context: CoreContext) => {
			const rooms = opened();
			return rooms.ok ? rooms.value.index.problems(location) : rooms;
		}
	};
}

export function jobCommands({ opened }: Joined) {
	return createJobCommands<JobKind, JobFailures[JobKind], LibraryFailure>(() => {
		const rooms = opened();
		return rooms.ok ? ok(rooms.value.jobs) : rooms;
	});
}

export function entryCommands({ host, opened }: Joined) {
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
		/** The same, with the names of the folders above each. */
		'entries.located': async ({ ids }: { readonly ids: readonly number[] }, _context: CoreContext) =>
			reading((database) => readLocated(database, ids)),
		'entries.trail': async ({ entry }: { readonly entry: EntryId }, _context: CoreContext) =>
			reading((database) => readTrail(database, entry)),
		'entries.resolve': async (
			{ path, from }: { readonly path: string; readonly from: EntryId | null },
			_context: CoreContext
		): Promise<Result<EntryRow, EntryFailure | LibraryFailure>> => {
			const rooms = opened();
			if (!rooms.ok) return rooms;
			const locations = rooms.value.locations.listEverywhere();
			if (!locations.ok) return locations;
			const found = reading((database) => resolvePath(database, locations.value, path, from));
			return found.ok ? found.value : found;
		},
		'entries.usage': async ({ entry }: { readonly entry: EntryId }, _context: CoreContext) =>
			reading((database) => readUsage(database, entry)),
		'entries.size-map': async (
			{ folder, tilesMax }: { readonly folder: EntryId; readonly tilesMax: number },
			_context: CoreContext
		) => reading((database) => readSizeMap(database, folder, tilesMax)),
		/** A folder that need not be of the library, as it is on the disk; nothing of it is kept. */
		'disk.list': (
			input: { readonly root: RootRef; readonly path: readonly string[]; readonly order: EntryOrder },
			{ signal }: CoreContext
		) => listDisk(host.files, input, signal),
		/** How much lies below a folder that need not be of the library; nothing of it is kept. */
		'disk.usage': (input: { readonly root: RootRef }, { signal }: CoreContext) => measureDisk(host.files, input, signal)
	};
}
