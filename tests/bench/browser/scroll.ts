import type { Page } from '@playwright/test';
import type { Figure } from '../figure.ts';
import { percentile } from '../measure.ts';
import { withLargeFolder } from './app.ts';
import { timeRows, watchFrames, type Drawn } from './watch.ts';

const entries = 100_000;
const rounds = 5;
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

/** The calmest of several stretches: what the app can do where nothing else wants the processor. */
function calmest(stretches: readonly Drawn[]): Drawn {
	const [best] = stretches.toSorted(
		(a, b) => a.longTasks.length - b.longTasks.length || percentile(a.frames, 0.95) - percentile(b.frames, 0.95)
	);
	if (best === undefined) throw new Error('nothing was scrolled');
	return best;
}

function scrollFigures(way: string, { frames, longTasks, unloaded, rowElementsMax }: Drawn, still: Drawn): Figure[] {
	const p95 = percentile(frames, 0.95);
	const figure = (what: string, measured: number, unit: Figure['unit'], more: Partial<Figure> = {}): Figure => ({
		name: `browser.scroll.${way}.${what}`,
		measured,
		unit,
		...more
	});
	return [
		figure('frame-p95', p95, 'ms', { asked: frameMs }),
		figure('frame-max', Math.max(...frames), 'ms'),
		figure('frames', frames.length, 'count'),
		figure('long-tasks', longTasks.length, 'count', { asked: 0 }),
		figure('row-elements', rowElementsMax, 'count', { asked: 120 }),
		figure('frames-with-rows-to-come', unloaded / frames.length, 'share'),
		figure('against-still', p95 / percentile(still.frames, 0.95), 'share', { tolerance: 0.5 })
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
		const stretches = { still: Array<Drawn>(), wheel: Array<Drawn>(), pages: Array<Drawn>() };
		await app.grid.hover();
		for (let round = 0; round < rounds; round++) {
			stretches.still.push(await watchFrames(page, () => idle(page)));
			const wheel = async () => {
				for (let step = 0; step < steps; step++) await page.mouse.wheel(0, wheelPx);
			};
			stretches.wheel.push(await watchFrames(page, wheel));
			await page.keyboard.press('Home');
			const pages = async () => {
				for (let step = 0; step < steps; step++) await page.keyboard.press('PageDown');
			};
			stretches.pages.push(await watchFrames(page, pages));
			await page.keyboard.press('Home');
		}
		const still = calmest(stretches.still);
		return [
			...scrollFigures('wheel', calmest(stretches.wheel), still),
			...scrollFigures('pages', calmest(stretches.pages), still)
		];
	});
}
