import { err, invariant, ok, type Failure, type JobId, type Result } from '#core/kernel';
import type { StorageFailure } from '#core/schema';
import {
	askFor,
	createScheduler,
	isAsked,
	pump,
	stopTry,
	waitForEnd,
	type SchedulerDeps,
	type State
} from './scheduler.ts';
import type { Amount } from './meter.ts';
import type { Job, JobDefect, JobEnd, JobRefusal, JobRequest, JobWarning } from './schema.ts';
import {
	addNeeds,
	deleteEnded,
	deleteJob,
	findJob,
	insertJob,
	markState,
	readDependents,
	readJob,
	readJobs,
	readNeeds,
	readWarnings,
	requeueJob,
	type JobRow
} from './store.ts';

/** What keeps a job from ending well: its own failure, the library's disk, or a mistake of ours. */
type FailureOf<F extends Failure> = F | StorageFailure | JobDefect;

/** The queue of an open library. */
export type Jobs<K extends string, F extends Failure> = {
	/**
	 * Has the work done: joins the job of the same kind and target where one waits or runs, which then takes over the
	 * input unless it runs already, tries a failed one again, and leaves a paused one alone unless `resumes`.
	 */
	queue(request: JobRequest<K>): Result<JobId, StorageFailure>;
	/** Inside the caller's transaction: as `queue`, for work that nobody has asked for before. It begins with `wake`. */
	writeNew(request: JobRequest<K>): JobId;
	/** Lets what `writeNew` has queued begin; to be called once that is down. */
	wake(id: JobId): void;
	/** Answers how the try that is due or going ends. An aborted `signal` ends the waiting, not the work. */
	wait(id: JobId, signal: AbortSignal): Promise<JobEnd<FailureOf<F>>>;
	/**
	 * Queues what `take` answers in the transaction in which `take` writes that it was taken: neither is without the
	 * other, whenever the power goes. No one asked for it.
	 */
	queueTaken(take: () => readonly JobRequest<K>[]): Result<null, StorageFailure>;
	/** As `queue`, and answers how the try that is due or going ended. An aborted `signal` ends the waiting, not the work. */
	run(request: JobRequest<K>, signal: AbortSignal): Promise<JobEnd<FailureOf<F>>>;
	list(): Result<Job<K, FailureOf<F>>[], StorageFailure>;
	/** Whether a try of that job goes on, if only to come to its end: also one that was cancelled or forgotten. */
	isLive(kind: K, target: string): boolean;
	find(kind: K, target: string): Result<JobId | null, StorageFailure>;
	warnings(id: JobId): Result<JobWarning[], StorageFailure>;
	/** Pauses until somebody resumes it, also beyond a restart; resolves when its last batch is down. */
	pause(id: JobId): Promise<Result<null, JobRefusal | StorageFailure>>;
	/** Puts what is paused, has failed or waits for its next try at its place in the queue. */
	resume(id: JobId): Result<null, JobRefusal | StorageFailure>;
	/** As `resume`, and answers how that try ended. */
	runAgain(id: JobId, signal: AbortSignal): Promise<Result<JobEnd<FailureOf<F>>, JobRefusal | StorageFailure>>;
	/** Ends it for good, with every job that needs it; resolves when its last batch is down. */
	cancel(id: JobId): Promise<Result<null, JobRefusal | StorageFailure>>;
	/** Cancels the job of `kind` and `target`, where there is one, and forgets it. */
	drop(kind: K, target: string): Promise<Result<null, StorageFailure>>;
	/** Forgets the jobs that have ended, and says how many. */
	clear(): Result<number, StorageFailure>;
	/** Takes up what waits and what was cut off. */
	start(): void;
	/** Breaks off what runs, to go on at the next start; resolves when the last batch is down. */
	close(): Promise<void>;
};

/** Inside a transaction. */
function place<K extends string, F extends Failure>(
	state: State<K, F>,
	request: JobRequest<K>,
	nowMs: number
): { readonly id: JobId; readonly isPaused: boolean } {
	const { database, runners } = state;
	invariant(runners[request.kind].takes(request.input), 'the input of a job is of its kind');
	const known = findJob<F>(database, request.kind, request.target);
	if (known === null) return { id: insertJob(database, request, nowMs), isPaused: false };
	const { id } = known;
	if (known.state === 'completed' || known.state === 'cancelled') {
		deleteJob(database, id);
		return { id: insertJob(database, request, nowMs), isPaused: false };
	}
	addNeeds(database, id, request.after ?? []);
	const live = state.live.get(id);
	if (live?.controller.signal.aborted === false) {
		live.isWantedAgain ||= request.again === true;
		return { id, isPaused: false };
	}
	if (known.state === 'paused' && request.resumes !== true) return { id, isPaused: true };
	const priority = Math.max(known.priority, request.priority ?? 0);
	requeueJob(database, id, { input: request.input, priority });
	return { id, isPaused: false };
}

function amountOf({ done, total, doneBytes, totalBytes }: Amount): Amount {
	return { done, total, doneBytes, totalBytes };
}

/** The job as people see it: what the table says of it and what is known of the try that goes on. */
function toJob<K extends string, F extends Failure>(
	state: State<K, F>,
	row: JobRow<FailureOf<F>>,
	kind: K,
	needs: readonly JobId[]
): Job<K, FailureOf<F>> {
	const live = state.live.get(row.id);
	const waitMs = (state.heldUntilMs.get(row.id) ?? 0) - state.clock.elapsedMs();
	const isHeld = row.state === 'queued' && waitMs > 0 && waitMs < Infinity && isAsked(state, row.id);
	const still = { perSecond: 0, leftMs: null, bytesPerSecond: 0 };
	const { done, total, perSecond, leftMs, ...bytes } = live?.meter.read() ?? { ...amountOf(row), ...still };
	return {
		id: row.id,
		kind,
		target: row.target,
		// What the table has as running and nobody runs was cut off, and waits for its turn again.
		state: row.state === 'running' && live === undefined ? 'queued' : row.state,
		priority: row.priority,
		queuedMs: row.queuedMs,
		startedMs: row.startedMs,
		endedMs: row.endedMs,
		againMs: isHeld ? state.clock.nowMs() + waitMs : null,
		done,
		total,
		perSecond,
		leftMs,
		...bytes,
		warnings: row.warnings + (live?.warned ?? 0),
		failure: row.failure,
		outcome: row.outcome,
		needs
	};
}

function list<K extends string, F extends Failure>(state: State<K, F>): Result<Job<K, FailureOf<F>>[], StorageFailure> {
	const { database } = state;
	return database.read(() => {
		const needs = readNeeds(database);
		return readJobs<FailureOf<F>>(database).flatMap((row) =>
			state.isKind(row.kind) ? [toJob(state, row, row.kind, needs.get(row.id) ?? [])] : []
		);
	});
}

/** Writes another state for a job that has not ended, then sees to it that its try ends, if one is going. */
async function halt<K extends string, F extends Failure>(
	state: State<K, F>,
	id: JobId,
	end: 'paused' | 'cancelled'
): Promise<Result<null, JobRefusal | StorageFailure>> {
	const { database, clock } = state;
	// Written first: a kill from here on finds it paused or cancelled.
	const written = database.write((): JobRow<F>[] | JobRefusal => {
		const row = readJob<F>(database, id);
		if (row === null) return { type: 'JobMissing' };
		const isOver = row.endedMs !== null && !(end === 'cancelled' && row.state === 'failed');
		if (isOver) return { type: 'JobEnded', state: row.state };
		const all = end === 'paused' ? [id] : [id, ...readDependents(database, id).filter((other) => other !== id)];
		for (const one of all) markState(database, one, end, end === 'paused' ? null : clock.nowMs());
		return all.flatMap((one) => readJob<F>(database, one) ?? []);
	});
	if (!written.ok) return written;
	if (!Array.isArray(written.value)) return err(written.value);
	state.onChange();
	await Promise.all(written.value.map((row) => stopAndGiveUp(state, row, end)));
	pump(state);
	return ok(null);
}

/** Ends the try of a job, and of one that was cancelled what it had begun. */
async function stopAndGiveUp<K extends string, F extends Failure>(
	state: State<K, F>,
	row: JobRow<F>,
	end: 'paused' | 'cancelled'
): Promise<void> {
	const giveUp = end === 'cancelled' && state.isKind(row.kind) ? state.runners[row.kind].giveUp : null;
	// A try that goes on does so itself.
	if (giveUp !== null && !state.live.has(row.id)) await giveUp(row.input);
	await stopTry(state, row.id, end);
}

function resume<K extends string, F extends Failure>(
	state: State<K, F>,
	id: JobId
): Result<null, JobRefusal | StorageFailure> {
	const { database } = state;
	const written = database.write((): JobRefusal | null => {
		const row = readJob<F>(database, id);
		if (row === null) return { type: 'JobMissing' };
		if (row.state === 'completed' || row.state === 'cancelled') return { type: 'JobEnded', state: row.state };
		if (state.live.get(id)?.controller.signal.aborted !== false) requeueJob(database, id);
		return null;
	});
	if (!written.ok) return written;
	if (written.value !== null) return err(written.value);
	askFor(state, id);
	return ok(null);
}

async function drop<K extends string, F extends Failure>(
	state: State<K, F>,
	kind: K,
	target: string
): Promise<Result<null, StorageFailure>> {
	const { database } = state;
	const found = database.read(() => findJob<F>(database, kind, target));
	if (!found.ok) return found;
	if (found.value === null) return ok(null);
	const { id } = found.value;
	const halted = await halt(state, id, 'cancelled');
	if (!halted.ok && halted.failure.type !== 'JobEnded' && halted.failure.type !== 'JobMissing')
		return err(halted.failure);
	const deleted = database.write(() => deleteJob(database, id));
	state.onChange();
	return deleted.ok ? ok(null) : deleted;
}

/** Works that end jobs and may still have something to write when the rest is over. */
function createPending() {
	const pending = new Set<Promise<unknown>>();
	return {
		add: async <T>(work: Promise<T>): Promise<T> => {
			pending.add(work);
			try {
				return await work;
			} finally {
				pending.delete(work);
			}
		},
		/** Whoever asked for one is told of its defect. */
		settled: () => Promise.allSettled(pending)
	};
}

/** The queue over `deps.database`. Nothing runs before `start`, or before it is asked for. */
export function createJobs<K extends string, F extends Failure>(deps: SchedulerDeps<K, F>): Jobs<K, F> {
	const { database } = deps;
	const state = createScheduler(deps);
	const ending = createPending();
	const queue = (request: JobRequest<K>) => {
		const nowMs = deps.clock.nowMs();
		const queued = database.write(() => place(state, request, nowMs));
		if (!queued.ok || queued.value.isPaused) return queued;
		if (request.isUnasked !== true) askFor(state, queued.value.id);
		else {
			state.onChange();
			pump(state);
		}
		return queued;
	};
	return {
		queue: (request) => {
			const queued = queue(request);
			return queued.ok ? ok(queued.value.id) : queued;
		},
		writeNew: (request) => {
			invariant(state.runners[request.kind].takes(request.input), 'the input of a job is of its kind');
			return insertJob(database, request, state.clock.nowMs());
		},
		wake: (id) => askFor(state, id),
		wait: (id, signal) => waitForEnd(state, id, signal),
		queueTaken: (take) => {
			const nowMs = deps.clock.nowMs();
			const queued = database.write(() => take().forEach((request) => place(state, request, nowMs)));
			if (!queued.ok) return queued;
			state.onChange();
			pump(state);
			return ok(null);
		},
		run: async (request, signal) => {
			signal.throwIfAborted();
			const queued = queue(request);
			if (!queued.ok) return { end: 'failed', failure: queued.failure };
			return queued.value.isPaused ? { end: 'paused' } : waitForEnd(state, queued.value.id, signal);
		},
		list: () => list(state),
		isLive: (kind, target) => [...state.live.values()].some(({ row }) => row.kind === kind && row.target === target),
		find: (kind, target) => database.read(() => findJob<F>(database, kind, target)?.id ?? null),
		warnings: (id) => database.read(() => readWarnings(database, id)),
		pause: (id) => ending.add(halt(state, id, 'paused')),
		resume: (id) => resume(state, id),
		runAgain: async (id, signal) => {
			signal.throwIfAborted();
			const resumed = resume(state, id);
			return resumed.ok ? ok(await waitForEnd(state, id, signal)) : resumed;
		},
		cancel: (id) => ending.add(halt(state, id, 'cancelled')),
		drop: (kind, target) => ending.add(drop(state, kind, target)),
		clear: () => {
			const cleared = database.write(() => deleteEnded(database, 0));
			state.onChange();
			return cleared;
		},
		start: () => pump(state),
		close: async () => {
			state.life.abort();
			await Promise.all([...state.live.keys(), ...state.waiting.keys()].map((id) => stopTry(state, id, 'interrupted')));
			await ending.settled();
		}
	};
}
