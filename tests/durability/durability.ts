import { test as base } from '@playwright/test';
import { Profile } from './profile.ts';
import { serveSite, type Site } from './site.ts';

export function newSeed(): number {
	const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));
	console.log(`seed ${seed}`);
	return seed;
}

/** `profile` is a browser that has not been started. */
export const test = base.extend<{ readonly profile: Profile }, { readonly site: Site }>({
	site: [
		async ({}, use) => {
			const site = await serveSite();
			await use(site);
			await site.close();
		},
		{ scope: 'worker' }
	],
	profile: async ({ site }, use) => {
		const profile = new Profile(site);
		await use(profile);
		await profile.end();
	}
});

export { expect } from '@playwright/test';
