import type { ClockPort } from '#core/ports';

export type Bell = {
	/** Wakes who waits, or who waits next. */
	ring(): void;
	/** Resolves when it rings, has rung since the last wait, or after `delayMs`. */
	wait(delayMs: number): Promise<void>;
};

/** Wakes one loop early from its waiting. */
export function createBell(clock: ClockPort): Bell {
	let sleep: AbortController | null = null;
	let isRung = false;
	return {
		ring: () => {
			isRung = true;
			sleep?.abort();
		},
		wait: async (delayMs) => {
			if (!isRung && delayMs > 0) {
				sleep = new AbortController();
				await clock.wait(delayMs, sleep.signal);
				sleep = null;
			}
			isRung = false;
		}
	};
}
