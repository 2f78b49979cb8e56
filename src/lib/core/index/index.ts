import { err, ok, type EntryId, type LocationId, type Result } from '#core/kernel';
import type { ChangedFolders, ClockPort, FilesPort } from '#core/ports';
import type { Database, StorageFailure } from '#core/schema';
import type { Location, LocationFailure, LocationProblem } from '#core/volumes';
import { removeSomeOfTree, readOrphans } from './remove-tree.ts';
import type { RunDeps } from './index-folder.ts';
import { runIndex, type RunScope } from './run-index.ts';
import type { IndexOutcome, IndexProblem, IndexProgress } from './schema.ts';
import { countPending, noteChanged, readNearest, readProblems } from './store.ts';
import { changeTree, insertDirectory, insertEntry, renameEntry, type NameSink } from './tree.ts';

export type { NameSink } from './tree.ts';
export type IndexFailure =
	| StorageFailure
	| LocationFailure
	| LocationProblem
	/** Somebody else paused the run; it goes on from here when it is run again. */
	| { readonly type: 'IndexPaused' };

/** Rows removed in one transaction when a location is forgotten. */
const removedMax = 1_000;

/** The index of an open library. */
export type Index = {
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
	/** Pauses the run of a location, if one is going; resolves when its last batch is down. */
	stop(location: LocationId): Promise<void>;
	stopAll(): Promise<void>;
	running(): IndexProgress[];
	problems(location: LocationId): Result<IndexProblem[], StorageFailure>;
	/** Clears away the trees of locations that are no more, a batch at a time. */
	sweep(signal: AbortSignal): Promise<Result<null, StorageFailure>>;
	/** Inside a transaction: the entry of a new location's folder, called as the location is. */
	writeRootEntry(name: string): EntryId;
	writeRootName(entry: EntryId, name: string): void;
	writeRootDirectory(entry: EntryId, location: LocationId): void;
};

type Deps = {
	readonly database: Database;
	readonly files: FilesPort;
	readonly clock: ClockPort;
	readonly names: NameSink;
	readonly onChange: (folders: readonly EntryId[]) => void;
	readonly onProgress: (progress: IndexProgress) => void;
	readonly rootOf: RunDeps['rootOf'];
	readonly readRun: RunDeps['readRun'];
	readonly writeBegin: RunDeps['writeBegin'];
	readonly writeEnd: RunDeps['writeEnd'];
	readonly setProblem: (location: LocationId, problem: LocationProblem | null) => Result<void, StorageFailure>;
};

type Going = {
	readonly ended: Promise<Result<IndexOutcome, IndexFailure>>;
	readonly controller: AbortController;
	readonly scope: RunScope;
	waiting: number;
	progress: IndexProgress;
};

const problemTypes: ReadonlySet<string> = new Set<LocationProblem['type']>([
	'FolderMissing',
	'FolderDenied',
	'FolderNeedsConsent',
	'FolderSuddenlyEmpty',
	'FolderUnreadable',
	'NotAFolder'
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
async function pausable(
	work: () => Promise<Result<IndexOutcome, IndexFailure>>,
	signal: AbortSignal
): Promise<Result<IndexOutcome, IndexFailure>> {
	try {
		return await work();
	} catch (thrown) {
		if (signal.aborted) return err({ type: 'IndexPaused' });
		throw thrown;
	}
}

async function sweep(deps: Deps, signal: AbortSignal): Promise<Result<null, StorageFailure>> {
	const { database, names, clock } = deps;
	for (;;) {
		const removed = database.write(() => {
			const [orphan] = readOrphans(database);
			return orphan === undefined
				? 0
				: changeTree(database, names, (tree) => removeSomeOfTree(tree, orphan, removedMax));
		});
		if (!removed.ok) return removed;
		if (removed.value === 0) return ok(null);
		await clock.wait(0, signal);
		signal.throwIfAborted();
	}
}

export function createIndex(deps: Deps): Index {
	const { database, names } = deps;
	const going = new Map<LocationId, Going>();
	const movements = { count: 0 };

	async function runToEnd(
		location: Location,
		how: { readonly scope: RunScope; readonly acceptEmpty: boolean },
		signal: AbortSignal
	) {
		const onProgress = (progress: IndexProgress) => {
			const run = going.get(location.id);
			if (run !== undefined) run.progress = progress;
			deps.onProgress(progress);
		};
		const ended = await pausable(() => runIndex({ ...deps, onProgress, movements }, location, how, signal), signal);
		if (!ended.ok && isProblem(ended.failure)) {
			const noted = deps.setProblem(location.id, ended.failure);
			if (!noted.ok) return noted;
		}
		return ended;
	}

	function begin(location: Location, how: { readonly scope: RunScope; readonly acceptEmpty: boolean }): Going {
		const controller = new AbortController();
		const ended = runToEnd(location, how, controller.signal).finally(() => going.delete(location.id));
		// Whoever waits sees a defect; in a run that everybody left it must not count as unhandled.
		ended.catch(() => undefined);
		const progress = { location: location.id, entries: 0, foldersLeft: 1, entriesPerSecond: 0 };
		const run = { ended, controller, scope: how.scope, waiting: 0, progress };
		going.set(location.id, run);
		return run;
	}

	/** Waits for the end of `run`; the last one to leave before pauses it. */
	async function join(run: Going, signal: AbortSignal): Promise<Result<IndexOutcome, IndexFailure>> {
		run.waiting++;
		try {
			return await orAborted(run.ended, signal);
		} finally {
			run.waiting--;
			if (run.waiting === 0) run.controller.abort();
		}
	}

	async function run(location: Location, acceptEmpty: boolean, signal: AbortSignal) {
		for (let other = going.get(location.id); other !== undefined; other = going.get(location.id)) {
			// A run that is being paused is no run to join: its answer would be the pause.
			if (other.controller.signal.aborted) await stop(location.id);
			else if (other.scope === 'all') break;
			else await orAborted(other.ended, signal);
		}
		signal.throwIfAborted();
		return join(going.get(location.id) ?? begin(location, { scope: 'all', acceptEmpty }), signal);
	}

	/** Takes note of the folders; whether a run of its own is wanted for them. */
	function note(location: Location, paths: NonNullable<ChangedFolders>): Result<boolean, StorageFailure> {
		return database.write(() => {
			const last = deps.readRun(location.id);
			if (last === null || last.run === 0) return false;
			for (const path of paths)
				noteChanged(database, location.id, last.run, readNearest(database, location.entry, path));
			return last.isOver && countPending(database, location.id, last.run) > 0;
		});
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
			const wanted = note(location, paths);
			if (!wanted.ok) return wanted;
			const other = going.get(location.id);
			if (other === undefined && !wanted.value) return ok(null);
			if (other === undefined) {
				const ended = await join(begin(location, { scope: 'noted', acceptEmpty: false }), signal);
				return ended.ok ? ok(null) : ended;
			}
			// It may have been past these folders: they are noted again when it is over.
			await orAborted(other.ended, signal);
			if (other.controller.signal.aborted) return ok(null);
		}
	}

	async function stop(location: LocationId): Promise<void> {
		const run = going.get(location);
		run?.controller.abort();
		await run?.ended.catch(() => undefined);
	}

	return {
		run,
		refresh,
		stop,
		stopAll: async () => {
			await Promise.all([...going.keys()].map(stop));
		},
		// What a watch has told of is mostly read before anybody could look.
		running: () =>
			[...going.values()]
				.filter((run) => run.scope === 'all' || run.progress.entries > 0)
				.map(({ progress }) => progress),
		problems: (location) => database.read(() => readProblems(database, location)),
		sweep: (signal) => sweep(deps, signal),
		writeRootEntry: (name) =>
			changeTree(database, names, (tree) =>
				insertEntry(tree, null, null, { name, kind: 'directory', sizeBytes: 0, modifiedMs: null, inode: null })
			),
		writeRootName: (entry, name) => changeTree(database, names, (tree) => renameEntry(tree, entry, name)),
		writeRootDirectory: (entry, location) => insertDirectory(database, entry, location)
	};
}
