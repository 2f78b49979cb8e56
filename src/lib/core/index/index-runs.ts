import { err, ok, type EntryId, type LocationId, type Result } from '#core/kernel';
import type { ChangedFolders } from '#core/ports';
import { createJudges, createRulebook, readIgnoreFile, type Judges, type Rulebook } from '#core/rules';
import type { Database, StorageFailure } from '#core/schema';
import type { Location, LocationFailure, LocationProblem } from '#core/volumes';
import type { RunDeps } from './index-folder.ts';
import { runIndex, type RunOptions } from './run-index.ts';
import type { IndexOutcome, IndexProgress } from './schema.ts';
import { countPending, noteChanged, noteTree, readNearest } from './store.ts';
import { Walks } from './walks.ts';

export type IndexFailure =
	| StorageFailure
	| LocationFailure
	| LocationProblem
	/** Somebody else paused the run; it goes on from here when it is run again. */
	| { readonly type: 'IndexPaused' }
	/** Somebody else cancelled the run; what it had found is kept. */
	| { readonly type: 'IndexCancelled' };

export type IndexDeps = Omit<RunDeps, 'walks'> & {
	readonly setProblem: (location: LocationId, problem: LocationProblem | null) => Result<void, StorageFailure>;
};

type ReadAgain = { readonly folder: EntryId; readonly isDeep: boolean; readonly mark: (() => void) | null };

/** Index runs, at most one of a location at a time. */
export type IndexRuns = {
	/**
	 * Indexes a location to the end; a second caller joins the run that is going. A caller whose `signal` aborts
	 * stops waiting, and the last one to leave pauses the run.
	 */
	run(location: Location, acceptEmpty: boolean, signal: AbortSignal): Promise<Result<IndexOutcome, IndexFailure>>;
	/**
	 * Reads the folders at `paths` again, and what is new below them; null reads all. Does nothing beyond taking note
	 * while a person has paused the location's run: that one reads them when it goes on.
	 */
	refresh(location: Location, paths: ChangedFolders, signal: AbortSignal): Promise<Result<null, IndexFailure>>;
	/**
	 * Reads a folder of the location again, and what is new below it; `isDeep` all that lies below it. `mark` is called
	 * in the transaction that marks them; null where an earlier call has done that and was broken off. Answers
	 * `IndexPaused` while the location's own run is paused or has failed: that one reads them when it goes on.
	 */
	readAgain(location: Location, scope: ReadAgain, signal: AbortSignal): Promise<Ended>;
	/** As `stop`, but for a run over the whole location, which is left alone. */
	stopReading(location: LocationId): Promise<void>;
	/** Pauses the run of a location, if one is going; resolves when its last batch is down. */
	stop(location: LocationId): Promise<void>;
	stopAll(): Promise<void>;
	running(): IndexProgress[];
	/** How often something has turned up in another place since the library was opened. */
	movements(): number;
};

type Ended = Result<IndexOutcome, IndexFailure>;

type Going = {
	readonly ended: Promise<Ended>;
	readonly controller: AbortController;
	readonly scope: RunOptions['scope'];
	waiting: number;
	progress: IndexProgress;
};

const problemTypes: ReadonlySet<string> = new Set<LocationProblem['type']>([
	'FolderMissing',
	'FolderDenied',
	'FolderNeedsConsent',
	'FolderSuddenlyEmpty',
	'FolderUnreadable',
	'NotAFolder',
	'VolumeReplaced'
]);

function isProblem(failure: IndexFailure): failure is LocationProblem {
	return problemTypes.has(failure.type);
}

/** Settles as `work` does, or rejects with the signal's reason as soon as that aborts. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
	return new Promise((resolve, reject) => {
		const onAbort = () => reject(signal.reason);
		if (signal.aborted) return onAbort();
		signal.addEventListener('abort', onAbort, { once: true });
		work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
	});
}

/** What `work` answers, or `IndexPaused` where `signal` ended it. */
async function pausable(work: () => Promise<Ended>, signal: AbortSignal): Promise<Ended> {
	try {
		return await work();
	} catch (thrown) {
		if (signal.aborted) return err({ type: 'IndexPaused' });
		throw thrown;
	}
}

/** Waits for the end of `run`; the last one to leave before pauses it. */
async function join(run: Going, signal: AbortSignal): Promise<Ended> {
	run.waiting++;
	try {
		return await orAborted(run.ended, signal);
	} finally {
		run.waiting--;
		if (run.waiting === 0) run.controller.abort();
	}
}

/**
 * Whether a rule leaves out what `path` names below `nearest`, the innermost folder of the index on the way, `depth`
 * names down: what changes in there concerns nobody.
 */
function isLeftOut(
	database: Database,
	{ rulebook, judges }: { readonly rulebook: Rulebook; readonly judges: Judges },
	nearest: EntryId,
	path: readonly string[],
	depth: number
): boolean {
	const name = path[depth];
	if (name === undefined) return false;
	const judge = judges.in(rulebook(nearest, path.slice(0, depth)), readIgnoreFile(database, nearest));
	return judge({ name, kind: 'directory', sizeBytes: 0 }) !== null;
}

/** Takes note of the folders; whether a run is wanted for them now. */
function noteFolders(
	{ database, readRun, movements }: IndexDeps,
	judges: Judges,
	location: Location,
	paths: NonNullable<ChangedFolders>
): Result<boolean, StorageFailure> {
	return database.write(() => {
		const last = readRun(location.id);
		if (last === null || last.run === 0) return false;
		const rulebook = createRulebook(database, location, movements);
		for (const path of paths) {
			const nearest = readNearest(database, location.entry, path);
			const isOut = isLeftOut(database, { rulebook, judges }, nearest.folder, path, nearest.depth);
			if (!isOut) noteChanged(database, location.id, last.run, nearest.folder);
		}
		return last.isOver && countPending(database, location.id, last.run) > 0;
	});
}

/** The runs that are going, and how one begins and ends. */
function createGoing(deps: IndexDeps) {
	const going = new Map<LocationId, Going>();
	const walks = new Walks();

	async function runToEnd(location: Location, options: RunOptions, signal: AbortSignal): Promise<Ended> {
		const onProgress = (progress: IndexProgress) => {
			const run = going.get(location.id);
			if (run !== undefined) run.progress = progress;
			deps.onProgress(progress);
		};
		const ended = await pausable(() => runIndex({ ...deps, onProgress, walks }, location, options, signal), signal);
		if (!ended.ok && isProblem(ended.failure)) {
			const noted = deps.setProblem(location.id, ended.failure);
			if (!noted.ok) return noted;
		}
		return ended;
	}

	return {
		movements: () => deps.movements.count,
		all: () => [...going.values()],
		of: (location: LocationId) => going.get(location),
		begin: (location: Location, options: RunOptions): Going => {
			const controller = new AbortController();
			const ended = runToEnd(location, options, controller.signal).finally(() => going.delete(location.id));
			// Whoever waits sees a defect; in a run that everybody left it must not count as unhandled.
			ended.catch(() => undefined);
			const progress = { location: location.id, entries: 0, foldersLeft: 1, entriesPerSecond: 0 };
			const run = { ended, controller, scope: options.scope, waiting: 0, progress };
			going.set(location.id, run);
			return run;
		},
		stop: async (run: Going | undefined): Promise<void> => {
			run?.controller.abort();
			await run?.ended.catch(() => undefined);
		}
	};
}

/** Marks a part of a location as to be read, unless that was done, and reads what is marked. */
async function readAgain(
	deps: IndexDeps,
	going: ReturnType<typeof createGoing>,
	location: Location,
	{ folder, isDeep, mark }: ReadAgain,
	signal: AbortSignal
): Promise<Ended> {
	for (let other = going.of(location.id); other !== undefined; other = going.of(location.id))
		await orAborted(other.ended, signal);
	signal.throwIfAborted();
	const { database } = deps;
	const marked = database.write((): RunOptions['scope'] | null => {
		const last = deps.readRun(location.id);
		if (last === null || last.run === 0) return 'all';
		if (!last.isOver) return null;
		if (mark !== null) {
			if (isDeep) noteTree(database, location.id, last.run, folder);
			else noteChanged(database, location.id, last.run, folder);
			mark();
		}
		return 'noted';
	});
	if (!marked.ok) return marked;
	if (marked.value === null) return err({ type: 'IndexPaused' });
	return join(going.begin(location, { scope: marked.value, acceptEmpty: false }), signal);
}

export function createRuns(deps: IndexDeps): IndexRuns {
	const going = createGoing(deps);
	const judges = createJudges();

	async function run(location: Location, acceptEmpty: boolean, signal: AbortSignal): Promise<Ended> {
		for (let other = going.of(location.id); other !== undefined; other = going.of(location.id)) {
			// A run that is being paused is no run to join: its answer would be the pause.
			if (other.controller.signal.aborted) await going.stop(other);
			else if (other.scope === 'all') break;
			else await orAborted(other.ended, signal);
		}
		signal.throwIfAborted();
		return join(going.of(location.id) ?? going.begin(location, { scope: 'all', acceptEmpty }), signal);
	}

	async function refresh(
		location: Location,
		paths: ChangedFolders,
		signal: AbortSignal
	): Promise<Result<null, IndexFailure>> {
		if (paths === null) {
			const ended = await run(location, false, signal);
			return ended.ok ? ok(null) : ended;
		}
		for (;;) {
			const wanted = noteFolders(deps, judges, location, paths);
			if (!wanted.ok) return wanted;
			const other = going.of(location.id);
			if (other === undefined && !wanted.value) return ok(null);
			if (other === undefined) {
				const ended = await join(going.begin(location, { scope: 'noted', acceptEmpty: false }), signal);
				return ended.ok ? ok(null) : ended;
			}
			// It may have been past these folders: they are noted again when it is over.
			await orAborted(other.ended, signal);
			if (other.controller.signal.aborted) return ok(null);
		}
	}

	return {
		run,
		refresh,
		movements: going.movements,
		readAgain: (location, scope, signal) => readAgain(deps, going, location, scope, signal),
		stopReading: async (location) => {
			const run = going.of(location);
			if (run?.scope === 'noted') await going.stop(run);
		},
		stop: (location) => going.stop(going.of(location)),
		stopAll: async () => {
			await Promise.all(going.all().map(going.stop));
		},
		// What a watch has told of is mostly read before anybody could look.
		running: () =>
			going
				.all()
				.filter(({ scope, progress }) => scope === 'all' || progress.entries > 0)
				.map(({ progress }) => progress)
	};
}
