import { expect, test as base } from './support/app.ts';
import { LibraryPeer } from './support/library-peer.ts';

const test = base.extend<{ peer: LibraryPeer }>({
	peer: async ({}, use) => {
		const peer = new LibraryPeer();
		await use(peer);
		await peer.remove();
	}
});

test('an app that no peer serves joins one that it dials directly, and has its folder', async ({ peer, app, page }) => {
	peer.write('papers/ledger.txt', 'ledger');
	await peer.start('papers');
	const { given, yes } = await peer.pair('link');
	await page.goto('/');
	await app.button('Join another device').click();
	await page.getByRole('textbox', { name: 'Link, words or code' }).fill(given);
	await app.button('Join').click();
	const words = page.getByLabel('Words to compare');
	await expect(words).toBeVisible();
	const shown = await words.locator('span').allInnerTexts();
	await app.button('They match').click();
	await yes(shown.join(' '));
	const folder = page.getByRole('navigation', { name: 'Library' }).getByRole('link', { name: /^papers/ });
	await folder.click();
	await expect(app.row('ledger.txt')).toBeVisible();
	// Linked as any device: what comes there is seen here.
	peer.write('papers/later.txt', 'later');
	await expect(app.row('later.txt')).toBeVisible();
	expect(peer.links, 'nothing came over its port of WebSockets').toBe(0);
});
