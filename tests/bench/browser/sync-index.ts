import type { Figure } from '../figure.ts';
import { syncFigures, syncTries, type FirstSync } from '../sync-workload.ts';
import { onMeasuredPage } from './site.ts';

export async function measureSyncIndex(): Promise<Figure[]> {
	const all: FirstSync[] = [];
	// Each with a browser of its own, whose storage is empty.
	while (all.length < syncTries)
		all.push(await onMeasuredPage((page) => page.evaluate(() => window.measured.firstSync())));
	return syncFigures('browser', all);
}
