import { err, ok, type EntryId, type LocationId, type Result } from '#core/kernel';
import type { ClockPort, FilesPort } from '#core/ports';
import type { Database, StorageFailure } from '#core/schema';
import type { Location, LocationFailure, LocationProblem } from '#core/volumes';
import { removeSomeOfTree, readOrphans } from './remove-tree.ts';
import { runIndex, type RunDeps } from './run-index.ts';
import type { IndexOutcome, IndexProblem, IndexProgress } from './schema.ts';
import { insertDirectory, insertEntry, readProblems, renameEntry, type NameSink } from './store.ts';

export type { NameSink } from './store.ts';
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
	readonly writeBegin: RunDeps['writeBegin'];
	readonly writeEnd: RunDeps['writeEnd'];
	readonly locate: RunDeps['locate'];
	readonly setProblem: (location: LocationId, problem: LocationProblem | null) => Result<void, StorageFailure>;
};

type Going = {
	readonly ended: Promise<Result<IndexOutcome, IndexFailure>>;
	readonly controller: AbortController;
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
			return orphan === undefined ? 0 : removeSomeOfTree(database, names, orphan, removedMax);
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

	async function runToEnd(location: Location, acceptEmpty: boolean, signal: AbortSignal) {
		const onProgress = (progress: IndexProgress) => {
			const run = going.get(location.id);
			if (run !== undefined) run.progress = progress;
			deps.onProgress(progress);
		};
		const ended = await pausable(() => runIndex({ ...deps, onProgress }, location, acceptEmpty, signal), signal);
		if (!ended.ok && isProblem(ended.failure)) {
			const noted = deps.setProblem(location.id, ended.failure);
			if (!noted.ok) return noted;
		}
		return ended;
	}

	function begin(location: Location, acceptEmpty: boolean): Going {
		const controller = new AbortController();
		const ended = runToEnd(location, acceptEmpty, controller.signal).finally(() => going.delete(location.id));
		// Whoever waits sees a defect; in a run that everybody left it must not count as unhandled.
		ended.catch(() => undefined);
		const progress = { location: location.id, entries: 0, foldersLeft: 1, entriesPerSecond: 0 };
		const run = { ended, controller, waiting: 0, progress };
		going.set(location.id, run);
		return run;
	}

	async function stop(location: LocationId): Promise<void> {
		const run = going.get(location);
		run?.controller.abort();
		await run?.ended.catch(() => undefined);
	}

	return {
		run: async (location, acceptEmpty, signal) => {
			// A run that is being paused is no run to join: its answer would be the pause.
			while (going.get(location.id)?.controller.signal.aborted === true) await stop(location.id);
			signal.throwIfAborted();
			const run = going.get(location.id) ?? begin(location, acceptEmpty);
			run.waiting++;
			try {
				return await orAborted(run.ended, signal);
			} finally {
				run.waiting--;
				if (run.waiting === 0) run.controller.abort();
			}
		},
		stop,
		stopAll: async () => {
			await Promise.all([...going.keys()].map(stop));
		},
		running: () => [...going.values()].map(({ progress }) => progress),
		problems: (location) => database.read(() => readProblems(database, location)),
		sweep: (signal) => sweep(deps, signal),
		writeRootEntry: (name) =>
			insertEntry(database, names, null, null, {
				name,
				kind: 'directory',
				sizeBytes: 0,
				modifiedMs: null,
				inode: null
			}),
		writeRootName: (entry, name) => renameEntry(database, names, entry, name),
		writeRootDirectory: (entry, location) => insertDirectory(database, entry, location)
	};
}
