import type { Figure } from '../figure.ts';
import { createMemoryFiles, makeTree } from '../input/memory-tree.ts';
import { searchFigures, timeQueries, timeScan } from '../search-workload.ts';
import { timed } from '../measure.ts';
import { index } from '../workload.ts';
import { openNodeLibrary } from './node-library.ts';

const entries = 1_000_000;

/** Every kind of query over a million names on this machine's disk. */
export async function measureSearch(): Promise<Figure[]> {
	const library = await openNodeLibrary({ files: createMemoryFiles({ tree: makeTree(2, entries) }) });
	const { driver, connection } = library;
	const { ms, location } = await index(driver, 'tree');
	const times = await timeQueries(driver);
	const scanMs = await timeScan(connection());
	const usageMs = await timed(() => driver.value('entries.usage', { entry: location.entry }));
	await library.close();
	const sizeBytes = library.sizeBytes();
	library.remove();
	return [
		...searchFigures('node', times, scanMs),
		{ name: 'node.search.indexing', measured: (entries * 1_000) / ms, unit: 'per second' },
		{ name: 'node.search.usage-of-all', measured: usageMs, unit: 'ms' },
		{ name: 'node.search.bytes', measured: sizeBytes / entries, unit: 'bytes', asked: 400, tolerance: 0.03 }
	];
}
