import { err, ok, type LocationId, type Result } from '#core/kernel';
import type { StorageFailure } from '#core/schema';
import type { Job, JobDefect, Jobs, Runner } from '#core/jobs';
import type { ContentJobFailure } from '#core/content';
import type { IndexFailure } from '#core/index';

/** Every kind of job and what its own work can fail with: a line here asks for all else, or nothing compiles. */
export type JobFailures = {
	readonly index: IndexFailure;
	readonly content: ContentJobFailure;
};
export type JobKind = keyof JobFailures;

/** What does the work, one for each kind; joined in `openRooms`. */
export type JobRunners = { readonly [Kind in JobKind]: Runner<JobFailures[Kind]> };

/** What the jobs of each kind work on: the name of their target is the number of a location, or something else. */
const targets = {
	index: 'location',
	content: 'location'
} as const satisfies Readonly<Record<JobKind, 'location' | 'other'>>;

/** Everything that a job can fail with. */
export type JobFailure = JobFailures[JobKind] | StorageFailure | JobDefect;
/** A job as `jobs.list` tells of it. */
export type AnyJob = Job<JobKind, JobFailure>;
export type AllJobs = Jobs<JobKind, JobFailures[JobKind]>;

function isKind(text: string): text is JobKind {
	return Object.hasOwn(targets, text);
}

/** Pauses the job of a location until somebody resumes it or asks for it; where there is none it does not run either. */
export async function pauseJobOf(
	jobs: AllJobs,
	kind: JobKind,
	location: LocationId
): Promise<Result<null, StorageFailure>> {
	const job = jobs.find(kind, String(location));
	if (!job.ok) return job;
	const paused = job.value === null ? ok(null) : await jobs.pause(job.value);
	if (paused.ok || paused.failure.type === 'JobMissing' || paused.failure.type === 'JobEnded') return ok(null);
	return err(paused.failure);
}

/** Ends and forgets all that is to be done with a location. */
export async function dropJobsOf(jobs: AllJobs, location: LocationId): Promise<Result<null, StorageFailure>> {
	for (const kind of Object.keys(targets).filter(isKind)) {
		if (targets[kind] !== 'location') continue;
		const dropped = await jobs.drop(kind, String(location));
		if (!dropped.ok) return dropped;
	}
	return ok(null);
}
