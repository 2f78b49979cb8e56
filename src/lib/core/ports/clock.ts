/** Time. The simulator rules it; nothing else in the core may ask for it. */
export interface ClockPort {
	/** Milliseconds since 1970, UTC. May jump. */
	nowMs(): number;
	/** Milliseconds that never go back, from an arbitrary start. */
	elapsedMs(): number;
	/** How far local time is ahead of UTC at a time: a whole number of minutes, in milliseconds. Negative west of Greenwich. */
	utcOffsetMs(atMs: number): number;
	/** Resolves after `delayMs`, or early when `signal` aborts; 0 lets other work of this thread run first. */
	wait(delayMs: number, signal: AbortSignal): Promise<void>;
}
