import type { CDPSession, Page } from '@playwright/test';

declare global {
	interface Window {
		frameWatch: { frames: number[]; elements: number; stop(): void };
	}
}

/** A span of Chromium's trace: when it began, how long it took by the clock and of the processor, in microseconds. */
type Span = {
	readonly name: string;
	readonly ph: string;
	readonly pid: number;
	readonly tid: number;
	readonly ts: number;
	readonly dur?: number;
	readonly tdur?: number;
	readonly args?: { readonly name?: string };
};

export type FramesSeen = {
	readonly count: number;
	/** Processor time of the page's own thread from frame to frame: what the app costs, whoever else uses the machine. */
	readonly workP95Ms: number;
	readonly longestTaskMs: number;
	/** The same by the clock. */
	readonly clockP95Ms: number;
	readonly elementsMax: number;
};

function p95(values: readonly number[]): number {
	return values.toSorted((a, b) => a - b)[Math.ceil(values.length * 0.95) - 1] ?? 0;
}

/** The spans of the page's own thread: the renderer's main thread that did the most. */
function pageSpans(spans: readonly Span[]): readonly Span[] {
	const work = new Map<string, number>();
	for (const { name, pid, tid, tdur = 0 } of spans) {
		const thread = `${pid}:${tid}`;
		if (name === 'RunTask') work.set(thread, (work.get(thread) ?? 0) + tdur);
	}
	const mains = spans
		.filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
		.map(({ pid, tid }) => `${pid}:${tid}`);
	const [busiest] = mains.toSorted((a, b) => (work.get(b) ?? 0) - (work.get(a) ?? 0));
	return spans.filter(({ ph, pid, tid }) => ph === 'X' && `${pid}:${tid}` === busiest);
}

/** Work between one frame and the next, in milliseconds. */
function workPerFrame(spans: readonly Span[]): readonly number[] {
	const ends = spans.filter(({ name }) => name === 'Commit').map(({ ts, dur = 0 }) => ts + dur);
	const frames = ends.toSorted((a, b) => a - b).map((end) => ({ end, work: 0 }));
	for (const { name, ts, tdur = 0 } of spans) {
		const frame = name === 'RunTask' ? frames.find(({ end }) => end >= ts) : undefined;
		if (frame !== undefined) frame.work += tdur / 1000;
	}
	return frames.map(({ work }) => work);
}

/** Measures what scrolling costs: by Chromium's own trace, and by the frames that the page sees. */
export class FrameWatch {
	readonly #page: Page;
	readonly #devtools: CDPSession;
	readonly #spans: Span[] = [];
	private constructor(page: Page, devtools: CDPSession) {
		this.#page = page;
		this.#devtools = devtools;
	}

	static async start(page: Page): Promise<FrameWatch> {
		const watch = new FrameWatch(page, await page.context().newCDPSession(page));
		await watch.#start();
		return watch;
	}

	async #start(): Promise<void> {
		// what crosses the wire here has no type: it is read as the trace format says
		this.#devtools.on('Tracing.dataCollected', ({ value }) => this.#spans.push(...(value as unknown as Span[])));
		await this.#devtools.send('Tracing.start', {
			transferMode: 'ReportEvents',
			traceConfig: { includedCategories: ['devtools.timeline', 'disabled-by-default-devtools.timeline'] }
		});
		await this.#page.evaluate(() => {
			let lastMs = performance.now();
			let handle = 0;
			const tick = (nowMs: number): void => {
				const watch = window.frameWatch;
				watch.frames.push(nowMs - lastMs);
				watch.elements = Math.max(watch.elements, document.querySelectorAll('[data-sizer] [role="row"]').length);
				lastMs = nowMs;
				handle = requestAnimationFrame(tick);
			};
			window.frameWatch = { frames: [], elements: 0, stop: () => cancelAnimationFrame(handle) };
			handle = requestAnimationFrame(tick);
		});
	}

	/** Waits for the last frame, then tells what was seen. */
	async stop(): Promise<FramesSeen> {
		const { frames, elements } = await this.#page.evaluate(async () => {
			await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
			window.frameWatch.stop();
			return window.frameWatch;
		});
		const complete = new Promise<void>((resolve) => this.#devtools.once('Tracing.tracingComplete', () => resolve()));
		await this.#devtools.send('Tracing.end');
		await complete;
		await this.#devtools.detach();
		const spans = pageSpans(this.#spans);
		const work = workPerFrame(spans);
		const tasks = spans.filter(({ name }) => name === 'RunTask').map(({ tdur = 0 }) => tdur / 1000);
		return {
			count: work.length,
			workP95Ms: p95(work),
			longestTaskMs: Math.max(0, ...tasks),
			clockP95Ms: p95(frames.slice(1)),
			elementsMax: elements
		};
	}
}
