import * as v from 'valibot';
import { ok, type ContentId, type Result } from '#core/kernel';
import { defineRunner, type JobContext, type JobRequest, type Runner } from '#core/jobs';
import type { ClockPort } from '#core/ports';
import type { Database, StorageFailure } from '#core/schema';
import type { Holding } from './schema.ts';
import { readWishes, writeQueue } from './store.ts';

/** Contents looked at in one transaction: some 20 ms, so that browsing never waits longer for its turn. */
const batchMax = 1_000;

type Deps = {
	readonly database: Database;
	readonly clock: ClockPort;
	/** Contents by rising ids from above `after`, with where they lie. Inside `read` or `write`. */
	readonly readHoldings: (after: number, limit: number) => readonly Holding[];
	readonly countContents: () => number;
};

/** Makes the whole queue what modes and policies ask for, as a job: when one of these has changed. */
export type QueueJob = {
	readonly runner: Runner<StorageFailure>;
	request(): JobRequest<'queue'>;
};

export function createQueueJob({ database, clock, readHoldings, countContents }: Deps): QueueJob {
	async function run(_: unknown, context: JobContext): Promise<Result<null, StorageFailure>> {
		const counted = database.read(countContents);
		if (!counted.ok) return counted;
		const checkpoint = v.safeParse(v.object({ after: v.number(), done: v.number() }), context.checkpoint);
		let { after, done } = checkpoint.success ? checkpoint.output : { after: 0, done: 0 };
		for (;;) {
			const tell = () => context.progress(done, Math.max(done, counted.value));
			tell();
			const from = after;
			const written = database.write((): ContentId | null => {
				const wishes = readWishes(database);
				const holdings = readHoldings(from, batchMax);
				for (const holding of holdings) writeQueue(database, wishes, holding);
				const last = holdings.at(-1)?.content ?? null;
				if (last !== null) context.writeCheckpoint({ after: last, done: done + holdings.length });
				done += holdings.length;
				return last;
			});
			if (!written.ok) return written;
			if (written.value === null) return ok(null);
			after = written.value;
			tell();
			await clock.wait(0, context.signal);
			context.signal.throwIfAborted();
		}
	}
	return {
		runner: defineRunner(v.object({}), run),
		// Wanted again while it runs: what it has passed was made by what was wanted then.
		request: () => ({ kind: 'queue', target: 'library', input: {}, again: true, resumes: true })
	};
}
