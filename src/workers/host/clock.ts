import type { ClockPort } from '#core/ports';

/** Wall time and monotonic time of this thread. */
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

/** A delay of 0 is a message to ourselves: messages that came before it go first, and no timer's minimum applies. */
function schedule(delayMs: number, run: () => void): () => void {
	if (delayMs > 0) {
		const timer = setTimeout(run, delayMs);
		return () => clearTimeout(timer);
	}
	const { port1, port2 } = new MessageChannel();
	port1.onmessage = run;
	port2.postMessage(null);
	return () => port1.close();
}
