/** One folder of a million, for whichever host runs it: what a person waits for who opens, sorts or measures it. */
import type { FilesPort } from '#core/ports';
import type { Driver } from '../conformance/core-driver.ts';
import type { Figure } from './figure.ts';
import { createMemoryFiles, makeFlat } from './input/memory-tree.ts';
import { timed, type Times } from './measure.ts';
import { childOf, index } from './workload.ts';

const entries = 1_000_000;
const screenRows = 60;

/** The folder in memory, under the root `flat`. */
export function largeInput(): FilesPort {
	return createMemoryFiles({ flat: makeFlat(3, entries) });
}

/** Indexes the folder, then asks for it in several ways; each of them finds the database larger than its cache. */
export async function timeLarge(driver: Driver): Promise<Times> {
	const { location, ms } = await index(driver, 'flat');
	const folder = await childOf(driver, location, 'Large');
	const list = (by: 'name' | 'size') => driver.value('entries.ids', { folder, order: { by, descending: false } });
	const first = await timed(() => list('name'));
	const again = await timed(() => list('name'));
	const ids = await list('name');
	const rows = await timed(() => driver.value('entries.rows', { ids: [...ids.subarray(-screenRows)] }));
	const usage = await timed(() => driver.value('entries.usage', { entry: folder }));
	const bySize = await timed(() => list('size'));
	return { index: ms, list: first, 'list-again': again, rows, usage, 'list-by-size': bySize };
}

export function largeFigures(host: string, times: Times): Figure[] {
	const { index: indexMs = NaN, ...told } = times;
	return [
		...Object.entries(told).map(([what, ms]): Figure => ({ name: `${host}.large.${what}`, measured: ms, unit: 'ms' })),
		{ name: `${host}.large.indexing`, measured: (entries * 1_000) / indexMs, unit: 'per second' },
		// Both read a million entries and nothing else: the one as it must, the other as it does.
		{
			name: `${host}.large.usage-against-list`,
			measured: (told['usage'] ?? NaN) / (told['list'] ?? NaN),
			unit: 'share',
			tolerance: 0.5
		}
	];
}
