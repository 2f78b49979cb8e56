import type { ClockPort } from '#core/ports';

/** Wall time and monotonic time of this process. */
export function createClock(): ClockPort {
	return {
		nowMs: () => Date.now(),
		elapsedMs: () => performance.now(),
		utcOffsetMs: (atMs) => -Math.round(new Date(atMs).getTimezoneOffset()) * 60_000,
		wait: (delayMs, signal) =>
			new Promise((resolve) => {
				if (signal.aborted) return resolve();
				const finish = () => {
					signal.removeEventListener('abort', finish);
					cancel();
					resolve();
				};
				const cancel = schedule(delayMs, finish);
				signal.addEventListener('abort', finish, { once: true });
			})
	};
}

/** A delay of 0 is an immediate: pending input and output of this thread goes first, and no millisecond is lost. */
function schedule(delayMs: number, run: () => void): () => void {
	if (delayMs <= 0) {
		const immediate = setImmediate(run);
		return () => clearImmediate(immediate);
	}
	const timer = setTimeout(run, delayMs);
	return () => clearTimeout(timer);
}
