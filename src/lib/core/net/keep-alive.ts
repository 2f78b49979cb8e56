import type { ClockPort } from '#core/ports';

type Watched = {
	/** How many messages have come. */
	readonly received: () => number;
	readonly ping: () => void;
	readonly onSilent: () => void;
};

/** After so many pings without any message the other side is taken for gone. */
const unansweredMax = 3;

/**
 * Asks for a sign of life whenever nothing came for `pingAfterMs`, and tells when there was none to three askings: a
 * link whose carrier died says nothing by itself. Until `signal`.
 */
export async function keepAlive(
	clock: ClockPort,
	pingAfterMs: number,
	{ received, ping, onSilent }: Watched,
	signal: AbortSignal
): Promise<void> {
	let [before, unanswered] = [received(), 0];
	while (!signal.aborted) {
		await clock.wait(pingAfterMs, signal);
		if (signal.aborted) return;
		const now = received();
		unanswered = now === before ? unanswered + 1 : 0;
		before = now;
		if (unanswered > unansweredMax) return onSilent();
		if (unanswered > 0) ping();
	}
}
