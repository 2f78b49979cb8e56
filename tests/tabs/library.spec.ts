import type { Page } from '@playwright/test';
import { ask, Browser, endLeader } from './browser.ts';
import { expect, test } from './tabs.ts';

const password = 'correct horse battery';

/** The bytes of the page's backup as text, one character each, and what lies in the browser's backup folder. */
async function makeBackup(page: Page): Promise<string> {
	return page.evaluate(async () => {
		const made = await window.atoll.client.makeBackup(new AbortController().signal);
		if (!made.ok) throw new Error(made.failure.type);
		const bytes = new Uint8Array(await made.value.arrayBuffer());
		return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
	});
}

function keptBackups(page: Page): Promise<number> {
	return page.evaluate(async () => {
		const root = await navigator.storage.getDirectory();
		const folder = await root.getDirectoryHandle('backups', { create: true });
		let count = 0;
		for await (const _ of folder.keys()) count++;
		return count;
	});
}

test('a backup made in a follower opens in another browser with the password', async ({ tabs, site }) => {
	const leader = await tabs.open('real');
	const page = await tabs.open('real');
	await ask(leader, 'library.create', { name: 'Holiday papers', password });
	const bytes = await makeBackup(page);
	expect(bytes.length % 512).toBe(0);
	expect(bytes).toContain('library.json');
	expect(bytes).not.toContain('Holiday papers');

	const other = await Browser.start(site);
	try {
		// In a follower there as well: the file crosses from tab to tab.
		await other.open('real');
		const there = await other.open('real');
		const restored = await there.evaluate(
			(text) =>
				window.atoll.client.restoreBackup(
					new File([Uint8Array.from(text, (letter) => letter.charCodeAt(0))], 'backup.tar'),
					new AbortController().signal
				),
			bytes
		);
		expect(restored).toMatchObject({ ok: true, value: { state: 'locked' } });
		const status = await ask(there, 'library.unlock', { by: 'password', password });
		expect(status).toMatchObject({ state: 'open', name: 'Holiday papers' });
	} finally {
		await other.close();
	}
});

test('a backup leaves nothing behind: discarded, or gone with its tab, or with the leader and its tab', async ({
	tabs
}) => {
	const leader = await tabs.open('real');
	const page = await tabs.open('real');
	const third = await tabs.open('real');
	await ask(leader, 'library.create', { name: 'Home', password });
	await makeBackup(page);
	expect(await keptBackups(leader)).toBe(1);
	await page.evaluate(() => window.atoll.client.discardBackup(new AbortController().signal));
	expect(await keptBackups(leader)).toBe(0);

	await makeBackup(page);
	await page.close();
	await expect.poll(() => keptBackups(leader)).toBe(0);

	await makeBackup(leader);
	await endLeader(tabs, leader, 'closed');
	await expect.poll(() => keptBackups(third)).toBe(0);
});

test('what is no backup is refused, and a library is never replaced by one', async ({ tabs }) => {
	const page = await tabs.open('real');
	const restore = (text: string) =>
		page.evaluate(
			(content) => window.atoll.client.restoreBackup(new File([content], 'backup.tar'), new AbortController().signal),
			text
		);
	expect(await restore('x'.repeat(4_096))).toMatchObject({ failure: { type: 'BackupUnreadable' } });
	expect(await restore('')).toMatchObject({ ok: false });
	await ask(page, 'library.create', { name: 'Home', password });
	expect(await restore('x'.repeat(4_096))).toMatchObject({ failure: { type: 'LibraryExists' } });
	expect(await ask(page, 'library.status')).toMatchObject({ state: 'open', name: 'Home' });
});

test('locking the real library locks all tabs; a wrong password stays a failure in each', async ({ tabs }) => {
	const pages = [await tabs.open('real'), await tabs.open('real'), await tabs.open('real')];
	const [first, second, third] = pages as [Page, Page, Page];
	await ask(first, 'library.create', { name: 'Home', password });
	await ask(second, 'library.lock');
	for (const page of pages) expect(await ask(page, 'library.status')).toMatchObject({ state: 'locked' });
	const wrong = await third.evaluate(() =>
		window.atoll.call('library.unlock', { by: 'password', password: 'not it at all' }, new AbortController().signal)
	);
	expect(wrong).toEqual({ ok: false, failure: { type: 'WrongPassword' } });
	await ask(third, 'library.unlock', { by: 'password', password });
	for (const page of pages) expect(await ask(page, 'library.status')).toMatchObject({ state: 'open', name: 'Home' });
});

test(
	'removing the library ends the worker that had it open, and all tabs say that there is none',
	{ tag: '@nightly' },
	async ({ tabs }) => {
		const pages = [await tabs.open('real'), await tabs.open('real')];
		const [first, second] = pages as [Page, Page];
		await ask(first, 'library.create', { name: 'Home', password });
		await ask(second, 'library.remove');
		for (const page of pages) expect(await ask(page, 'library.status')).toEqual({ state: 'none' });
		await ask(second, 'library.create', { name: 'Again', password });
		expect(await ask(first, 'library.status')).toMatchObject({ state: 'open', name: 'Again' });
	}
);
