import type { Page } from '@playwright/test';
import type { Failure } from '#core/kernel';
import { ask, endLeader, leaderOf, ways, type Browser } from './browser.ts';
import type { Line } from './page/stand-in-core.ts';
import type { Report } from './page/writer.ts';
import { pick, seeded } from './random.ts';

const tabsAtOnce = 3;

/** What the tabs do while leaders come and go, and how it is checked in the end. */
export type Work = {
	readonly core: 'stand-in' | 'real';
	readonly library: unknown;
	begin(page: Page, name: string): Promise<void>;
	check(page: Page, living: readonly Report[], all: readonly Report[]): Promise<Flaws>;
};
type Flaws = { readonly lost: readonly string[]; readonly twice: readonly string[] };

/** Every tab appends lines to the stand-in's log by `command`. */
export function appending(command: string): Work {
	return {
		core: 'stand-in',
		library: {},
		begin: (page, name) =>
			page.evaluate(([by, prefix, count]) => window.atoll.writer.startAppending(by, prefix, count), [
				command,
				name,
				4
			] as const),
		check: async (page, _, all) => {
			const lines = await ask<Line[]>(page, 'test.lines');
			const times = new Map<string, number>();
			for (const { text } of lines) times.set(text, (times.get(text) ?? 0) + 1);
			return {
				lost: all.flatMap(({ acknowledged }) => acknowledged).filter((text) => !times.has(text)),
				twice: [...times].flatMap(([text, there]) => (there > 1 ? [text] : []))
			};
		}
	};
}

/** Every tab adds and removes locations of the real core; a lost or doubled write is a failure of the next as well. */
export const placing: Work = {
	core: 'real',
	library: { name: 'Home', password: 'correct horse battery' },
	begin: (page, name) => page.evaluate((prefix) => window.atoll.writer.startPlacing(prefix, 1), name),
	check: async (page, living) => {
		const names = (await ask<{ name: string }[]>(page, 'locations.list')).map(({ name }) => name);
		const placed = living.flatMap((report) => report.placed);
		return {
			lost: placed.filter((name) => !names.includes(name)),
			twice: names.filter((name, index) => names.indexOf(name) !== index)
		};
	}
};

export type Outcome = Flaws & {
	readonly seed: number;
	/** How long each surviving lane of writes went without an answer, at each switch. */
	readonly stallsMs: readonly number[];
	readonly acknowledged: number;
	readonly failures: readonly Failure[];
	/** Writes applied by a leader that could not say so, and acknowledged by the next. */
	readonly repeats: number;
};

/** The longest times between two answers. */
function stalls({ lanesMs }: Report): number[] {
	return lanesMs.map((times) => Math.max(...times.slice(1).map((atMs, index) => atMs - (times[index] ?? atMs))));
}

class Run {
	readonly #browser: Browser;
	readonly #random: () => number;
	readonly #work: Work;
	#pages: Page[] = [];
	#opened = 0;
	readonly stallsMs: number[] = [];
	readonly #gone: Report[] = [];

	constructor(browser: Browser, random: () => number, work: Work) {
		this.#browser = browser;
		this.#random = random;
		this.#work = work;
	}

	async open(): Promise<Page> {
		const page = await this.#browser.open(this.#work.core);
		const name = `tab${this.#opened++}`;
		if (this.#opened === 1) await ask(page, 'library.create', this.#work.library);
		await this.#work.begin(page, name);
		this.#pages.push(page);
		return page;
	}

	/** Ends the leader at a random moment of the others' work and waits until all others work again. */
	async turn(): Promise<void> {
		const way = pick(this.#random, ways);
		const leader = await leaderOf(this.#pages);
		const stays = way === 'worker terminated';
		const survivors = this.#pages.filter((page) => stays || page !== leader);
		const mark = () => {
			window.atoll.writer.mark();
			return window.atoll.writer.moves;
		};
		const moves = await Promise.all(survivors.map((page) => page.evaluate(mark)));
		const last = await leader.evaluate(
			(rounds) => window.atoll.writer.afterAnswers(rounds).then(() => window.atoll.writer.report()),
			Math.floor(this.#random() * 10)
		);
		if (!stays) this.#gone.push(last);
		await endLeader(this.#browser, leader, way);
		const onwards = survivors.map((page, index) =>
			page.waitForFunction((before) => window.atoll.writer.wroteOn(before), moves[index] ?? 0)
		);
		await Promise.all(onwards);
		for (const page of survivors)
			this.stallsMs.push(...stalls(await page.evaluate(() => window.atoll.writer.report())));
		this.#pages = survivors;
		if (way === 'crashed') await leader.close();
		while (this.#pages.length < tabsAtOnce) await this.open();
	}

	async end(): Promise<Omit<Outcome, 'seed'>> {
		const living = await Promise.all(this.#pages.map((page) => page.evaluate(() => window.atoll.writer.stop())));
		const [page] = this.#pages;
		if (page === undefined) throw new Error('no tab is left');
		const all = [...this.#gone, ...living];
		return {
			...(await this.#work.check(page, living, all)),
			stallsMs: this.stallsMs,
			acknowledged: all.reduce((sum, { acknowledged }) => sum + acknowledged.length, 0),
			failures: all.flatMap(({ failures }) => failures),
			repeats: all.reduce((sum, { repeats }) => sum + repeats, 0)
		};
	}
}

/** Ends leaders at random while three tabs write, and counts what was lost and what is there twice. */
export async function runSwitches(browser: Browser, count: number, seed: number, work: Work): Promise<Outcome> {
	const run = new Run(browser, seeded(seed), work);
	for (let opened = 0; opened < tabsAtOnce; opened++) await run.open();
	for (let turn = 0; turn < count; turn++) await run.turn();
	return { seed, ...(await run.end()) };
}

export function describe({ seed, stallsMs, acknowledged, lost, twice, failures, repeats }: Outcome): string {
	const sorted = stallsMs.toSorted((a, b) => a - b);
	const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
	return (
		`seed ${seed}: ${acknowledged} acknowledged writes, ${lost.length} lost, ${twice.length} twice, ` +
		`${failures.length} failed, ${repeats} sent again after they had been applied; ` +
		`stall p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, max ${sorted.at(-1)} ms over ${sorted.length} lanes`
	);
}
