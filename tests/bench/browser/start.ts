import type { BrowserContext } from '@playwright/test';
import { AppScreen, makeFiles, stubPicker } from '../../e2e/support/app.ts';
import type { Figure } from '../figure.ts';
import { createChance } from '../input/random.ts';
import { fileName } from '../input/names.ts';
import { median } from '../measure.ts';
import { withServedApp } from './app.ts';
import { openProfile, type Profile } from './site.ts';
import { addWatch } from './watch.ts';

const entries = 10_000;
const folder = 'Papers';
const times = 7;
const askedMs = 1_500;

/** Makes a library without a password from a folder of `entries` files; gives the address at which it is shown. */
async function prepare(context: BrowserContext): Promise<string> {
	const page = await context.newPage();
	await stubPicker(page, folder);
	const app = new AppScreen(page);
	await page.goto('/');
	const chance = createChance(5);
	const names = new Set(Array.from({ length: entries }, () => fileName(chance)));
	await makeFiles(page, folder, [...names]);
	await app.button('Open folder').click();
	await page.waitForFunction(
		(count) => document.querySelector('[role="grid"]')?.getAttribute('aria-rowcount') === String(count),
		names.size,
		{ timeout: 120_000 }
	);
	await page.evaluate(() => navigator.serviceWorker.ready);
	await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
	return page.url();
}

/** A browser that has just been started, without a network: from the navigation to the painted rows. */
async function timeStart(
	profile: Profile,
	address: string
): Promise<{ readonly rows: number; readonly paint: number }> {
	const context = await profile.start();
	try {
		await context.setOffline(true);
		const page = await context.newPage();
		await addWatch(page);
		await page.goto(address, { waitUntil: 'commit' });
		const rows = await page.evaluate(() => window.watch.painted(() => window.watch.rowsShown(null)));
		const paint = await page.evaluate(
			() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN
		);
		return { rows, paint };
	} finally {
		await context.close();
	}
}

/** The app in a browser that was not running, with no network and no server: from the navigation to the rows of a folder. */
export async function measureStart(): Promise<Figure[]> {
	const profile = openProfile();
	try {
		const address = await withServedApp(async ({ origin }) => {
			const context = await profile.start({ baseURL: origin });
			const shown = await prepare(context);
			await context.close();
			return shown;
		});
		const rows: number[] = [];
		const paint: number[] = [];
		for (let time = 0; time < times; time++) {
			const started = await timeStart(profile, address);
			rows.push(started.rows);
			paint.push(started.paint);
		}
		return [
			{ name: 'browser.start.median', measured: median(rows), unit: 'ms', asked: askedMs },
			{ name: 'browser.start.best', measured: Math.min(...rows), unit: 'ms', asked: askedMs },
			{ name: 'browser.start.worst', measured: Math.max(...rows), unit: 'ms' },
			{ name: 'browser.start.first-paint', measured: median(paint), unit: 'ms' },
			{
				name: 'browser.start.against-first-paint',
				measured: Math.min(...rows) / Math.min(...paint),
				unit: 'share',
				tolerance: 0.6
			}
		];
	} finally {
		profile.remove();
	}
}
