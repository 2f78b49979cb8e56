import { err, locationId, ok, type LocationId, type ScheduleId } from '#core/kernel';
import { createSchedules, type JobRequest } from '#core/jobs';
import { isScheduled, scheduledKinds, type ScheduledKind } from './job-kinds.ts';
import type { CoreContext, Joined, Nothing, Opened } from './joined.ts';

/** What the one job is about that works on no location. */
const wholeLibrary = 'library';

type Rooms = Pick<Opened, 'database' | 'locations' | 'jobs' | 'indexJob' | 'contentJob' | 'queueJob' | 'scrubJob'>;

/** The schedules of the jobs that may be done again and again by themselves. What a person has paused stays paused. */
export function joinSchedules(
	{ clock }: Joined['host'],
	{ database, locations, jobs, indexJob, contentJob, queueJob, scrubJob }: Rooms,
	onChange: () => void
) {
	const requestOf = (kind: ScheduledKind, target: string): JobRequest<ScheduledKind> => {
		if (kind === 'queue') return queueJob.request();
		const location = locationId(Number(target));
		switch (kind) {
			case 'index':
				return indexJob.request({ location, acceptEmpty: false, isIdle: true });
			case 'content':
				return { ...contentJob.followUp(location), again: false };
			case 'scrub':
				return scrubJob.request(location);
		}
	};
	return createSchedules({
		database,
		clock,
		isKind: isScheduled,
		queueTaken: (take) => jobs.queueTaken(take),
		toRequest: (kind, target) => {
			const found = kind === 'queue' ? ok(null) : locations.find(locationId(Number(target)));
			if (!found.ok && found.failure.type === 'LocationMissing') return null;
			return { ...requestOf(kind, target), resumes: false };
		},
		onChange
	});
}

type Wanted = {
	readonly kind: ScheduledKind;
	/** Null for the kind that works on the whole library. */
	readonly location: LocationId | null;
	readonly cron: string;
};

export function scheduleCommands({ opened }: Joined) {
	return {
		/**
		 * Has a job queued by itself whenever `cron` is due by the device's local time while the library is open, and once
		 * at its opening for what was due since it was closed. Takes the place of what was set before.
		 */
		'jobs.schedule': async ({ kind, location, cron }: Wanted, _context: CoreContext) => {
			const rooms = opened();
			if (!rooms.ok) return rooms;
			if (scheduledKinds[kind] === 'other') return rooms.value.schedules.set({ kind, target: wholeLibrary, cron });
			if (location === null) return err({ type: 'LocationMissing' } as const);
			const found = rooms.value.locations.find(location);
			return found.ok ? rooms.value.schedules.set({ kind, target: String(location), cron }) : found;
		},
		'jobs.unschedule': async ({ schedule }: { readonly schedule: ScheduleId }, _context: CoreContext) => {
			const rooms = opened();
			return rooms.ok ? rooms.value.schedules.remove(schedule) : rooms;
		},
		'jobs.schedules': async (_input: Nothing, _context: CoreContext) => {
			const rooms = opened();
			return rooms.ok ? rooms.value.schedules.list() : rooms;
		}
	};
}
