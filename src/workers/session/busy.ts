import type { Failure, Result } from '#core/kernel';
import type { ClockPort } from '#core/ports';

const againMs = 20;
/** A worker that is stopped in the middle of a long computation keeps its files for about two seconds in Chromium. */
const busyMsMax = 5_000;

/**
 * Runs `attempt` again while the library's files are held elsewhere. For the worker that holds `atoll:core` this
 * can only be the one before it, dying: its files are let go of a moment after its lock.
 */
export async function whileBusy<T, F extends Failure>(
	clock: ClockPort,
	attempt: () => Promise<Result<T, F>>,
	signal: AbortSignal
): Promise<Result<T, F>> {
	const untilMs = clock.elapsedMs() + busyMsMax;
	for (;;) {
		const answer = await attempt();
		if (answer.ok || answer.failure.type !== 'LibraryBusy') return answer;
		if (signal.aborted || clock.elapsedMs() > untilMs) return answer;
		await clock.wait(againMs, signal);
	}
}
