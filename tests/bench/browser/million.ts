import type { Figure } from '../figure.ts';
import { median } from '../measure.ts';
import { withLargeFolder } from './app.ts';
import { timeRows } from './watch.ts';

const entries = 1_000_000;
const times = 7;

/** A million rows on a sharp screen: opened once, then from end to end. */
export function measureMillion(): Promise<Figure[]> {
	return withLargeFolder(entries, { deviceScaleFactor: 2 }, async (app) => {
		const { page } = app;
		await app.row('Large').click();
		const open = await timeRows(page, entries, () => page.keyboard.press('Enter'));
		await app.rows.first().click();
		const jump = async (key: string, row: number) => {
			const ms = await timeRows(page, entries, () => page.keyboard.press(key));
			await page.locator(`[aria-rowindex="${row}"]:focus`).waitFor();
			return ms;
		};
		const [end, home] = [Array<number>(), Array<number>()];
		for (let time = 0; time < times; time++) {
			end.push(await jump('End', entries));
			home.push(await jump('Home', 1));
		}
		return [
			{ name: 'browser.million.open', measured: open, unit: 'ms' },
			{ name: 'browser.million.end-median', measured: median(end), unit: 'ms', asked: 300 },
			{ name: 'browser.million.home-median', measured: median(home), unit: 'ms', asked: 300 },
			{ name: 'browser.million.end-first', measured: end[0] ?? NaN, unit: 'ms' }
		];
	});
}
