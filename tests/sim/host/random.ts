import type { RandomPort } from '#core/ports';

/** Chance ruled by a seed: the same seed gives the same run. Not fit for keys. */
export type SimRandom = RandomPort & {
	readonly seed: number;
	/** A whole number from 0 to `below` - 1. */
	integer(below: number): number;
	/** True with `probability`. */
	chance(probability: number): boolean;
};

/** splitmix32, which has no bad seeds. */
function splitmix32(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x9e3779b9) >>> 0;
		let mixed = state ^ (state >>> 16);
		mixed = Math.imul(mixed, 0x21f0aaad);
		mixed ^= mixed >>> 15;
		mixed = Math.imul(mixed, 0x735a2d97);
		return (mixed ^ (mixed >>> 15)) >>> 0;
	};
}

export function createSimRandom(seed: number): SimRandom {
	const next = splitmix32(seed);
	return {
		seed,
		bytes: (length) => Uint8Array.from({ length }, () => next() & 0xff),
		integer: (below) => Math.floor((next() / 0x1_0000_0000) * below),
		chance: (probability) => next() / 0x1_0000_0000 < probability
	};
}

/** A seed for one test: `ATOLL_SEED` where set, to repeat a failure, else fresh. Prints it. */
export function testSeed(name: string): number {
	const seed = Number(process.env['ATOLL_SEED'] ?? Math.floor(Math.random() * 0x1_0000_0000));
	console.info(`${name}: seed ${seed}`);
	return seed;
}
