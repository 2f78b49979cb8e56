import type { ClockPort } from '#core/ports';

type Waiting = { readonly dueMs: number; readonly wake: () => void };

/** Time that moves only by `advance`. */
export type SimClock = ClockPort & {
	/** Moves time on by `delayMs`, waking who waits in the order of time and letting each run before the next. */
	advance(delayMs: number): Promise<void>;
	/** Sets the wall clock alone, as a person or a time server does. */
	setNow(nowMs: number): void;
	/** Local time against UTC; none until a test says so. */
	zone: (atMs: number) => number;
	/** How many wait. */
	readonly waiting: number;
};

/** Lets everything run that is ready to. */
function settle(): Promise<void> {
	return new Promise((resolve) => setImmediate(resolve));
}

/**
 * A clock of the simulation. Nothing sleeps for real: a wait of 0 lets other work run, a longer one ends when the
 * simulation has advanced so far, or at its `signal`.
 */
export function createSimClock(startMs = Date.UTC(2026, 0, 1)): SimClock {
	let elapsedMs = 0;
	let offsetMs = startMs;
	const queue = new Set<Waiting>();
	const nextDue = (untilMs: number) => {
		let next: Waiting | undefined;
		for (const waiting of queue)
			if (waiting.dueMs <= untilMs && (next === undefined || waiting.dueMs < next.dueMs)) next = waiting;
		return next;
	};
	const clock: SimClock = {
		zone: () => 0,
		utcOffsetMs: (atMs) => clock.zone(atMs),
		nowMs: () => offsetMs + elapsedMs,
		elapsedMs: () => elapsedMs,
		setNow: (nowMs) => void (offsetMs = nowMs - elapsedMs),
		get waiting() {
			return queue.size;
		},
		wait: (delayMs, signal) => {
			if (signal.aborted) return Promise.resolve();
			if (delayMs <= 0) return settle();
			return new Promise((resolve) => {
				const waiting: Waiting = {
					dueMs: elapsedMs + delayMs,
					wake: () => {
						queue.delete(waiting);
						signal.removeEventListener('abort', waiting.wake);
						resolve();
					}
				};
				queue.add(waiting);
				signal.addEventListener('abort', waiting.wake, { once: true });
			});
		},
		async advance(delayMs) {
			const untilMs = elapsedMs + delayMs;
			await settle();
			for (let next = nextDue(untilMs); next; next = nextDue(untilMs)) {
				elapsedMs = Math.max(elapsedMs, next.dueMs);
				next.wake();
				await settle();
			}
			elapsedMs = untilMs;
		}
	};
	return clock;
}

/** A clock of one device of several: time goes on with `world`, what it says of the day is its own. */
export function createOwnClock(world: SimClock): SimClock {
	let aheadMs = 0;
	const clock: SimClock = {
		zone: () => 0,
		utcOffsetMs: (atMs) => clock.zone(atMs),
		nowMs: () => world.nowMs() + aheadMs,
		elapsedMs: () => world.elapsedMs(),
		setNow: (nowMs) => void (aheadMs = nowMs - world.nowMs()),
		get waiting() {
			return world.waiting;
		},
		wait: (delayMs, signal) => world.wait(delayMs, signal),
		advance: (delayMs) => world.advance(delayMs)
	};
	return clock;
}
