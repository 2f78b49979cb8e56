import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext, type Page } from '@playwright/test';
import type {} from './page/main.ts';
import { chromiumLaunch } from '../chromium.ts';
import type { Site } from './site.ts';

/** A browser with a profile on disk, as people have: OPFS of an incognito context is in memory. */
export class Browser {
	readonly context: BrowserContext;
	readonly site: Site;
	readonly #profile: string;

	constructor(context: BrowserContext, site: Site, profile: string) {
		this.context = context;
		this.site = site;
		this.#profile = profile;
	}

	static async start(site: Site): Promise<Browser> {
		const profile = mkdtempSync(join(tmpdir(), 'atoll-profile-'));
		const launch = chromiumLaunch();
		launch.args.push(`--host-resolver-rules=MAP atoll.test 127.0.0.1`);
		return new Browser(await chromium.launchPersistentContext(profile, launch), site, profile);
	}

	/** Opens a page of the stand-in core and waits until it has a leader. */
	async open(core: 'stand-in' | 'real' = 'stand-in'): Promise<Page> {
		const page = await this.context.newPage();
		await page.goto(`${this.site.origin}/?core=${core}`);
		await untilConnected(page);
		return page;
	}

	async close(): Promise<void> {
		await this.context.close();
		rmSync(this.#profile, { recursive: true, force: true });
	}
}

export async function untilConnected(page: Page): Promise<void> {
	await page.waitForFunction(() => ['leader', 'follower'].includes(window.atoll?.client.connection.state));
}

/** Calls a command in the page and gives its value; fails the test on a failure. */
export async function ask<Value>(page: Page, name: string, input: unknown = {}): Promise<Value> {
	const answer = await page.evaluate(
		([command, given]) => window.atoll.call(command, given, new AbortController().signal),
		[name, input] as const
	);
	if (!answer.ok) throw new Error(`${name}: ${JSON.stringify(answer.failure)}`);
	return answer.value as Value;
}

/** Starts a call in the page that is not waited for; `settled` tells how it ended. */
export function begin(page: Page, key: string, name: string, input: unknown = {}): Promise<void> {
	return page.evaluate(
		([into, command, given]) => {
			void window.atoll
				.call(command, given, new AbortController().signal)
				.then((answer) => (window.atoll.results[into] = answer));
		},
		[key, name, input] as const
	);
}

export async function settled(page: Page, key: string) {
	const handle = await page.waitForFunction((name) => window.atoll.results[name], key);
	return handle.jsonValue();
}

export function stateOf(page: Page): Promise<string> {
	return page.evaluate(() => window.atoll.client.connection.state);
}

/** The page in whose worker the core runs; there is exactly one when all are connected. */
export async function leaderOf(pages: readonly Page[]): Promise<Page> {
	const states = await Promise.all(pages.map(stateOf));
	const leaders = pages.filter((_, index) => states[index] === 'leader');
	const [leader] = leaders;
	if (leader === undefined || leaders.length > 1) throw new Error(`leaders: ${states.join(', ')}`);
	return leader;
}

export const ways = ['closed', 'crashed', 'worker terminated'] as const;
export type Way = (typeof ways)[number];

/** Ends the leader of `page` in one of the ways in which tabs end. */
export async function endLeader(browser: Browser, page: Page, way: Way): Promise<void> {
	if (way === 'closed') return page.close();
	if (way === 'worker terminated') return page.evaluate(() => window.atoll.endWorker());
	const debug = await browser.context.newCDPSession(page);
	const crashed = page.waitForEvent('crash');
	// Its answer never comes: the page is gone.
	void debug.send('Page.crash').catch(() => {});
	await crashed;
}
