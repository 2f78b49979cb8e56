import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Locator, type Page } from '@playwright/test';
import { chromiumLaunch } from '../../chromium.ts';
import { AppScreen, expect } from './app.ts';

/** Somebody in front of a browser. */
export type Person = { readonly page: Page; readonly app: AppScreen };

/** A person whose browser has a profile of its own on disk, gone after `use`. */
export async function withPerson(use: (person: Person) => Promise<void>): Promise<void> {
	const folder = mkdtempSync(join(tmpdir(), 'atoll-person-'));
	const context = await chromium.launchPersistentContext(folder, { ...chromiumLaunch(), serviceWorkers: 'block' });
	try {
		const page = await context.newPage();
		await use({ page, app: new AppScreen(page) });
	} finally {
		await context.close();
		rmSync(folder, { recursive: true, force: true });
	}
}

export function sidebar(page: Page): Locator {
	return page.getByRole('navigation', { name: 'Library' });
}

/** The folder that a peer has in these tests. */
export function papersLink(page: Page): Locator {
	return sidebar(page).getByRole('link', { name: /^papers/ });
}

/** Puts a new tag on a file; gives when it was on. */
export async function putTag({ page, app }: Person, file: string, name: string): Promise<number> {
	await papersLink(page).click();
	await app.row(file).click();
	await page.keyboard.press('#');
	await expect(page.getByRole('combobox', { name: /^Tags of/ })).toBeFocused();
	await page.keyboard.type(name);
	await page.keyboard.press('Enter');
	await expect(page.getByRole('option', { name })).toHaveText(/on$/);
	const atMs = Date.now();
	await page.keyboard.press('Escape');
	return atMs;
}
