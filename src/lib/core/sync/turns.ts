import type { ClockPort } from '#core/ports';

/** Who has the turn and gets nothing for so long stands in nobody's way any more. */
const turnMs = 5_000;

/** The right to pull one domain. */
export type Turn = {
	/** Takes it if nobody else has it, and says whether it is had. */
	take(): boolean;
	/** Says that something came. */
	goOn(): void;
	release(): void;
	/** After a take in vain: when the next is worth it, in elapsed time. */
	readonly nextMs: number;
};

export type Turns = {
	/** `wake` is called when the turn was let go of by somebody else. */
	of(domain: string, wake: () => void): Turn;
};

type Holder = { readonly wake: () => void; atMs: number };

/** One turn for each domain: of many devices that have the same news, one is asked at a time. */
export function createTurns(clock: ClockPort): Turns {
	const holders = new Map<string, Holder>();
	const waiting = new Map<string, Set<() => void>>();
	const leave = (domain: string, wake: () => void) => {
		waiting.get(domain)?.delete(wake);
		if (holders.get(domain)?.wake !== wake) return;
		holders.delete(domain);
		for (const other of waiting.get(domain) ?? []) other();
	};
	return {
		of: (domain, wake) => ({
			take: () => {
				const holder = holders.get(domain);
				const nowMs = clock.elapsedMs();
				const isMine = holder === undefined || holder.wake === wake || nowMs - holder.atMs >= turnMs;
				if (isMine) {
					holders.set(domain, { wake, atMs: nowMs });
					waiting.get(domain)?.delete(wake);
				} else waiting.set(domain, (waiting.get(domain) ?? new Set()).add(wake));
				return isMine;
			},
			goOn: () => {
				const holder = holders.get(domain);
				if (holder?.wake === wake) holder.atMs = clock.elapsedMs();
			},
			release: () => leave(domain, wake),
			get nextMs() {
				return waiting.get(domain)?.has(wake) ? (holders.get(domain)?.atMs ?? 0) + turnMs : Infinity;
			}
		})
	};
}
