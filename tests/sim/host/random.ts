import type { RandomPort } from '#core/ports';
import { isNightly } from '../../tier.ts';

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

/** FNV-1a over the letters of `name`, 32 bits (Fowler, Noll and Vo). */
function hash(name: string): number {
	let state = 0x811c9dc5;
	for (const letter of name) state = Math.imul(state ^ (letter.codePointAt(0) ?? 0), 0x01000193);
	return state >>> 0;
}

/**
 * A seed below 2^32 for the random test `name`: `ATOLL_SEED` where set, to repeat a failure; fresh at night; else the
 * same in every run, so that what a change breaks is not mixed up with what the night has yet to find.
 */
export function seedOf(name: string): number {
	const unasked = isNightly ? Math.floor(Math.random() * 0x1_0000_0000) : hash(name);
	return Number(process.env['ATOLL_SEED'] ?? unasked);
}

/** The seed of a test, printed. */
export function testSeed(name: string): number {
	const seed = seedOf(name);
	console.info(`${name}: seed ${seed}`);
	return seed;
}
