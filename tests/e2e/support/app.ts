import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
	chromium,
	expect as plainExpect,
	test as base,
	type BrowserContext,
	type Locator,
	type Page
} from '@playwright/test';
import { chromiumLaunch } from '../../chromium.ts';

/** Waits longer than Playwright does by itself: what is waited for here makes libraries and reads folders. */
export const expect = plainExpect.configure({ timeout: 15_000 });

/** What the page under test records of the folder picker. */
export type PickerCall = { readonly what: 'picker' | 'permission'; readonly argument: unknown };

declare global {
	interface Window {
		pickerCalls: PickerCall[];
	}
}

/**
 * Puts a folder of the browser's private file system in the place of the one that a person would pick: a real directory
 * handle, under the name that `pickFolder` gave it.
 */
export async function stubPicker(page: Page, folder: string): Promise<void> {
	await page.addInitScript((name) => {
		window.pickerCalls = [];
		window.showDirectoryPicker = async (...options) => {
			window.pickerCalls.push({ what: 'picker', argument: options[0] ?? null });
			return (await navigator.storage.getDirectory()).getDirectoryHandle(name, { create: true });
		};
		Object.assign(FileSystemHandle.prototype, {
			queryPermission: async () => 'granted',
			requestPermission: async (wanted: unknown) => {
				window.pickerCalls.push({ what: 'permission', argument: wanted });
				return 'granted';
			}
		});
	}, folder);
}

/** Makes empty files in a folder of the browser's private file system; a path may name folders on the way. */
export async function makeFiles(page: Page, folder: string, paths: readonly string[]): Promise<void> {
	await page.evaluate(
		async ([name, files]) => {
			const root = await (await navigator.storage.getDirectory()).getDirectoryHandle(name, { create: true });
			await Promise.all(
				files.map(async (path) => {
					const parts = path.split('/');
					let parent = root;
					for (const part of parts.slice(0, -1)) parent = await parent.getDirectoryHandle(part, { create: true });
					await parent.getFileHandle(parts.at(-1) ?? '', { create: true });
				})
			);
		},
		[folder, paths] as const
	);
}

/** The app, by what a person would call its parts. */
export class AppScreen {
	readonly page: Page;
	constructor(page: Page) {
		this.page = page;
	}

	button(name: string | RegExp): Locator {
		return this.page.getByRole('button', { name, exact: typeof name === 'string' });
	}
	get grid(): Locator {
		return this.page.getByRole('grid');
	}
	get rows(): Locator {
		return this.grid.locator('[data-index]');
	}
	row(name: string): Locator {
		return this.rows.filter({ has: this.page.locator('.name bdi').getByText(name, { exact: true }) });
	}
	get search(): Locator {
		return this.page.getByRole('textbox', { name: 'Search', exact: true });
	}
	get status(): Locator {
		return this.page.locator('footer.status');
	}

	/** The first row at least half of which is seen. */
	firstRow(): Promise<number> {
		return this.grid.evaluate((grid) => {
			const view = grid.querySelector('[data-sizer]')?.parentElement?.getBoundingClientRect();
			const top = view?.top ?? 0;
			const seen = [...grid.querySelectorAll<HTMLElement>('[data-index]')]
				.map((row) => ({ index: Number(row.dataset['index']), box: row.getBoundingClientRect() }))
				.filter(({ box }) => box.height > 0 && box.top + box.height / 2 >= top);
			return Math.min(...seen.map(({ index }) => index));
		});
	}

	/** Restores a backup on the welcome page and unlocks it. */
	async restore(file: string, password: string): Promise<void> {
		await this.page.goto('/');
		const chooser = this.page.waitForEvent('filechooser');
		await this.button('Restore from a backup').click();
		await (await chooser).setFiles(file);
		await this.page.getByRole('textbox', { name: 'Password' }).fill(password);
		await this.button('Unlock').click();
		await expect(this.page.getByRole('heading', { name: 'All folders' })).toBeVisible();
	}

	/** Opens a row as a person does. */
	async open(name: string): Promise<void> {
		await this.row(name).dblclick();
		await expect(this.page.getByRole('navigation', { name: 'Path' }).locator('[aria-current]')).toHaveText(name);
	}

	/** Every character of the document, with attributes. */
	html(): Promise<string> {
		return this.page.evaluate(() => document.documentElement.outerHTML);
	}
}

type Fixtures = {
	app: AppScreen;
	/** A context with a profile on disk: what is installed and kept behaves as for people. */
	profile: BrowserContext;
};

export const test = base.extend<Fixtures>({
	app: async ({ page }, use) => {
		const defects: string[] = [];
		page.on('pageerror', (error) => defects.push(String(error)));
		await use(new AppScreen(page));
		expect(defects).toEqual([]);
	},
	profile: async ({ baseURL }, use) => {
		const folder = mkdtempSync(join(tmpdir(), 'atoll-profile-'));
		const context = await chromium.launchPersistentContext(folder, {
			...chromiumLaunch(),
			...(baseURL === undefined ? {} : { baseURL })
		});
		await use(context);
		await context.close();
		rmSync(folder, { recursive: true, force: true });
	}
});
