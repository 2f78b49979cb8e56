/** Time. The simulator rules it; nothing else in the core may ask for it. */
export interface ClockPort {
	/** Milliseconds since 1970, UTC. May jump. */
	nowMs(): number;
	/** Milliseconds that never go back, from an arbitrary start. */
	elapsedMs(): number;
	/** Resolves after `delayMs`, or early when `signal` aborts; 0 lets other work of this thread run first. */
	wait(delayMs: number, signal: AbortSignal): Promise<void>;
}
