import type { Page } from '@playwright/test';

/** What one stretch of drawing was like; milliseconds. */
export type Drawn = {
	/** From one animation frame to the next. */
	readonly frames: readonly number[];
	/** Tasks that held the page's thread for more than 50 ms. */
	readonly longTasks: readonly number[];
	/** Frames in which some row had not been loaded yet. */
	readonly unloaded: number;
	readonly rowElementsMax: number;
};

type Watch = {
	/** Resolves with the time after the frame in which `isShown` holds for the first time was painted. */
	painted(isShown: () => boolean): Promise<number>;
	/** From the next event of this type, as the browser stamped it, to the painting of what `isShown` waits for. */
	begin(type: 'keydown' | 'input', isShown: () => boolean): void;
	/** The milliseconds between the two. */
	took: Promise<number>;
	startFrames(): void;
	stopFrames(): Promise<Drawn>;
	/** Whether the grid has so many rows (any number for null) and every row on the screen shows its entry. */
	rowsShown(count: number | null): boolean;
};

declare global {
	interface Window {
		watch: Watch;
	}
}

/** Runs in the page before anything of the app's. */
function install(): void {
	let [last, handle] = [0, 0];
	let [frames, longTasks, unloaded, rowElementsMax] = [Array<number>(), Array<number>(), 0, 0];
	const observer = new PerformanceObserver((list) =>
		longTasks.push(...list.getEntries().map(({ duration }) => duration))
	);
	const rowsSelector = '[role="grid"] [data-sizer] [role="row"]';
	const tick = (nowMs: number) => {
		if (last > 0) frames.push(nowMs - last);
		last = nowMs;
		rowElementsMax = Math.max(rowElementsMax, document.querySelectorAll(rowsSelector).length);
		if (document.querySelector(`${rowsSelector}[aria-busy]:not([hidden])`) !== null) unloaded++;
		handle = requestAnimationFrame(tick);
	};
	const watch: Watch = {
		painted: (isShown) =>
			new Promise((resolve) => {
				const look = () => {
					if (!isShown()) return void requestAnimationFrame(look);
					// A message that is sent while a frame is made comes after it has been painted.
					const channel = new MessageChannel();
					channel.port1.onmessage = () => resolve(performance.now());
					channel.port2.postMessage(null);
				};
				requestAnimationFrame(look);
			}),
		begin(type, isShown) {
			watch.took = new Promise((resolve) => {
				const onEvent = async (event: Event) => resolve((await watch.painted(isShown)) - event.timeStamp);
				addEventListener(type, (event) => void onEvent(event), { capture: true, once: true });
			});
		},
		took: Promise.resolve(NaN),
		startFrames() {
			[frames, longTasks, unloaded, rowElementsMax, last] = [[], [], 0, 0, 0];
			observer.observe({ type: 'longtask' });
			handle = requestAnimationFrame(tick);
		},
		async stopFrames() {
			await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
			cancelAnimationFrame(handle);
			observer.disconnect();
			return { frames, longTasks, unloaded, rowElementsMax };
		},
		rowsShown(count) {
			const grid = document.querySelector('[role="grid"]');
			const view = grid?.querySelector('[data-sizer]')?.parentElement?.getBoundingClientRect();
			if (!grid || !view || (count !== null && grid.getAttribute('aria-rowcount') !== String(count))) return false;
			const seen = [...grid.querySelectorAll('[data-sizer] [data-index]')].filter((row) => {
				const box = row.getBoundingClientRect();
				return box.height > 0 && box.bottom > view.top && box.top < view.bottom;
			});
			return seen.length > 0 && seen.every((row) => !row.hasAttribute('aria-busy'));
		}
	};
	window.watch = watch;
}

/** Puts `window.watch` into every document that `page` will open. */
export async function addWatch(page: Page): Promise<void> {
	await page.addInitScript(install);
}

/** Frames that are drawn while `work` runs. */
export async function watchFrames(page: Page, work: () => Promise<void>): Promise<Drawn> {
	await page.evaluate(() => window.watch.startFrames());
	await work();
	return page.evaluate(() => window.watch.stopFrames());
}

/** Milliseconds from the key that `press` sends to the painted rows of a grid of `count` (null: whatever number). */
export async function timeRows(page: Page, count: number | null, press: () => Promise<void>): Promise<number> {
	await page.evaluate((rows) => window.watch.begin('keydown', () => window.watch.rowsShown(rows)), count);
	await press();
	return page.evaluate(() => window.watch.took);
}
