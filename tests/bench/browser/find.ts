import type { Page } from '@playwright/test';
import type { Figure } from '../figure.ts';
import { median, percentile } from '../measure.ts';
import { withLargeFolder } from './app.ts';
import { watchFrames } from './watch.ts';

const entries = 100_000;
const queries = 200;
const askedMs = 50;
/** Typed letter by letter, so that every beginning of each is a query of its own. */
const words = (
	'report photo invoice zephyr screenshot kernel package calendar image quartz sonata parser umbrella final holiday ' +
	'budget draft journal velvet oxford presentation yearbook meadow index turbine certificate library manual ocean orchard harvest'
).split(' ');

/** Milliseconds from the letter to the painted rows that answer it: their marks are of exactly what is typed. */
async function timeLetter(page: Page, typed: string, key: string): Promise<number> {
	await page.evaluate((wanted) => {
		window.watch.begin('keydown', () =>
			[...document.querySelectorAll('[role="grid"] mark')].some((mark) => mark.textContent.toLowerCase() === wanted)
		);
	}, typed);
	await page.keyboard.press(key);
	return page.evaluate(() => window.watch.took);
}

/** Finding names in 100,000 as one types, from the key to the screen. */
export function measureFinding(): Promise<Figure[]> {
	return withLargeFolder(entries, {}, async (app) => {
		const { page } = app;
		await app.search.click();
		const times: number[] = [];
		const drawn = await watchFrames(page, async () => {
			for (const word of words) {
				await app.search.selectText();
				for (let length = 1; length <= word.length && times.length < queries; length++)
					times.push(await timeLetter(page, word.slice(0, length), word.charAt(length - 1)));
			}
		});
		if (times.length < queries) throw new Error(`only ${times.length} letters to type`);
		const p95 = percentile(times, 0.95);
		return [
			{ name: 'browser.find.median', measured: median(times), unit: 'ms', asked: askedMs },
			{ name: 'browser.find.p95', measured: p95, unit: 'ms', asked: askedMs },
			{ name: 'browser.find.first', measured: times[0] ?? NaN, unit: 'ms' },
			{ name: 'browser.find.max', measured: Math.max(...times), unit: 'ms' },
			{ name: 'browser.find.long-tasks', measured: drawn.longTasks.length, unit: 'count', asked: 0 },
			{ name: 'browser.find.p95-in-frames', measured: p95 / median(drawn.frames), unit: 'share', tolerance: 0.5 }
		];
	});
}
