import type { Failure, JobId } from '#core/kernel';
import type { ClockPort } from '#core/ports';
import type { Database, StorageFailure } from '#core/schema';
import { backOffMs } from './back-off.ts';
import { Meter } from './meter.ts';
import type { JobContext, Runner } from './runner.ts';
import type { JobDefect, JobEnd, JobWarning } from './schema.ts';
import {
	deleteEnded,
	markRunning,
	readDue,
	readNeeds,
	requeueJob,
	writeCheckpoint,
	writeCompleted,
	writeFailed,
	writeTold,
	writeWarnings,
	type JobRow
} from './store.ts';

/** Jobs at the same time: enough to keep a slow disk and a quick one busy, few enough to be followed. */
const liveMax = 3;
/** And of idle ones: there is always a place for what a person asks for. */
const idleMax = 2;
/** Jobs that have ended and are remembered. */
const endedMax = 50;
/** Warnings kept for each job: who has read so many wants the list of the room that made them. */
const warningsMax = 100;
/** Time between two reports of progress. */
const progressEveryMs = 250;
/** How long the queue waits when the library's own disk did not let it look. */
const lookAgainMs = 30_000;

export type SchedulerDeps<K extends string, F extends Failure> = {
	readonly database: Database;
	readonly clock: ClockPort;
	readonly runners: Readonly<Record<K, Runner<F>>>;
	/** Called at most a few times a second while work goes on, and at each change of a state. */
	readonly onChange: () => void;
	/** Whether all that waits is run, or only what is asked for while this queue lives. */
	readonly runsAll: boolean;
};

type StoppedEnd = Extract<JobEnd<Failure>, { readonly end: 'paused' | 'cancelled' | 'interrupted' }>['end'];

/** Someone who waits for the end of a try. */
type Waiter<F extends Failure> = {
	readonly resolve: (end: JobEnd<F | StorageFailure | JobDefect>) => void;
	readonly reject: (defect: unknown) => void;
};

/** A try that goes on. */
export type Live<F extends Failure> = {
	readonly row: JobRow<F | StorageFailure | JobDefect>;
	readonly controller: AbortController;
	readonly meter: Meter;
	readonly warnings: JobWarning[];
	readonly waiters: Set<Waiter<F>>;
	warned: number;
	/** Asked for again since it began. */
	isWantedAgain: boolean;
	reportedMs: number;
	/** Why `controller` aborted. */
	stopped: StoppedEnd;
	ended: Promise<void>;
};

/** What the parts of the queue share. */
export type State<K extends string, F extends Failure> = SchedulerDeps<K, F> & {
	readonly isKind: (kind: string) => kind is K;
	readonly live: Map<JobId, Live<F>>;
	/** Those who wait for a try that has not begun. */
	readonly waiting: Map<JobId, Set<Waiter<F>>>;
	readonly asked: Set<JobId>;
	/** Jobs not to be tried before, by the clock that never goes back: a new start tries all at once. */
	readonly heldUntilMs: Map<JobId, number>;
	readonly life: AbortController;
	timer: AbortController;
};

export function createScheduler<K extends string, F extends Failure>(deps: SchedulerDeps<K, F>): State<K, F> {
	return {
		...deps,
		isKind: (kind): kind is K => Object.hasOwn(deps.runners, kind),
		live: new Map(),
		waiting: new Map(),
		asked: new Set(),
		heldUntilMs: new Map(),
		life: new AbortController(),
		timer: new AbortController()
	};
}

export function isAsked<K extends string, F extends Failure>({ runsAll, asked }: State<K, F>, id: JobId): boolean {
	return runsAll || asked.has(id);
}

/** Lets a job run as soon as it can, with all that it needs. */
export function askFor<K extends string, F extends Failure>(state: State<K, F>, id: JobId): void {
	const needs = state.database.read(() => readNeeds(state.database));
	const due = [id];
	for (const one of due) {
		if (state.asked.has(one) && one !== id) continue;
		state.asked.add(one);
		state.heldUntilMs.delete(one);
		if (needs.ok) due.push(...(needs.value.get(one) ?? []));
	}
	state.onChange();
	pump(state);
}

/** Answers how the try that is due or going ends. Rejects on a defect of the runner, and when `signal` aborts. */
export function waitForEnd<K extends string, F extends Failure>(
	state: State<K, F>,
	id: JobId,
	signal: AbortSignal
): Promise<JobEnd<F | StorageFailure | JobDefect>> {
	return new Promise((resolve, reject) => {
		if (state.life.signal.aborted) return resolve({ end: 'interrupted' });
		const live = state.live.get(id);
		// A try that is being broken off is none to wait for: its answer would be the pause.
		const isGoing = live !== undefined && !live.controller.signal.aborted;
		const waiters = isGoing ? live.waiters : (state.waiting.get(id) ?? new Set());
		if (!isGoing) state.waiting.set(id, waiters);
		const leave = () => {
			waiter.reject(signal.reason);
			for (const all of [waiters, state.live.get(id)?.waiters]) all?.delete(waiter);
		};
		const done = () => signal.removeEventListener('abort', leave);
		const waiter: Waiter<F> = {
			resolve: (end) => {
				done();
				resolve(end);
			},
			reject: (defect) => {
				done();
				reject(defect);
			}
		};
		waiters.add(waiter);
		signal.addEventListener('abort', leave, { once: true });
	});
}

/** Breaks off the try of a job, if one goes on, and tells who waits for one; resolves when nothing of it goes on. */
export async function stopTry<K extends string, F extends Failure>(
	state: State<K, F>,
	id: JobId,
	end: StoppedEnd
): Promise<void> {
	const waiters = state.waiting.get(id);
	state.waiting.delete(id);
	waiters?.forEach((waiter) => waiter.resolve({ end }));
	const live = state.live.get(id);
	if (live === undefined) return;
	live.stopped = end;
	live.controller.abort(end);
	await live.ended;
}

/** Begins what is due, as far as there is room, and sees to it that what is due later will be. */
export function pump<K extends string, F extends Failure>(state: State<K, F>): void {
	const { database, clock } = state;
	if (state.life.signal.aborted) return;
	const due = database.read(() => readDue<F | StorageFailure | JobDefect>(database));
	if (!due.ok) return pumpAfter(state, lookAgainMs);
	const nowMs = clock.elapsedMs();
	let nextMs = Infinity;
	for (const row of due.value) {
		if (!state.isKind(row.kind) || !isAsked(state, row.id)) continue;
		const heldMs = (state.heldUntilMs.get(row.id) ?? 0) - nowMs;
		if (heldMs > 0) nextMs = Math.min(nextMs, heldMs);
		// Also one that was cancelled and asked for anew while its last batch is still under way.
		else if (hasRoom(state, row) && !isGoing(state, row)) begin(state, row, state.runners[row.kind]);
	}
	pumpAfter(state, nextMs);
}

/** Whether a job may begin beside those that go on. */
function hasRoom<K extends string, F extends Failure>(
	{ live }: State<K, F>,
	{ priority }: { readonly priority: number }
): boolean {
	const idle = [...live.values()].filter(({ row }) => row.priority < 0).length;
	return live.size < liveMax && (priority >= 0 || idle < idleMax);
}

function isGoing<K extends string, F extends Failure>(
	{ live }: State<K, F>,
	{ kind, target }: { readonly kind: string; readonly target: string }
): boolean {
	return [...live.values()].some(({ row }) => row.kind === kind && row.target === target);
}

function pumpAfter<K extends string, F extends Failure>(state: State<K, F>, delayMs: number): void {
	state.timer.abort();
	if (delayMs === Infinity) return;
	state.timer = new AbortController();
	const signal = AbortSignal.any([state.timer.signal, state.life.signal]);
	void state.clock.wait(delayMs, signal).then(() => {
		if (!signal.aborted) pump(state);
	});
}

function begin<K extends string, F extends Failure>(
	state: State<K, F>,
	row: JobRow<F | StorageFailure | JobDefect>,
	runner: Runner<F>
): void {
	const nowMs = state.clock.elapsedMs();
	const live: Live<F> = {
		row,
		controller: new AbortController(),
		meter: new Meter(row, nowMs),
		warnings: [],
		waiters: state.waiting.get(row.id) ?? new Set(),
		warned: 0,
		isWantedAgain: false,
		reportedMs: nowMs,
		stopped: 'interrupted',
		ended: Promise.resolve()
	};
	state.waiting.delete(row.id);
	state.live.set(row.id, live);
	live.ended = carryOut(state, live, runner);
}

/** One try from its beginning to the note of its end. Never rejects: whoever waits is told of a defect. */
async function carryOut<K extends string, F extends Failure>(
	state: State<K, F>,
	live: Live<F>,
	runner: Runner<F>
): Promise<void> {
	const { id } = live.row;
	try {
		const end = await tryOnce(state, live, runner);
		if (end.end === 'cancelled') await runner.giveUp?.(live.row.input);
		writeEnd(state, live, end);
		state.live.delete(id);
		live.waiters.forEach((waiter) => waiter.resolve(end));
	} catch (defect) {
		state.live.delete(id);
		noteDefect(state, live, defect);
		live.waiters.forEach((waiter) => waiter.reject(defect));
	}
	state.onChange();
	try {
		pump(state);
	} catch {
		// The library is beyond reading; who asks it for anything is told so.
		state.life.abort();
	}
}

async function tryOnce<K extends string, F extends Failure>(
	{ database, clock, onChange }: State<K, F>,
	live: Live<F>,
	runner: Runner<F>
): Promise<JobEnd<F | StorageFailure | JobDefect>> {
	const { row, meter, controller } = live;
	const { signal } = controller;
	const begun = database.write(() => markRunning(database, row.id, clock.nowMs()));
	if (!begun.ok) return { end: 'failed', failure: begun.failure };
	onChange();
	const context: JobContext = {
		signal,
		done: row.done,
		doneBytes: row.doneBytes,
		checkpoint: row.checkpoint,
		progress: (done, total, bytes) => {
			const nowMs = clock.elapsedMs();
			meter.tell({ done, total, doneBytes: bytes?.done ?? 0, totalBytes: bytes?.total ?? null }, nowMs);
			if (nowMs - live.reportedMs < progressEveryMs) return;
			live.reportedMs = nowMs;
			onChange();
		},
		warn: (warning) => {
			live.warned++;
			if (live.warnings.length < warningsMax) live.warnings.push(warning);
		},
		writeCheckpoint: (value) => {
			writeCheckpoint(database, row.id, value);
			writeTold(database, row.id, { ...meter.read(), warned: 0 });
		}
	};
	try {
		const result = await runner.run(row.input, context);
		if (result.ok) return { end: 'completed', outcome: result.value };
		return signal.aborted ? { end: live.stopped } : { end: 'failed', failure: result.failure };
	} catch (thrown) {
		if (signal.aborted) return { end: live.stopped };
		throw thrown;
	}
}

function writeEnd<K extends string, F extends Failure>(
	state: State<K, F>,
	live: Live<F>,
	end: JobEnd<F | StorageFailure | JobDefect>
): void {
	const { database, clock, heldUntilMs } = state;
	const { id } = live.row;
	const told = live.meter.read();
	const isCancelled = live.controller.signal.aborted && live.stopped === 'cancelled';
	const failures = told.done > live.row.done ? 1 : live.row.failures + 1;
	const againMs = end.end === 'failed' ? backOffMs(end.failure, failures) : null;
	const written = database.write(() => {
		writeTold(database, id, { ...told, warned: live.warned });
		writeWarnings(database, id, live.warnings, warningsMax);
		const nowMs = clock.nowMs();
		if (end.end === 'completed' && !isCancelled) {
			if (live.isWantedAgain) requeueJob(database, id);
			else writeCompleted(database, id, end.outcome, nowMs);
			deleteEnded(database, endedMax);
		}
		if (end.end === 'failed')
			writeFailed(database, id, end.failure, { failures, endedMs: againMs === null ? nowMs : null });
	});
	const waitMs = written.ok ? againMs : lookAgainMs;
	if (waitMs !== null) heldUntilMs.set(id, clock.elapsedMs() + waitMs);
}

function noteDefect<K extends string, F extends Failure>(state: State<K, F>, live: Live<F>, defect: unknown): void {
	const { database, clock, heldUntilMs } = state;
	const { id, failures } = live.row;
	const failure: JobDefect = { type: 'JobDefect', detail: String(defect) };
	// Where even this cannot be written, it is not tried again before somebody asks for it.
	heldUntilMs.set(id, Infinity);
	try {
		database.write(() => writeFailed(database, id, failure, { failures: failures + 1, endedMs: clock.nowMs() }));
	} catch {
		// The first defect is the one to tell.
	}
}
