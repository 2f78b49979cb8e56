import { ok, type LocationId, type Result } from '#core/kernel';
import type { StorageFailure } from '#core/schema';
import type { Job, JobDefect, Jobs, Runner } from '#core/jobs';
import type { ScrubFailure } from '#core/content';
import type { IndexFailure } from '#core/index';

/** Every kind of job and what its own work can fail with: a line here asks for all else, or nothing compiles. */
export type JobFailures = {
	readonly index: IndexFailure;
	readonly scrub: ScrubFailure;
};
export type JobKind = keyof JobFailures;

/** What does the work, one for each kind; joined in `openRooms`. */
export type JobRunners = { readonly [Kind in JobKind]: Runner<JobFailures[Kind]> };

/** What the jobs of each kind work on: the name of their target is the number of a location, or something else. */
const targets = {
	index: 'location',
	scrub: 'location'
} as const satisfies Readonly<Record<JobKind, 'location' | 'other'>>;

/** Everything that a job can fail with. */
export type JobFailure = JobFailures[JobKind] | StorageFailure | JobDefect;
/** A job as `jobs.list` tells of it. */
export type AnyJob = Job<JobKind, JobFailure>;
export type AllJobs = Jobs<JobKind, JobFailures[JobKind]>;

function isKind(text: string): text is JobKind {
	return Object.hasOwn(targets, text);
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
