import type { FilesPort } from '#core/ports';
import type { Driver } from '../conformance/core-driver.ts';
import type { Figure } from './figure.ts';
import { createMemoryFiles, makeFlat, makeTree } from './input/memory-tree.ts';
import { createSlices, leastOf, sumOf, type Slices, type Times } from './measure.ts';
import type { Storage } from './plain-database.ts';
import { childOf, index, read } from './workload.ts';

const entries = 100_000;
const seed = 20_261_122;

/** Entries listed between two looks at the clock: a batch or two of the index. */
const entriesPerSlice = 4_000;
const passesMax = 3;

/** Names of the reads in the figures of both hosts. */
export const reads = ['list', 'rows', 'search', 'usage'] as const;

/** The figures of an encrypted library against a plain one, for whichever host ran them. */
export function cipherFigures(host: string, best: Readonly<Record<Storage, Times>>): Figure[] {
	const figure = (what: string, asked: number): Figure => ({
		name: `${host}.cipher.${what}`,
		measured: sumOf(best.encrypted, what) / sumOf(best.plain, what),
		unit: 'share',
		asked,
		tolerance: 0.15
	});
	const rate = (entries * 1_000) / sumOf(best.encrypted, 'bulk');
	return [
		figure('bulk', 1.6),
		...reads.map((what) => figure(what, 1.1)),
		{ name: `${host}.cipher.bulk-rate`, measured: rate, unit: 'per second' }
	];
}

/** Files in memory for the workload of both hosts, with the slices that its bulk part is cut into. */
export function cipherInput(): { readonly files: FilesPort; readonly slices: Slices } {
	const slices = createSlices(entriesPerSlice);
	const trees = { tree: makeTree(seed, entries), flat: makeFlat(seed, entries) };
	return { files: createMemoryFiles(trees, slices.step), slices };
}

/** One contestant's run: a new library is filled with the tree, then a large folder of it is read while warm. */
export async function runCipher(driver: Driver, slices: Slices): Promise<Times> {
	slices.begin();
	const { location } = await index(driver, 'tree');
	const bulk = slices.end('bulk');
	const flat = await index(driver, 'flat');
	const folder = await childOf(driver, flat.location, 'Large');
	// Each pass has its own chance of an undisturbed slice; the first one also warms.
	const passes = [];
	for (let pass = 0; pass < passesMax; pass++) passes.push(await read(driver, folder, location.entry));
	return leastOf([bulk, ...passes]);
}
