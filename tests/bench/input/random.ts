/** Chance with a seed (mulberry32): the same numbers on every machine, so that figures can be compared. */
export type Chance = {
	/** From 0 up to but without 1. */
	readonly next: () => number;
	/** A whole number from `low` to `high`, both included. */
	readonly within: (low: number, high: number) => number;
	readonly pick: <T>(choices: readonly T[]) => T;
};

export function createChance(seed: number): Chance {
	let state = seed >>> 0;
	const next = () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = state;
		mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
	};
	const within = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));
	return {
		next,
		within,
		pick: (choices) => {
			const chosen = choices[within(0, choices.length - 1)];
			if (chosen === undefined) throw new Error('nothing to pick from');
			return chosen;
		}
	};
}
