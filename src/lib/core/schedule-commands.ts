import { locationId, ok } from '#core/kernel';
import { createSchedules, type JobRequest } from '#core/jobs';
import { isScheduled, type ScheduledKind } from './job-kinds.ts';
import type { CoreContext, Joined, Nothing, Opened } from './joined.ts';

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

export function scheduleCommands({ opened }: Joined) {
	return {
		'jobs.schedules': async (_input: Nothing, _context: CoreContext) => {
			const rooms = opened();
			return rooms.ok ? rooms.value.schedules.list() : rooms;
		}
	};
}
