import type { Failure, JobId } from '#core/kernel';
import type { SkippedName } from '#core/ports';
import type { JsonValue } from '#core/schema';

export type JobState = 'queued' | 'running' | 'paused' | 'completed' | 'failed' | 'cancelled';

/** What a job could not do with one item, while the rest went on; `damaged`: it was read and is not what it was. */
export type JobWarning = {
	readonly item: string;
	readonly reason: SkippedName['reason'] | 'damaged';
	readonly code: string;
};

/** The runner of a job threw: a mistake of ours. `detail` is for the log and the bug report. */
export type JobDefect = { readonly type: 'JobDefect'; readonly detail: string };

export type JobRefusal =
	| { readonly type: 'JobMissing' }
	/** It has ended in the meantime, as `state` says. */
	| { readonly type: 'JobEnded'; readonly state: JobState };

/** A piece of work as people see it. */
export type Job<K extends string, F extends Failure> = {
	readonly id: JobId;
	readonly kind: K;
	/** What it works on; there is at most one job for each kind and target. */
	readonly target: string;
	readonly state: JobState;
	readonly priority: number;
	readonly queuedMs: number;
	readonly startedMs: number | null;
	readonly endedMs: number | null;
	/** When a job that failed is tried again by itself; null where nothing but its turn holds it up. */
	readonly againMs: number | null;
	/** Items done, in the unit of its kind. */
	readonly done: number;
	/** Null while nobody knows. */
	readonly total: number | null;
	readonly perSecond: number;
	/** Null where it cannot be told. */
	readonly leftMs: number | null;
	/** Bytes done; 0 for kinds that do not count them. */
	readonly doneBytes: number;
	readonly totalBytes: number | null;
	readonly bytesPerSecond: number;
	readonly warnings: number;
	/** Why the last try failed. */
	readonly failure: F | null;
	readonly outcome: JsonValue;
	/** Jobs that must be completed first and are not. */
	readonly needs: readonly JobId[];
};

/** What is to be done. */
export type JobRequest<K extends string> = {
	readonly kind: K;
	readonly target: string;
	readonly input: JsonValue;
	/** Higher goes first; 0 where it is left out. Below 0 is idle work, which always leaves room for other work. */
	readonly priority?: number;
	/** Jobs to be completed before. */
	readonly after?: readonly JobId[];
	/** Whether the work goes on if a person has paused it: true where the person asks for it now. */
	readonly resumes?: boolean;
	/** Whether it is done once more where it runs already: what it has passed may have changed. */
	readonly again?: boolean;
	/** Nobody asked for it: a program that is there for one command leaves it to one that stays. */
	readonly isUnasked?: boolean;
};

/** How one try of a job ended. `interrupted` is no person's wish: it goes on when the library is opened again. */
export type JobEnd<F extends Failure> =
	| { readonly end: 'completed'; readonly outcome: JsonValue }
	| { readonly end: 'failed'; readonly failure: F }
	| { readonly end: 'paused' | 'cancelled' | 'interrupted' };
