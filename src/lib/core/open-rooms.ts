import type { EntryId, LibraryId, LocationId } from '#core/kernel';
import type { Host } from '#core/ports';
import type { Database } from '#core/schema';
import { createJobs } from '#core/jobs';
import { createFolderLook, createLocations, createVolumes, type PlaceDeps, type Taking } from '#core/volumes';
import { createContentJob, createContents, createScrubJob } from '#core/content';
import { createQueueJob, createWishList } from '#core/analysis';
import {
	countContents,
	createFileEntries,
	createFolderJob,
	createIndex,
	createIndexJob,
	createWatch,
	readHoldings,
	type Index,
	type IndexProgress,
	type NameSink,
	type Watch
} from '#core/index';
import { readMoving } from '#core/files';
import { handOn, readOwnerOf, settleHolders, takeOver } from '#core/replicas';
import { createNameIndex, createSearch } from '#core/search';
import { createAfterActions } from './after-actions.ts';
import { catchUpAtStart } from './catch-up-at-start.ts';
import type { AllJobs, JobFailures, JobKind, JobRunners } from './job-kinds.ts';
import { createDiskMoves, type DiskMoves } from './disk-moves.ts';
import { joinSync, type DomainsOf } from './join-sync.ts';
import type { CoreEvent, Opened } from './joined.ts';
import { createTrashKeeper } from './keep-trash.ts';
import { joinActions } from './operations.ts';
import { joinSchedules } from './schedule-commands.ts';

/**
 * `all`: what waits in the queue goes on as soon as the library is open. `asked`: only what a command asks for is done,
 * by a program that is there for one command.
 */
export type RunsJobs = 'all' | 'asked';

type Hooks = {
	/** Names the library among all others. */
	readonly library: LibraryId | null;
	readonly runsJobs: RunsJobs;
	/** In the place of the library's own domains, or around them. */
	readonly domains?: DomainsOf;
	readonly emit: (event: CoreEvent) => void;
	/** Called when there are other locations. */
	readonly onLocations: () => void;
	/** Called when an index run has ended. */
	readonly onIndexed: () => void;
	/** There is another device of the library, which somebody has told of. */
	readonly onDevices: () => void;
};

type Rooms = Pick<Opened, 'database' | 'locations' | 'volumes' | 'index' | 'contents' | 'scrubJob'>;
type Joining = Hooks & { readonly acting: ReturnType<typeof joinActions> };

type FollowUpRooms = Pick<Opened, 'index' | 'locations' | 'contents' | 'contentJob' | 'queueJob' | 'jobs'>;

/** What follows when a location was read: what its mode asks for of what is new. */
function followUps({ index, locations, contents, contentJob, queueJob, jobs }: FollowUpRooms) {
	let movements = 0;
	return async (id: LocationId, signal: AbortSignal): Promise<void> => {
		const all = locations.list();
		if (!all.ok) return;
		// What has moved may have come into a location that wants more of it, or less.
		if (index.movements() !== movements && all.value.some(({ mode }) => mode === 'deep'))
			jobs.queue({ ...queueJob.request(), isUnasked: true, resumes: false });
		movements = index.movements();
		const mode = all.value.find((location) => location.id === id)?.mode ?? 'shallow';
		if (mode === 'shallow') return;
		const untried = await contents.hasUntried(id, signal);
		if (untried.ok && untried.value) jobs.queue(contentJob.followUp(id));
	};
}

/** What has changed on the disk is read again, and what is new known by its bytes. */
function watchOver(
	{ files, clock }: Host,
	{ index, followUp, emit }: Pick<Opened, 'index' | 'followUp'> & Pick<Hooks, 'emit'>,
	catchUp: ReturnType<typeof catchUpAtStart>
): Watch {
	return createWatch({
		files,
		clock,
		refresh: async (location, paths, signal) => {
			const read = await index.refresh(location, paths, signal);
			if (read.ok) await followUp(location.id, signal);
			return read;
		},
		catchUp,
		onChange: () => emit({ type: 'locations-changed' })
	});
}

type IndexDeps = Pick<Opened, 'database' | 'locations' | 'volumes'> &
	Pick<Host, 'files' | 'clock' | 'compute'> &
	Pick<Hooks, 'emit'> & { readonly names: NameSink };

/** The index over the locations and the disks that they are on. */
function joinIndex({ emit, locations, volumes, ...deps }: IndexDeps, told: (progress: IndexProgress) => void): Index {
	const { database } = deps;
	return createIndex({
		...deps,
		onChange: (folders) => emit({ type: 'entries-changed', folders }),
		onProgress: (progress) => {
			emit({ type: 'index-progress', progress });
			told(progress);
		},
		rootOf: (location) => {
			const found = locations.find(location);
			return found.ok ? found.value.root : null;
		},
		readMoving: () => readMoving(database),
		readRun: (location) => locations.readRun(location),
		writeBegin: (location) => locations.writeBegin(location),
		writeEnd: (location, indexedMs, newestEntry) => locations.writeEnd(location, indexedMs, newestEntry),
		setProblem: (location, problem) => locations.setProblem(location, problem),
		locate: (location, signal) => volumes.locate(location, signal)
	});
}

/** The queue and the runners of all kinds of jobs. */
function joinJobs(host: Host, rooms: Rooms, { runsJobs, emit, onIndexed, acting }: Joining) {
	const { clock } = host;
	const { database, index, locations, volumes, contents, scrubJob } = rooms;
	const reading = {
		database,
		index,
		findLocation: (id: LocationId) => locations.find(id),
		onRead: (location: LocationId, signal: AbortSignal) => followUp(location, signal),
		onEnd: () => {
			emit({ type: 'locations-changed' });
			onIndexed();
		}
	};
	const [indexJob, folderJob] = [createIndexJob(reading), createFolderJob(reading)];
	const contentJob = createContentJob({
		contents,
		locate: (location, signal) => volumes.locate(location, signal),
		onEnd: () => emit({ type: 'locations-changed' })
	});
	const queueJob = createQueueJob({
		database,
		clock,
		readHoldings: (after, limit) => readHoldings(database, after, limit),
		countContents: () => countContents(database)
	});
	const runners: JobRunners = {
		index: indexJob.runner,
		folder: folderJob.runner,
		content: contentJob.runner,
		queue: queueJob.runner,
		scrub: scrubJob.runner,
		action: acting.runner
	};
	const jobs: AllJobs = createJobs<JobKind, JobFailures[JobKind]>({
		database,
		clock,
		runners,
		onChange: () => emit({ type: 'jobs-changed' }),
		runsAll: runsJobs === 'all'
	});
	const followUp = followUps({ index, locations, contents, contentJob, queueJob, jobs });
	const kinds = { jobs, indexJob, contentJob, queueJob };
	const schedules = joinSchedules(host, { ...rooms, ...kinds }, () => emit({ type: 'jobs-changed' }));
	return { jobs, schedules, indexJob, folderJob, contentJob, queueJob, followUp, actions: acting.over(jobs) };
}

function takingOver(deps: PlaceDeps, names: NameSink): Taking {
	const { database } = deps;
	return {
		takeOver: (location, place) => takeOver(deps, names, location, place),
		handOn: (location) => handOn(database, location),
		giveBack: () => void settleHolders(database),
		readTaken: (place) => readOwnerOf(database, place)?.deviceName ?? null
	};
}

/** After these another device may have a disk that was here. */
const toldEvents: ReadonlySet<CoreEvent['type']> = new Set(['locations-changed', 'metadata-changed']);

function alsoTelling(diskMoves: DiskMoves, emit: Hooks['emit']): Hooks['emit'] {
	return (event) => {
		emit(event);
		if (toldEvents.has(event.type)) diskMoves.told();
	};
}

/** Joins the rooms over an open database. */
export function openRooms(host: Host, database: Database, hooks: Hooks): Opened {
	const { emit } = hooks;
	const { clock, compute, files, random, volumes: port } = host;
	const onDisk = { database, files, clock, compute };
	const names = createNameIndex(database);
	const wishes = createWishList(database);
	const volumes = createVolumes({ database, files, clock, random, port });
	const locations = createLocations({ database });
	const index = joinIndex({ ...onDisk, names, emit, locations, volumes }, (progress) => {
		joined.indexJob.told(progress);
		joined.folderJob.told(progress);
	});
	const onFiles = {
		...onDisk,
		entries: createFileEntries(database, () => wishes.read()),
		onChange: (folders: readonly EntryId[]) => emit({ type: 'entries-changed', folders })
	};
	const scrubJob = createScrubJob({ ...onFiles, locate: (location, signal) => volumes.locate(location, signal) });
	const contents = createContents({
		...onFiles,
		onProgress: (progress) => emit({ type: 'content-progress', progress })
	});
	const rooms = { database, locations, volumes, index, contents, scrubJob };
	const life = new AbortController();
	const acting = joinActions({
		...host,
		...rooms,
		library: hooks.library ?? 'none',
		emit,
		life: life.signal,
		look: createFolderLook({ database, files, clock, port }),
		taking: takingOver({ database, clock, random }, names),
		schedules: () => joined.schedules,
		followUp: (done) => after.onDone(done)
	});
	const joined = joinJobs(host, rooms, { ...hooks, acting });
	const { followUp, indexJob, jobs, actions } = joined;
	const watch = watchOver(host, { index, followUp, emit }, catchUpAtStart({ index, indexJob, jobs }, clock));
	const trashKeeper = createTrashKeeper({ database, clock, random, actions, jobs, volumes });
	const after = createAfterActions({
		...rooms,
		...joined,
		wishes,
		life,
		emit,
		followAll: hooks.onLocations,
		trashChanged: () => trashKeeper.look()
	});
	const diskMoves = createDiskMoves({ port, volumes, locations, onLocations: acting.onLocations, after, life });
	const synced = joinSync({ ...host, database, names, ...hooks, emit: alsoTelling(diskMoves, emit) });
	const search = createSearch({ database, clock, locations });
	const parts = { ...rooms, ...joined, ...synced, wishes, watch, life, trashKeeper, diskMoves, search };
	const settled = () => diskMoves.settled().then(after.settled);
	return { ...parts, settled, endBrokenOff: acting.endBrokenOff };
}
