import type { Failure, JobId, Result } from '#core/kernel';
import type { Jobs } from './jobs.ts';

type Nothing = Readonly<Record<never, never>>;
type One = { readonly job: JobId };
type Context = { readonly signal: AbortSignal };

/** The queue's part of the table of commands. `opened` gives the queue of the open library, or says why there is none. */
export function createJobCommands<K extends string, F extends Failure, L extends Failure>(
	opened: () => Result<Jobs<K, F>, L>
) {
	return {
		/** What is to be done in its order, then what has ended, the latest first. */
		'jobs.list': async (_input: Nothing, _context: Context) => {
			const jobs = opened();
			return jobs.ok ? jobs.value.list() : jobs;
		},
		'jobs.warnings': async ({ job }: One, _context: Context) => {
			const jobs = opened();
			return jobs.ok ? jobs.value.warnings(job) : jobs;
		},
		'jobs.pause': async ({ job }: One, _context: Context) => {
			const jobs = opened();
			return jobs.ok ? jobs.value.pause(job) : jobs;
		},
		/** Also tries again what has failed. */
		'jobs.resume': async ({ job }: One, _context: Context) => {
			const jobs = opened();
			return jobs.ok ? jobs.value.resume(job) : jobs;
		},
		/** As `jobs.resume`, and answers how that try ended. */
		'jobs.run': async ({ job }: One, { signal }: Context) => {
			const jobs = opened();
			return jobs.ok ? jobs.value.runAgain(job, signal) : jobs;
		},
		'jobs.cancel': async ({ job }: One, _context: Context) => {
			const jobs = opened();
			return jobs.ok ? jobs.value.cancel(job) : jobs;
		},
		/** Forgets the jobs that have ended, and says how many. */
		'jobs.clear': async (_input: Nothing, _context: Context) => {
			const jobs = opened();
			return jobs.ok ? jobs.value.clear() : jobs;
		}
	};
}
