/**
 * jobs: everything slow, as a durable queue in the library.
 *
 * Owns the tables of jobs, of what they need of each other, of their warnings and of their schedules. Guarantees: there is at most one
 * job for each kind and target, and it never runs twice at a time; a job that ran when the program died or the
 * library was closed goes on when it is opened again, one that a person paused stays paused; a failure that may
 * pass is tried again, later each time; a runner that throws stops its own job and nothing else; what a schedule asks
 * for is queued once for each time that it is due, and once for all the times that were missed.
 *
 * A kind of job is one entry of the table of runners that `core.ts` hands in:
 *
 *     scrub: defineRunner(v.object({ location: v.number() }), async ({ location }, context) => { … })
 *
 * and a line in each table of `core/job-kinds.ts`; what people call it stands in `ui/jobs/job-words.ts` and
 * `peer/cli/print-job.ts`. Without all of them nothing compiles. Its input is plain JSON that the schema lets
 * through. It leaves by throwing `signal.reason` when `context.signal` aborts, and only when nothing of it goes on any
 * more. Whatever it must not do again after a kill it writes in one transaction with `context.writeCheckpoint`. What it
 * answers is kept as the outcome, as JSON. It is asked for by
 * `jobs.queue({ kind: 'scrub', target: String(location), input: { location } })`, outside of any transaction.
 */
export { createJobCommands } from './job-commands.ts';
export { endToResult } from './end-to-result.ts';
export { createJobs, type Jobs } from './jobs.ts';
export { readJobOf } from './store.ts';
export type { CronFailure, CronField } from './cron.ts';
export { createSchedules, parseCronText, type Schedule, type Schedules } from './schedules.ts';
export { defineRunner, type JobContext, type Runner } from './runner.ts';
export type { Job, JobDefect, JobEnd, JobRefusal, JobRequest, JobState, JobWarning } from './schema.ts';
