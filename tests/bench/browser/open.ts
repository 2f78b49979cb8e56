import type { AppScreen } from '../../e2e/support/app.ts';
import type { Figure } from '../figure.ts';
import { median, percentile } from '../measure.ts';
import { withLargeFolder } from './app.ts';
import { timeRows } from './watch.ts';

const entries = 100_000;
const smallEntries = 20;
const times = 20;
const askedMs = 300;

/** Milliseconds from Enter on a folder's row to its painted rows; ends where it began. */
async function timeOpening(app: AppScreen, name: string, count: number): Promise<number> {
	await app.row(name).click();
	const ms = await timeRows(app.page, count, () => app.page.keyboard.press('Enter'));
	await app.page.keyboard.press('Alt+ArrowUp');
	await app.row(name).and(app.page.locator(':focus')).waitFor();
	return ms;
}

/** Opening a folder of 100,000 from the one above it, beside opening one of twenty. */
export function measureOpening(): Promise<Figure[]> {
	return withLargeFolder(entries, {}, async (app) => {
		const large: number[] = [];
		const small: number[] = [];
		for (let time = 0; time < times; time++) {
			small.push(await timeOpening(app, 'Small', smallEntries));
			large.push(await timeOpening(app, 'Large', entries));
		}
		return [
			{ name: 'browser.open.median', measured: median(large), unit: 'ms', asked: askedMs },
			{ name: 'browser.open.p95', measured: percentile(large, 0.95), unit: 'ms', asked: askedMs },
			// The first time after unlocking, every page of the listing is read from the disk and decrypted.
			{ name: 'browser.open.first', measured: large[0] ?? NaN, unit: 'ms', asked: askedMs },
			{ name: 'browser.open.small-median', measured: median(small), unit: 'ms' },
			{
				name: 'browser.open.against-small',
				measured: Math.min(...large) / Math.min(...small),
				unit: 'share',
				tolerance: 0.5
			}
		];
	});
}
