import type { Host } from '#core/ports';
import type { Database } from '#core/schema';
import { createJobs } from '#core/jobs';
import { createLocations, createVolumes, type Location } from '#core/volumes';
import type { EntryId } from '#core/kernel';
import { createContents, createScrubJob } from '#core/content';
import { createFileEntries, createIndex, createIndexJob, createWatch, type Index, type Watch } from '#core/index';
import { createNameIndex } from '#core/search';
import type { AllJobs, JobRunners } from './job-kinds.ts';
import { catchUpAtStart } from './catch-up-at-start.ts';
import type { CoreEvent, Opened } from './joined.ts';

/**
 * `all`: what waits in the queue goes on as soon as the library is open. `asked`: only what a command asks for is done,
 * by a program that is there for one command.
 */
export type RunsJobs = 'all' | 'asked';

type Hooks = {
	readonly runsJobs: RunsJobs;
	readonly emit: (event: CoreEvent) => void;
	/** Called when an index run has ended. */
	readonly onIndexed: () => void;
};

/** What has changed on the disk is read again, and what is new known by its bytes. */
function watchOver(
	{ files, clock }: Host,
	{ index, contents, emit, life }: Pick<Opened, 'index' | 'contents' | 'life'> & Pick<Hooks, 'emit'>,
	catchUp: ReturnType<typeof catchUpAtStart>
): Watch {
	const lookAt = async (location: Location): Promise<void> => {
		try {
			await contents.identify(location, life.signal);
		} catch (thrown) {
			if (!life.signal.aborted) throw thrown;
		}
	};
	return createWatch({
		files,
		clock,
		refresh: async (location, paths, signal) => {
			const read = await index.refresh(location, paths, signal);
			// Beside whatever changes next: reading bytes may take long.
			if (read.ok) void lookAt(location);
			return read;
		},
		catchUp,
		onChange: () => emit({ type: 'locations-changed' })
	});
}

/** Joins the rooms over an open database. */
export function openRooms(host: Host, database: Database, { runsJobs, emit, onIndexed }: Hooks): Opened {
	const names = createNameIndex(database);
	const index: Index = createIndex({
		database,
		files: host.files,
		clock: host.clock,
		names,
		compute: host.compute,
		onChange: (folders) => emit({ type: 'entries-changed', folders }),
		onProgress: (progress) => {
			emit({ type: 'index-progress', progress });
			indexJob.told(progress);
		},
		rootOf: (location) => {
			const found = locations.find(location);
			return found.ok ? found.value.root : null;
		},
		readRun: (location) => locations.readRun(location),
		writeBegin: (location) => locations.writeBegin(location),
		writeEnd: (location, indexedMs, newestEntry) => locations.writeEnd(location, indexedMs, newestEntry),
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
	const onFiles = {
		database,
		files: host.files,
		clock: host.clock,
		compute: host.compute,
		entries: createFileEntries(database),
		onChange: (folders: readonly EntryId[]) => emit({ type: 'entries-changed', folders })
	};
	const scrubJob = createScrubJob({ ...onFiles, locate: (location, signal) => volumes.locate(location, signal) });
	const contents = createContents({
		...onFiles,
		onProgress: (progress) => emit({ type: 'content-progress', progress })
	});
	const indexJob = createIndexJob({
		database,
		index,
		findLocation: (id) => locations.find(id),
		onEnd: () => {
			emit({ type: 'locations-changed' });
			onIndexed();
		}
	});
	const runners: JobRunners = { index: indexJob.runner, scrub: scrubJob.runner };
	const jobs: AllJobs = createJobs({
		database,
		clock: host.clock,
		runners,
		onChange: () => emit({ type: 'jobs-changed' }),
		runsAll: runsJobs === 'all'
	});
	const life = new AbortController();
	const watch = watchOver(host, { index, contents, emit, life }, catchUpAtStart({ index, indexJob, jobs }, clock));
	return { database, locations, volumes, index, contents, indexJob, scrubJob, jobs, watch, life };
}
