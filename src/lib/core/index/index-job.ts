import * as v from 'valibot';
import { locationId, type Failure, type LocationId, type Result } from '#core/kernel';
import { defineRunner, endToResult, type JobContext, type JobEnd, type JobRequest, type Runner } from '#core/jobs';
import type { Database, StorageFailure } from '#core/schema';
import type { Location, LocationFailure } from '#core/volumes';
import type { Index } from './index.ts';
import type { IndexFailure } from './index-runs.ts';
import { readUsage } from './read-entries.ts';
import type { IndexOutcome, IndexProgress } from './schema.ts';
import { readPath } from './store.ts';

const inputSchema = v.object({ location: v.pipe(v.number(), v.integer(), v.minValue(1)) });
const outcomeSchema = v.object({
	added: v.number(),
	changed: v.number(),
	moved: v.number(),
	removed: v.number(),
	leftOut: v.number(),
	entries: v.number(),
	problems: v.number(),
	durationMs: v.number()
});

/** Before whatever nobody waits for. */
const askedPriority = 10;

/** After whatever somebody waits for, and with a place left for it; before a look at every byte. */
const idlePriority = -5;

export type IndexInput = {
	readonly location: LocationId;
	readonly acceptEmpty: boolean;
	/** Nobody asked for it now: it gives way to what somebody asks for, and leaves paused what a person has paused. */
	readonly isIdle?: boolean;
};

type Deps = {
	readonly database: Database;
	readonly index: Index;
	readonly findLocation: (id: LocationId) => Result<Location, LocationFailure | StorageFailure>;
	/** Called when a run has come to its end, before its job has: what follows from it is not lost in a kill. */
	readonly onRead: (location: LocationId, signal: AbortSignal) => Promise<void>;
	/** Called after each try: what is known of the location may have changed. */
	readonly onEnd: () => void;
};

/** An index run as a job. Its cursor is the table of directories, so that a job that was killed needs no other. */
export type IndexJob = {
	readonly runner: Runner<IndexFailure>;
	/** The job of a location that a person asks for; `acceptEmpty` holds for the try that is due, not for later ones. */
	request(input: IndexInput): JobRequest<'index'>;
	/** To be called with the progress of every run. */
	told(progress: IndexProgress): void;
	/** What whoever waits for a run is answered. */
	toOutcome<F extends Failure>(end: JobEnd<F>): Result<IndexOutcome, F | IndexFailure>;
};

/** Entries to be seen in all; null in a first run, which finds out. */
function expectedEntries({ database }: Deps, location: Location): number | null {
	if (location.indexedMs === null) return null;
	const usage = database.read(() => readUsage(database, location.entry));
	return usage.ok ? usage.value.files + usage.value.folders : null;
}

/** Warns of every name that the run could not read. */
function warnOfProblems({ database, index }: Deps, location: Location, context: JobContext): void {
	const problems = index.problems(location.id);
	if (!problems.ok) return;
	for (const { folder, name, reason, code } of problems.value) {
		const path = database.read(() => readPath(database, folder));
		// The empty name is the folder itself.
		const names = [location.name, ...(path.ok ? path.value : []), ...(name === '' ? [] : [name])];
		context.warn({ item: names.join('/'), reason, code });
	}
}

function toOutcome<F extends Failure>(end: JobEnd<F>): Result<IndexOutcome, F | IndexFailure> {
	return endToResult(end, (outcome) => v.parse(outcomeSchema, outcome), {
		cancelled: { type: 'IndexCancelled' },
		paused: { type: 'IndexPaused' }
	});
}

export function createIndexJob(deps: Deps): IndexJob {
	const { index, findLocation, onEnd } = deps;
	const going = new Map<LocationId, (progress: IndexProgress) => void>();
	// In memory only: what a person says of a folder today must not empty it when the job goes on another day.
	const accepting = new Set<LocationId>();

	async function run(
		{ location: id }: v.InferOutput<typeof inputSchema>,
		context: JobContext
	): Promise<Result<IndexOutcome, IndexFailure>> {
		const found = findLocation(locationId(id));
		if (!found.ok) return found;
		const location = found.value;
		const total = expectedEntries(deps, location);
		const before = location.unfinished ? context.done : 0;
		const tell = (entries: number) => {
			const done = before + entries;
			context.progress(done, total === null ? null : Math.max(total, done));
		};
		tell(0);
		going.set(location.id, ({ entries }) => tell(entries));
		try {
			const outcome = await index.run(location, accepting.has(location.id), context.signal);
			if (outcome.ok) {
				context.progress(outcome.value.entries, outcome.value.entries);
				warnOfProblems(deps, location, context);
				await deps.onRead(location.id, context.signal);
			}
			return outcome;
		} finally {
			// Whoever broke the run off waits until nothing of it goes on.
			await index.stop(location.id);
			going.delete(location.id);
			accepting.delete(location.id);
			onEnd();
		}
	}

	return {
		runner: defineRunner(inputSchema, run),
		request: ({ location, acceptEmpty, isIdle = false }) => {
			if (acceptEmpty) accepting.add(location);
			else accepting.delete(location);
			const input = { location };
			const priority = isIdle ? idlePriority : askedPriority;
			return { kind: 'index', target: String(location), input, priority, resumes: !isIdle };
		},
		told: (progress) => going.get(progress.location)?.(progress),
		toOutcome
	};
}
