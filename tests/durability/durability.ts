import { test as base } from '@playwright/test';
import { testSeed } from '../sim/host/random.ts';
import { Profile } from './profile.ts';
import { serveSite, type Site } from './site.ts';

/** The seed of the test that runs. */
export function newSeed(): number {
	return testSeed(base.info().title);
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
