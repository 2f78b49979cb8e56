import { ok, type LocationId, type Result } from '#core/kernel';
import type { LibraryFailure } from '#core/library';
import { readQueue, writePolicy, type AnalysisKind, type AnalysisPolicy } from '#core/analysis';
import type { JobFailure } from './job-kinds.ts';
import type { CoreContext, Joined, Nothing, Opened } from './joined.ts';

/**
 * Brings the queue into step with changed modes or policies. A caller whose `signal` aborts stops waiting; the job
 * goes on, or waits where somebody has paused it.
 */
export async function requeue(
	{ wishes, jobs, queueJob }: Pick<Opened, 'wishes' | 'jobs' | 'queueJob'>,
	signal: AbortSignal
): Promise<Result<null, JobFailure>> {
	wishes.forget();
	const ended = await jobs.run(queueJob.request(), signal);
	return ended.end === 'failed' ? { ok: false, failure: ended.failure } : ok(null);
}

export function analysisCommands({ host, opened }: Joined) {
	return {
		/** Contents that wait for each analysis, and what people have said of them. */
		'analysis.queue': async (_input: Nothing, _context: CoreContext) => {
			const rooms = opened();
			return rooms.ok ? rooms.value.database.read(() => readQueue(rooms.value.database)) : rooms;
		},
		/** How much an analysis is wanted in one location, or in all that say nothing else; null takes it back. */
		'analysis.set-policy': async (
			{
				location,
				kind,
				policy
			}: {
				readonly location: LocationId | null;
				readonly kind: AnalysisKind;
				readonly policy: AnalysisPolicy | null;
			},
			{ command, signal }: CoreContext
		): Promise<Result<null, LibraryFailure | JobFailure>> => {
			const rooms = opened();
			if (!rooms.ok) return rooms;
			const { database, locations } = rooms.value;
			const found = location === null ? ok(null) : locations.find(location);
			if (!found.ok) return found;
			const written = database.writeOnce(command, host.clock.nowMs(), () => {
				writePolicy(database, location, kind, policy);
				return null;
			});
			return written.ok ? requeue(rooms.value, signal) : written;
		}
	};
}
