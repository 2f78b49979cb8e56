import type { Page } from '@playwright/test';

declare global {
	interface Window {
		frameWatch: { frames: number[]; tasks: number[]; elements: number; stop(): void };
	}
}

export type FramesSeen = {
	readonly count: number;
	readonly p95Ms: number;
	readonly longTasks: readonly number[];
	readonly elementsMax: number;
};

/** Measures the time from frame to frame, tasks over 50 ms, and how many row elements there are. */
export class FrameWatch {
	readonly #page: Page;
	private constructor(page: Page) {
		this.#page = page;
	}

	static async start(page: Page): Promise<FrameWatch> {
		await page.evaluate(() => {
			let last = performance.now();
			let handle = 0;
			const observer = new PerformanceObserver((list) => {
				for (const entry of list.getEntries()) window.frameWatch.tasks.push(Math.round(entry.duration));
			});
			const tick = (nowMs: number): void => {
				window.frameWatch.frames.push(nowMs - last);
				window.frameWatch.elements = Math.max(
					window.frameWatch.elements,
					document.querySelectorAll('[role="grid"] [data-sizer] [role="row"]').length
				);
				last = nowMs;
				handle = requestAnimationFrame(tick);
			};
			window.frameWatch = {
				frames: [],
				tasks: [],
				elements: 0,
				stop() {
					cancelAnimationFrame(handle);
					observer.disconnect();
				}
			};
			observer.observe({ type: 'longtask' });
			handle = requestAnimationFrame(tick);
		});
		return new FrameWatch(page);
	}

	/** Waits until nothing moves any more, then tells what was seen. */
	async stop(): Promise<FramesSeen> {
		return this.#page.evaluate(async () => {
			await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
			window.frameWatch.stop();
			const { frames, tasks, elements } = window.frameWatch;
			const sorted = frames.slice(1).toSorted((a, b) => a - b);
			return {
				count: sorted.length,
				p95Ms: sorted[Math.ceil(sorted.length * 0.95) - 1] ?? 0,
				longTasks: tasks,
				elementsMax: elements
			};
		});
	}
}
