import type { ClockPort } from '#core/ports';

/** Wrong answers that cost no wait: people mistype. */
const freeTries = 3;
const waitMaxMs = 30_000;

/** Slows a person who guesses: after three wrong answers each next try waits twice as long, up to half a minute. */
export type Tries = {
	/** Milliseconds until the next try is taken; 0 when it is now. */
	waitMs(): number;
	wrong(): void;
	right(): void;
};

export function createTries(clock: ClockPort): Tries {
	let wrongCount = 0;
	let nextMs = 0;
	return {
		waitMs: () => Math.max(0, nextMs - clock.elapsedMs()),
		wrong: () => {
			wrongCount++;
			const waitMs = wrongCount < freeTries ? 0 : Math.min(waitMaxMs, 1_000 * 2 ** (wrongCount - freeTries));
			nextMs = clock.elapsedMs() + waitMs;
		},
		right: () => {
			wrongCount = 0;
			nextMs = 0;
		}
	};
}
