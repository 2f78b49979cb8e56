import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, readlinkSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext, type Page } from '@playwright/test';
import { chromiumLaunch } from '../chromium.ts';
import type { Site } from './site.ts';
import type { Probe } from './page/main.ts';
import type { Answer } from './page/commander.ts';
import type { Told } from './page/storm.ts';

/** The first bytes of a rollback journal that is to be played back (sqlite.org/fileformat2.html); a commit zeroes them. */
const journalMagic = Buffer.from('d9d505f920a163d7', 'hex');

/** How a page reaches the core, if it does. */
export type Reach = 'client' | 'commander' | 'none';

/** A browser whose profile outlives it, as a person's does: it can be killed, closed and started again. */
export class Profile {
	readonly folder = mkdtempSync(join(tmpdir(), 'atoll-profile-'));
	readonly site: Site;
	/** Hears what pages tell. */
	onTold: (told: Told) => void = () => undefined;
	#context: BrowserContext | null = null;

	constructor(site: Site) {
		this.site = site;
	}

	get context(): BrowserContext {
		if (this.#context === null) throw new Error('the browser is not running');
		return this.#context;
	}

	async start(): Promise<this> {
		const context = await chromium.launchPersistentContext(this.folder, chromiumLaunch());
		await context.exposeBinding('tell', (_, told: Told) => this.onTold(told));
		this.#context = context;
		return this;
	}

	/** A page whose core, if it has one, is connected. */
	async open(reach: Reach = 'client'): Promise<Page> {
		const page = await this.context.newPage();
		page.on('pageerror', (error) => console.error(`in the page: ${error.message}`));
		await page.goto(`${this.site.origin}/?core=${reach}`);
		await page.waitForFunction(() => 'probe' in window);
		if (reach === 'client')
			await page.waitForFunction(() => ['leader', 'follower'].includes(window.probe.client.connection.state));
		return page;
	}

	/** Kills every process of the browser at once, as the end of the battery or `kill -9` does. */
	async kill(): Promise<void> {
		const context = this.context;
		const closed = new Promise<void>((resolve) => context.once('close', () => resolve()));
		// Playwright starts the browser as the head of a process group of its own, and Chromium leaves its number here.
		const [, pid] = /-(\d+)$/.exec(readlinkSync(join(this.folder, 'SingletonLock'))) ?? [];
		process.kill(-Number(pid), 'SIGKILL');
		this.#context = null;
		await closed;
	}

	/** Ends the browser as a person does. */
	async stop(): Promise<void> {
		const context = this.#context;
		this.#context = null;
		await context?.close();
	}

	async end(): Promise<void> {
		await this.stop();
		rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
	}

	/** Where the browser keeps the bytes of OPFS files; names are in a database of its own. */
	storedFiles(): string[] {
		const at = join(this.folder, 'Default', 'File System');
		return readdirSync(at, { recursive: true, withFileTypes: true })
			.filter((entry) => entry.isFile() && /^\d{8}$/.test(entry.name))
			.map((entry) => join(entry.parentPath, entry.name));
	}

	/** The files of the only library here, found by what is in them. To be asked while nothing else is in OPFS. */
	libraryFiles(): LibraryFiles {
		const files = this.storedFiles().map((path) => ({ path, bytes: readFileSync(path) }));
		const header = files.find(({ bytes }) => bytes[0] === '{'.charCodeAt(0));
		const salt = header && (JSON.parse(header.bytes.toString()).cipher.salt as string);
		const database = files.find(({ bytes }) => bytes.subarray(0, 16).toString('hex') === salt);
		const journal = files.find((file) => file !== header && file !== database);
		if (!header || !database || !journal || files.length !== 3) throw new Error(`${files.length} files in OPFS`);
		return { header: header.path, database: database.path, journal: journal.path };
	}
}

export type LibraryFiles = { readonly header: string; readonly database: string; readonly journal: string };

/** Whether a transaction is under way, or was when the browser died. */
export function isJournalHot(path: string): boolean {
	const file = openSync(path, 'r');
	try {
		const start = Buffer.alloc(journalMagic.length);
		return readSync(file, start, 0, start.length, 0) === start.length && start.equals(journalMagic);
	} finally {
		closeSync(file);
	}
}

/** Calls a command in the page by its client. */
export function call(page: Page, name: string, input: unknown = {}): Promise<Answer> {
	return page.evaluate(([command, given]) => window.probe.call(command, given), [name, input] as const);
}

/** The value of a command; fails the test on a failure. */
export async function ask<Value>(page: Page, name: string, input: unknown = {}): Promise<Value> {
	const answer = await call(page, name, input);
	if (!answer.ok) throw new Error(`${name}: ${JSON.stringify(answer.failure)}`);
	return answer.value as Value;
}

/** Puts a folder under management of the library in `page`. */
export async function addLocation<Location extends { readonly id: number }>(
	page: Page,
	input: { readonly root: unknown; readonly name: string | null }
): Promise<Location> {
	await ask(page, 'actions.commit', { action: 'locations.add', input, plan: null });
	const all = await ask<(Location & { readonly root: unknown })[]>(page, 'locations.list');
	const location = all.find(({ root }) => root === input.root);
	if (location === undefined) throw new Error('the folder was not added');
	return location;
}

/** The failure of a command; fails the test on a value. */
export async function refusal(page: Page, name: string, input: unknown = {}): Promise<{ readonly type: string }> {
	const answer = await call(page, name, input);
	if (answer.ok) throw new Error(`${name} succeeded: ${JSON.stringify(answer.value)}`);
	return answer.failure;
}

export type { Probe };
