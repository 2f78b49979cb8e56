import type { Page } from '@playwright/test';
import type { Figure } from '../figure.ts';
import { median, percentile } from '../measure.ts';
import { withLargeFolder } from './app.ts';
import { timeRows, watchFrames, type Drawn } from './watch.ts';

const entries = 100_000;
const steps = 200;
const wheelPx = 240;
const idleFrames = 60;
/** One frame of a 60 Hz screen, as the browser rounds it: less cannot be measured from frame to frame. */
const frameMs = 16.7;

async function idle(page: Page): Promise<void> {
	await page.evaluate(async (frames) => {
		for (let frame = 0; frame < frames; frame++) await new Promise((resolve) => requestAnimationFrame(resolve));
	}, idleFrames);
}

function scrollFigures(name: string, { frames, longTasks, unloaded, rowElementsMax }: Drawn, still: Drawn): Figure[] {
	const p95 = percentile(frames, 0.95);
	return [
		{ name: `browser.scroll.${name}.frame-p95`, measured: p95, unit: 'ms', asked: frameMs },
		{ name: `browser.scroll.${name}.frame-max`, measured: Math.max(...frames), unit: 'ms' },
		{ name: `browser.scroll.${name}.frames`, measured: frames.length, unit: 'count' },
		{ name: `browser.scroll.${name}.long-tasks`, measured: longTasks.length, unit: 'count', asked: 0 },
		{ name: `browser.scroll.${name}.unloaded`, measured: unloaded / frames.length, unit: 'share' },
		{ name: `browser.scroll.${name}.row-elements`, measured: rowElementsMax, unit: 'count', asked: 120 },
		{
			name: `browser.scroll.${name}.against-still`,
			measured: p95 / median(still.frames),
			unit: 'share',
			tolerance: 0.5
		}
	];
}

/** Scrolling 100,000 rows by the wheel and by pages, beside the same page standing still. */
export function measureScrolling(): Promise<Figure[]> {
	return withLargeFolder(entries, {}, async (app) => {
		const { page } = app;
		await app.row('Large').click();
		await timeRows(page, entries, () => page.keyboard.press('Enter'));
		await app.rows.first().click();
		// The total of the folder is asked for when it has stood for a while: not a part of scrolling.
		await app.status.getByText(/\d [KMG]?B/).waitFor();
		const still = await watchFrames(page, () => idle(page));
		await app.grid.hover();
		const wheel = await watchFrames(page, async () => {
			for (let step = 0; step < steps; step++) await page.mouse.wheel(0, wheelPx);
		});
		await page.keyboard.press('Home');
		const pages = await watchFrames(page, async () => {
			for (let step = 0; step < steps; step++) await page.keyboard.press('PageDown');
		});
		return [...scrollFigures('wheel', wheel, still), ...scrollFigures('pages', pages, still)];
	});
}
