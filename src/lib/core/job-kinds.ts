import { err, ok, type LocationId, type Result } from '#core/kernel';
import type { StorageFailure } from '#core/schema';
import type { ActionWaits } from '#core/actions';
import type { Job, JobDefect, Jobs, Runner, Schedules } from '#core/jobs';
import type { ContentJobFailure, ScrubFailure } from '#core/content';
import type { FolderJobFailure, IndexFailure } from '#core/index';
import type { AtollDomain } from './domain.ts';

/** Every kind of job and what its own work can fail with: a line here asks for all else, or nothing compiles. */
export type JobFailures = {
	readonly index: IndexFailure;
	readonly folder: FolderJobFailure;
	readonly content: ContentJobFailure;
	readonly queue: StorageFailure;
	readonly scrub: ScrubFailure;
	readonly action: ActionWaits<AtollDomain['failure']> | StorageFailure;
};
export type JobKind = keyof JobFailures;

/** What does the work, one for each kind; joined in `openRooms`. */
export type JobRunners = { readonly [Kind in JobKind]: Runner<JobFailures[Kind]> };

/** What the jobs of each kind work on: their target begins with the number of a location, or is something else. */
const targets = {
	index: 'location',
	folder: 'location',
	content: 'location',
	queue: 'other',
	scrub: 'location',
	action: 'other'
} as const satisfies Readonly<Record<JobKind, 'location' | 'other'>>;

/** The kinds that make sense again and again, by a schedule. */
export const scheduledKinds = {
	index: targets.index,
	content: targets.content,
	queue: targets.queue,
	scrub: targets.scrub
} as const;
export type ScheduledKind = keyof typeof scheduledKinds;
export type AllSchedules = Schedules<ScheduledKind>;

export function isScheduled(kind: string): kind is ScheduledKind {
	return Object.hasOwn(scheduledKinds, kind);
}

/** Everything that a job can fail with. */
export type JobFailure = JobFailures[JobKind] | StorageFailure | JobDefect;
/** A job as `jobs.list` tells of it. */
export type AnyJob = Job<JobKind, JobFailure>;
export type AllJobs = Jobs<JobKind, JobFailures[JobKind]>;

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

/** Ends and forgets all jobs that work on a location. */
export async function dropJobsOf(
	{ jobs }: { readonly jobs: AllJobs },
	location: LocationId
): Promise<Result<null, StorageFailure>> {
	const listed = jobs.list();
	if (!listed.ok) return listed;
	for (const { kind, target } of listed.value) {
		if (targets[kind] !== 'location' || target.split('/')[0] !== String(location)) continue;
		const dropped = await jobs.drop(kind, target);
		if (!dropped.ok) return dropped;
	}
	return ok(null);
}
