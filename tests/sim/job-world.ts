import * as v from 'valibot';
import { ok, type Result } from '#core/kernel';
import {
	createJobs,
	createSchedules,
	defineRunner,
	type Job,
	type JobContext,
	type Jobs,
	type Schedules
} from '#core/jobs';
import { openDatabase, type Database, type JsonValue } from '#core/schema';
import type { SimHost } from './host/sim-host.ts';

const rawKey = 'b2'.repeat(48);
const forever = new AbortController().signal;

export type WorkFailure = { readonly type: 'WorkFailed'; readonly retry: 'never' | 'soon' | 'when-online' };
export type Work = (target: string, context: JobContext) => Promise<Result<JsonValue, WorkFailure>>;
export type WorkJobs = Jobs<'work', WorkFailure>;

/** A queue with one kind of job, over a library's database on a simulated device. */
export type JobWorld = {
	readonly jobs: WorkJobs;
	/** Not started. */
	readonly schedules: Schedules<'work'>;
	readonly database: Database;
	/** Resolves with the job of `target` once `matches` it. */
	until(target: string, matches: (job: Job<string, { readonly type: string }>) => boolean): Promise<void>;
	find(target: string): Job<'work', { readonly type: string }> | undefined;
	/** Closes the queue and the database, as locking does. */
	close(): Promise<void>;
};

export const request = (target: string) => ({ kind: 'work', target, input: { target } }) as const;

/**
 * Opens the database on the disk of `host`, made where there is none, and a queue that does `work`; `giveUp` ends what
 * cancelled work had begun.
 */
export async function openJobs(
	host: SimHost,
	work: Work,
	runsAll = true,
	giveUp: ((target: string) => Promise<void>) | null = null
): Promise<JobWorld> {
	const connected = await host.database.connect('jobs.sdlibrary', forever);
	if (!connected.ok) throw new Error(connected.failure.type);
	const opened = openDatabase(connected.value, { rawKey, where: 'the test', expect: 'new' });
	if (!opened.ok) throw new Error(opened.failure.type);
	const database = opened.value;
	const watchers = new Set<() => void>();
	const runner = defineRunner(
		v.object({ target: v.string() }),
		({ target }, context) => work(target, context),
		giveUp && (({ target }) => giveUp(target))
	);
	const jobs: WorkJobs = createJobs({
		database,
		clock: host.clock,
		runners: { work: runner },
		runsAll,
		onChange: () => watchers.forEach((watch) => watch())
	});
	const schedules = createSchedules({
		database,
		clock: host.clock,
		isKind: (kind): kind is 'work' => kind === 'work',
		queueTaken: (take) => jobs.queueTaken(take),
		toRequest: (_, target) => (target === 'gone' ? null : request(target)),
		onChange: () => undefined
	});
	const find: JobWorld['find'] = (target) => {
		const listed = jobs.list();
		return listed.ok ? listed.value.find((job) => job.target === target) : undefined;
	};
	return {
		jobs,
		schedules,
		database,
		find,
		until: (target, matches) =>
			new Promise((resolve) => {
				const watch = () => {
					const job = find(target);
					if (job === undefined || !matches(job)) return;
					watchers.delete(watch);
					resolve();
				};
				watchers.add(watch);
				watch();
			}),
		close: async () => {
			schedules.close();
			await jobs.close();
			connected.value.close();
		}
	};
}

/** The value of what must succeed. */
export function valueOf<T>(result: Result<T, { readonly type: string }>): T {
	if (!result.ok) throw new Error(JSON.stringify(result.failure));
	return result.value;
}

/** Work that a test lets go on step by step. */
export class Gate {
	#open = Promise.withResolvers<void>();
	/** Resolves when the work has come here. */
	readonly reached = Promise.withResolvers<void>();

	/** Waits until `open`, or throws the reason of `signal`. */
	async pass(signal: AbortSignal): Promise<void> {
		this.reached.resolve();
		const aborted = new Promise<never>((_, reject) => {
			if (signal.aborted) reject(signal.reason);
			signal.addEventListener('abort', () => reject(signal.reason), { once: true });
		});
		await Promise.race([this.#open.promise, aborted]);
	}

	open(): void {
		this.#open.resolve();
	}
}

export const done = ok(null);
