import type { LocationId } from '#core/kernel';
import type { Host } from '#core/ports';
import type { Database } from '#core/schema';
import { createJobs } from '#core/jobs';
import { createLocations, createVolumes } from '#core/volumes';
import { createContentJob, createContents } from '#core/content';
import { createFileEntries, createIndex, createIndexJob, createWatch, type Index, type Watch } from '#core/index';
import { createNameIndex } from '#core/search';
import type { AllJobs, JobFailures, JobKind, JobRunners } from './job-kinds.ts';
import type { CoreEvent, Opened } from './joined.ts';

/**
 * `all`: what waits in the queue goes on as soon as the library is open. `asked`: only what a command asks for is done,
 * by a program that is there for one command.
 */
export type RunsJobs = 'all' | 'asked';

type FollowUpRooms = Pick<Opened, 'locations' | 'contents' | 'contentJob' | 'jobs'>;

type Hooks = {
	readonly runsJobs: RunsJobs;
	readonly emit: (event: CoreEvent) => void;
	/** Called when an index run has ended. */
	readonly onIndexed: () => void;
};

/** What follows when a location was read: what its mode asks for of what is new. */
function followUps({ locations, contents, contentJob, jobs }: FollowUpRooms) {
	return async (id: LocationId, signal: AbortSignal): Promise<void> => {
		const location = locations.find(id);
		if (!location.ok || location.value.mode === 'shallow') return;
		const untried = await contents.hasUntried(id, signal);
		if (untried.ok && untried.value) jobs.queue(contentJob.followUp(id));
	};
}

/** What has changed on the disk is read again, and what is new known by its bytes. */
function watchOver(
	{ files, clock }: Host,
	{ index, followUp, emit }: Pick<Opened, 'index' | 'followUp'> & Pick<Hooks, 'emit'>
): Watch {
	return createWatch({
		files,
		clock,
		refresh: async (location, paths, signal) => {
			const read = await index.refresh(location, paths, signal);
			if (read.ok) await followUp(location.id, signal);
			return read;
		},
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
	const contents = createContents({
		database,
		files: host.files,
		clock: host.clock,
		compute: host.compute,
		entries: createFileEntries(database),
		onChange: (folders) => emit({ type: 'entries-changed', folders }),
		onProgress: (progress) => emit({ type: 'content-progress', progress })
	});
	const indexJob = createIndexJob({
		database,
		index,
		findLocation: (id) => locations.find(id),
		onRead: (location, signal) => followUp(location, signal),
		onEnd: () => {
			emit({ type: 'locations-changed' });
			onIndexed();
		}
	});
	const contentJob = createContentJob({
		contents,
		locate: (location, signal) => volumes.locate(location, signal),
		onEnd: () => emit({ type: 'locations-changed' })
	});
	const runners: JobRunners = { index: indexJob.runner, content: contentJob.runner };
	const jobs: AllJobs = createJobs<JobKind, JobFailures[JobKind]>({
		database,
		clock: host.clock,
		runners,
		onChange: () => emit({ type: 'jobs-changed' }),
		runsAll: runsJobs === 'all'
	});
	const life = new AbortController();
	const followUp = followUps({ locations, contents, contentJob, jobs });
	const watch = watchOver(host, { index, followUp, emit });
	return { database, locations, volumes, index, contents, indexJob, contentJob, jobs, watch, life, followUp };
}
