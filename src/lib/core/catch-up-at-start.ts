import type { LocationId } from '#core/kernel';
import type { ClockPort } from '#core/ports';
import type { Location } from '#core/volumes';
import type { Opened } from './joined.ts';

/** Before what nobody asked for, after what somebody did. */
const fullPriority = 0;

/**
 * Brings what was there before the library was opened into step with what happened meanwhile: folders in which
 * something came or went at once, then everything by a run of its own. Where the disk tells no times of folders nothing
 * is done: reading all of it is for who opened the library to ask for.
 */
export function catchUpAtStart(
	{ index, indexJob, jobs }: Pick<Opened, 'index' | 'indexJob' | 'jobs'>,
	clock: ClockPort
): (location: Location, isWatched: boolean, signal: AbortSignal) => Promise<void> {
	const openedMs = clock.nowMs();
	const caughtUp = new Set<LocationId>();
	return async (location, isWatched, signal) => {
		if ((location.indexedMs ?? 0) >= openedMs) return;
		if (!isWatched) {
			const read = await index.catchUp(location, signal);
			if (read.ok && read.value) caughtUp.add(location.id);
		} else if (caughtUp.delete(location.id)) {
			// Not before the watch is set: nothing falls between the two.
			const request = indexJob.request({ location: location.id, acceptEmpty: false });
			jobs.queue({ ...request, priority: fullPriority, resumes: false });
		}
	};
}
