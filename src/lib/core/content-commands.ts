import { ok, type ContentId, type EntryId, type LocationId, type Result } from '#core/kernel';
import type { Database } from '#core/schema';
import type { LibraryFailure } from '#core/library';
import { readAtRisk, readCopies, readDuplicates, readFileContent } from '#core/index';
import { pauseJobOf } from './job-kinds.ts';
import type { CoreContext, Joined, Nothing } from './joined.ts';

type DuplicatesInput = { readonly folder: EntryId | null; readonly offset: number; readonly limit: number };
type CopiesInput = { readonly content: ContentId; readonly folder: EntryId | null; readonly limit: number };

export function contentCommands({ opened }: Joined) {
	const reading = <T>(work: (database: Database) => T): Result<T, LibraryFailure> => {
		const rooms = opened();
		return rooms.ok ? rooms.value.database.read(() => work(rooms.value.database)) : rooms;
	};
	return {
		/** As a job, of a location in any mode: it goes on when its caller leaves. */
		'content.identify': async ({ location }: { readonly location: LocationId }, { signal }: CoreContext) => {
			const rooms = opened();
			if (!rooms.ok) return rooms;
			const found = rooms.value.locations.find(location);
			if (!found.ok) return found;
			const { jobs, contentJob } = rooms.value;
			return contentJob.toOutcome(await jobs.run(contentJob.request(location), signal));
		},
		/** Pauses the job of this location until somebody resumes it or asks for it. */
		'content.stop': async ({ location }: { readonly location: LocationId }, _context: CoreContext) => {
			const rooms = opened();
			return rooms.ok ? pauseJobOf(rooms.value.jobs, 'content', location) : rooms;
		},
		'content.running': async (_input: Nothing, _context: CoreContext) => {
			const rooms = opened();
			return rooms.ok ? ok(rooms.value.contents.running()) : rooms;
		},
		/** As a job, see `index.run`: reads every byte of the location's files against what is known of them. */
		'content.scrub': async ({ location }: { readonly location: LocationId }, { signal }: CoreContext) => {
			const rooms = opened();
			if (!rooms.ok) return rooms;
			const found = rooms.value.locations.find(location);
			if (!found.ok) return found;
			const { jobs, scrubJob } = rooms.value;
			return scrubJob.toOutcome(await jobs.run(scrubJob.request(location), signal));
		},
		'content.prove': async ({ content }: { readonly content: ContentId }, { signal }: CoreContext) => {
			const rooms = opened();
			if (!rooms.ok) return rooms;
			const locations = rooms.value.locations.list();
			return locations.ok ? rooms.value.contents.prove(content, locations.value, signal) : locations;
		},
		'content.of': async (
			{ entry, limit }: { readonly entry: EntryId; readonly limit: number },
			_context: CoreContext
		) => reading((database) => readFileContent(database, entry, limit)),
		'content.copies': async (input: CopiesInput, _context: CoreContext) =>
			reading((database) => readCopies(database, input)),
		'content.duplicates': async (input: DuplicatesInput, _context: CoreContext) =>
			reading((database) => readDuplicates(database, input)),
		'content.at-risk': async ({ folder }: { readonly folder: EntryId | null }, _context: CoreContext) =>
			reading((database) => readAtRisk(database, folder))
	};
}
