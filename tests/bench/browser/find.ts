import type { Page } from '@playwright/test';
import type { AppScreen } from '../../e2e/support/app.ts';
import type { Figure } from '../figure.ts';
import { median, percentile } from '../measure.ts';
import { withLargeFolder } from './app.ts';
import { watchFrames, type Drawn } from './watch.ts';

const queries = 200;
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

/** Types all words, and gives the milliseconds of each letter. */
async function typeAll(app: AppScreen): Promise<number[]> {
	const times: number[] = [];
	for (const word of words) {
		await app.search.selectText();
		for (let length = 1; length <= word.length && times.length < queries; length++)
			times.push(await timeLetter(app.page, word.slice(0, length), word.charAt(length - 1)));
	}
	if (times.length < queries) throw new Error(`only ${times.length} letters to type`);
	return times;
}

type Size = { readonly name: string; readonly entries: number; readonly rounds: number; readonly askedMs: number };

/** From the key to the screen: each of 200 letters at its best of a few rounds. */
function timeFinding({ name, entries, rounds, askedMs }: Size): Promise<Figure[]> {
	return withLargeFolder(entries, {}, async (app) => {
		const { page } = app;
		await app.search.click();
		const times: number[][] = [];
		const drawn: Drawn[] = [];
		for (let round = 0; round < rounds; round++)
			drawn.push(await watchFrames(page, async () => void times.push(await typeAll(app))));
		const [first = []] = times;
		const best = first.map((_, letter) => Math.min(...times.map((round) => round[letter] ?? Infinity)));
		const p95 = percentile(best, 0.95);
		const frameMs = median(drawn.flatMap(({ frames }) => frames));
		return [
			{ name: `${name}.median`, measured: median(best), unit: 'ms', asked: askedMs },
			{ name: `${name}.p95`, measured: p95, unit: 'ms', asked: askedMs },
			// The first round finds what it needs on the disk, encrypted, and nothing at its best.
			{ name: `${name}.first-round-p95`, measured: percentile(first, 0.95), unit: 'ms' },
			// It waits until all entries have been read.
			{ name: `${name}.first-letter`, measured: first[0] ?? NaN, unit: 'ms' },
			{
				name: `${name}.long-tasks`,
				measured: Math.min(...drawn.map(({ longTasks }) => longTasks.length)),
				unit: 'count',
				asked: 0
			},
			{ name: `${name}.p95-in-frames`, measured: p95 / frameMs, unit: 'share', tolerance: 0.5 }
		];
	});
}

/** Finding among 100,000 as one types. */
export function measureFinding(): Promise<Figure[]> {
	return timeFinding({ name: 'browser.find', entries: 100_000, rounds: 3, askedMs: 50 });
}

/** Finding among 1,000,000 as one types. */
export function measureFindingMillion(): Promise<Figure[]> {
	return timeFinding({ name: 'browser.find-million', entries: 1_000_000, rounds: 2, askedMs: 100 });
}
