import { test as base } from '@playwright/test';
import { Browser } from './browser.ts';
import { serveSite, type Site } from './site.ts';

export const test = base.extend<{ readonly tabs: Browser }, { readonly site: Site }>({
	site: [
		async ({}, use) => {
			const site = await serveSite();
			await use(site);
			await site.close();
		},
		{ scope: 'worker' }
	],
	tabs: async ({ site }, use) => {
		const browser = await Browser.start(site);
		await use(browser);
		await browser.close();
	}
});

export { expect } from '@playwright/test';
