import type { Figure } from '../figure.ts';
import { searchFigures } from '../search-workload.ts';
import { onMeasuredPage } from './site.ts';

const entries = 1_000_000;

/** Every kind of query over a million names in the browser's private file system. */
export async function measureSearch(): Promise<Figure[]> {
	const { times, scanMs, indexMs, usageMs } = await onMeasuredPage((page) =>
		page.evaluate((count) => window.measured.search(count), entries)
	);
	return [
		...searchFigures('browser', times, scanMs),
		{ name: 'browser.search.indexing', measured: (entries * 1_000) / indexMs, unit: 'per second' },
		{ name: 'browser.search.usage-of-all', measured: usageMs, unit: 'ms' }
	];
}
