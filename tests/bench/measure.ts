/** Milliseconds under names; what one run of one contestant took. */
export type Times = Readonly<Record<string, number>>;

/** The least of each time in any of `all`. */
export function leastOf(all: readonly Times[]): Times {
	const least: Record<string, number> = {};
	for (const times of all)
		for (const [what, ms] of Object.entries(times)) least[what] = Math.min(least[what] ?? Infinity, ms);
	return least;
}

/**
 * Runs every contestant `rounds` times, in turn and in changing order, and gives the least of each time. Whatever
 * else the machine does then hits all of them, and a ratio between two means something although a time does not.
 */
export async function bestOf<Name extends string>(
	rounds: number,
	contestants: Readonly<Record<Name, () => Promise<Times>>>
): Promise<Record<Name, Times>> {
	const names = Object.keys(contestants) as Name[];
	const best = Object.fromEntries(names.map((name) => [name, {}])) as Record<Name, Times>;
	for (let round = 0; round < rounds; round++)
		for (const name of round % 2 === 0 ? names : names.toReversed())
			best[name] = leastOf([best[name], await contestants[name]()]);
	return best;
}

/**
 * Cuts what runs between `begin` and `end` into slices that are the same in every run, so that each can have its best
 * of many: on a busy machine no run of seconds is undisturbed, but some run of each slice is.
 */
export type Slices = {
	readonly begin: () => void;
	/** Tells of `work` done: a slice ends whenever enough has come together. */
	readonly step: (work: number) => void;
	/** The slices as times of their own, to be put together again by `sumOf`. */
	readonly end: (name: string) => Times;
};

export function createSlices(workPerSlice: number): Slices {
	let stamps: number[] = [];
	let work = 0;
	return {
		begin: () => {
			stamps = [performance.now()];
			work = 0;
		},
		step: (more) => {
			work += more;
			if (work < workPerSlice) return;
			stamps.push(performance.now());
			work = 0;
		},
		end: (name) => {
			stamps.push(performance.now());
			return Object.fromEntries(stamps.slice(1).map((at, n) => [`${name}#${n}`, at - (stamps[n] ?? NaN)]));
		}
	};
}

/** The time of everything that `createSlices` cut to pieces under `name`. */
export function sumOf(times: Times, name: string): number {
	const slices = Object.entries(times).filter(([key]) => key.startsWith(`${name}#`));
	return slices.length === 0 ? NaN : slices.reduce((sum, [, ms]) => sum + ms, 0);
}

/** The value below which `share` of all values lie. */
export function percentile(values: readonly number[], share: number): number {
	const sorted = values.toSorted((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}

export function median(values: readonly number[]): number {
	return percentile(values, 0.5);
}

/** Milliseconds that `work` takes. */
export async function timed(work: () => unknown): Promise<number> {
	const startMs = performance.now();
	await work();
	return performance.now() - startMs;
}
