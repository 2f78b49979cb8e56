import type { Page } from '@playwright/test';
import type { Figure } from '../figure.ts';
import { leastOf, type Times } from '../measure.ts';
import { temporaryFolder } from '../node/node-library.ts';
import { makeSparseTree, recipes } from '../input/sparse-tree.ts';
import { onMeasuredPage } from './site.ts';

const rounds = 5;
/** At least 80 % of the rate of a walk that keeps nothing. */
const asked = 1 / 0.8;

/** Gives the page a folder of the disk as a person gives it: dropped on the window. */
async function dropOn(page: Page, folder: string): Promise<void> {
	const devtools = await page.context().newCDPSession(page);
	const data = { items: [], files: [folder], dragOperationsMask: 1 };
	for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
		await devtools.send('Input.dispatchDragEvent', { type, x: 100, y: 100, data });
	await page.evaluate(() => window.dropped);
}

/** Indexing a folder of the disk in a browser, beside a walk of it that keeps nothing. */
export async function measureBrowserIndex(): Promise<Figure[]> {
	const recipe = recipes['medium'];
	if (recipe === undefined) throw new Error('there is no such recipe');
	const tree = temporaryFolder();
	makeSparseTree(tree.path, recipe, 1);
	try {
		const all: Times[] = await onMeasuredPage(async (page) => {
			await dropOn(page, tree.path);
			const runs: Times[] = [];
			for (let round = 0; round < rounds; round++)
				runs.push(
					await page.evaluate(
						async (walksFirst) => window.measured.indexing(await window.dropped, walksFirst),
						round % 2 === 0
					)
				);
			return runs;
		});
		const { walk = NaN, first = NaN, again = NaN, entries = NaN } = leastOf(all);
		return [
			{ name: 'browser.index.first', measured: first / walk, unit: 'share', asked, tolerance: 0.25 },
			{ name: 'browser.index.again', measured: again / walk, unit: 'share', asked, tolerance: 0.25 },
			{ name: 'browser.index.first-rate', measured: (entries * 1_000) / first, unit: 'per second' },
			{ name: 'browser.index.walk-rate', measured: (entries * 1_000) / walk, unit: 'per second' }
		];
	} finally {
		tree.remove();
	}
}
