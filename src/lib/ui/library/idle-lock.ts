/**
 * Calls `lock` when nobody has touched any tab of this app for `idleMs`.
 *
 * Tabs tell one another of input, so that work in one keeps the library open for all. Time is compared with the
 * clock, not counted by the timer: a laptop that slept past the hour locks as it wakes.
 */
export type IdleLock = { setIdleMs(idleMs: number | null): void; close(): void };

const inputs = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const;
/** How often another tab is told; far below the shortest idle time of a minute. */
const tellEveryMs = 5000;
const checkEveryMs = 1000;

export function createIdleLock(lock: () => void): IdleLock {
	const channel = new BroadcastChannel('atoll:input');
	let idleMs: number | null = null;
	let lastMs = Date.now();
	let toldMs = 0;

	const touched = (): void => {
		lastMs = Date.now();
		if (lastMs - toldMs < tellEveryMs) return;
		toldMs = lastMs;
		channel.postMessage(null);
	};
	channel.addEventListener('message', () => (lastMs = Date.now()));
	for (const type of inputs) window.addEventListener(type, touched, { capture: true, passive: true });
	const check = (): void => {
		if (idleMs === null || Date.now() - lastMs < idleMs) return;
		lastMs = Date.now();
		lock();
	};
	document.addEventListener('visibilitychange', check);
	const timer = setInterval(check, checkEveryMs);

	return {
		setIdleMs(next) {
			idleMs = next;
			lastMs = Date.now();
		},
		close() {
			clearInterval(timer);
			channel.close();
			document.removeEventListener('visibilitychange', check);
			for (const type of inputs) window.removeEventListener(type, touched, { capture: true });
		}
	};
}
