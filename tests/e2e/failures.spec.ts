import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { chromiumLaunch } from '../chromium.ts';
import { AppScreen, expect, makeFiles, stubPicker, test } from './support/app.ts';

const password = 'blue harbour kettle';

async function openFolder(page: Page, app: AppScreen): Promise<void> {
	await stubPicker(page, 'Papers');
	await page.goto('/');
	await makeFiles(page, 'Papers', ['one.txt', 'two.txt', 'Inner/three.txt']);
	await app.button('Open folder').click();
	await expect(app.row('two.txt')).toBeVisible();
	await expect(app.status).toContainText('3 files in all');
}

test(
	'a page that cannot be fetched now says so, leaves the library open, and is there once it can be',
	{ tag: '@nightly' },
	async ({ page, app }) => {
		await openFolder(page, app);
		await page.context().setOffline(true);
		await page.keyboard.press('Control+k');
		await page.keyboard.type('all tags');
		await page.keyboard.press('Enter');
		await expect(page.getByRole('heading', { name: 'This page could not be fetched' })).toBeVisible();
		await app.button('Try again').click();
		await expect(page.getByText('still does not answer')).toBeVisible();
		await app.button('Back').click();
		await expect(app.row('two.txt')).toBeVisible();
		await page.goForward();
		await expect(app.button('Try again')).toBeVisible();
		await page.context().setOffline(false);
		await app.button('Try again').click();
		await expect(page.getByRole('heading', { name: 'Tags', exact: true, level: 1 })).toBeVisible();
	}
);

async function lookForChanges(page: Page, app: AppScreen): Promise<void> {
	await page.getByRole('navigation', { name: 'Library' }).getByText('Papers').hover();
	await app.button('More for Papers').click();
	await page.getByRole('menuitem', { name: 'Look for changes' }).click();
}

/** Makes a library with a password, keeps a backup of it, and locks it. */
async function makeLockedLibrary(page: Page, app: AppScreen): Promise<string> {
	await page.goto('/');
	await app.button('Set a password first').click();
	await page.getByRole('textbox', { name: 'Password' }).fill(password);
	await app.button('Create library').click();
	await page.getByRole('checkbox', { name: 'I have kept it somewhere safe' }).check();
	await app.button('Continue').click();
	await app.button('Try a sample').first().click();
	await expect(app.row('Photos')).toBeVisible();
	await expect(app.status).toContainText('200 files in all');
	await app.button('Settings').click();
	const download = page.waitForEvent('download');
	await app.button('Make a backup').click();
	const backup = await (await download).path();
	await app.button('Lock').first().click();
	await expect(page.getByRole('heading', { name: 'Your library is locked' })).toBeVisible();
	return backup;
}

/** Writes other bytes into a file of the library, as a failing disk would: in place of `from`, or into every page. */
async function damage(
	page: Page,
	name: 'database.db' | 'library.json',
	from: string | null,
	to: string
): Promise<void> {
	await page.evaluate(
		async ([file, before, after]) => {
			const libraries = await (await navigator.storage.getDirectory()).getDirectoryHandle('libraries');
			const handle = await (await libraries.getDirectoryHandle('atoll.sdlibrary')).getFileHandle(file);
			const bytes = await handle.getFile();
			const writable = await handle.createWritable({ keepExistingData: before === null });
			if (before !== null) await writable.write((await bytes.text()).replace(before, after));
			else
				for (let position = 4096 + 100; position < bytes.size; position += 4096)
					await writable.write({ type: 'write', position, data: after });
			await writable.close();
		},
		[name, from, to] as const
	);
}

test('a folder that is gone keeps its rows and says what to do', async ({ page, app }) => {
	await openFolder(page, app);
	await page.evaluate(async () => (await navigator.storage.getDirectory()).removeEntry('Papers', { recursive: true }));
	await lookForChanges(page, app);
	const banner = page.getByRole('region', { name: 'The folder is not there.' });
	await expect(banner).toContainText('Its disk may be unplugged');
	await expect(app.row('two.txt')).toBeVisible();
	await expect(page.getByRole('navigation', { name: 'Library' }).getByLabel('The folder is not there')).toBeVisible();

	await makeFiles(page, 'Papers', ['one.txt', 'two.txt', 'Inner/three.txt', 'four.txt']);
	await banner.getByRole('button', { name: 'Try again' }).click();
	await expect(app.row('four.txt')).toBeVisible();
	await expect(banner).toBeHidden();
});

test('a folder that is suddenly empty forgets nothing until the person says so', async ({ page, app }) => {
	await openFolder(page, app);
	await page.evaluate(async () => {
		const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('Papers');
		for await (const name of folder.keys()) await folder.removeEntry(name, { recursive: true });
	});
	await lookForChanges(page, app);
	const banner = page.getByRole('region', { name: 'The folder is suddenly empty.' });
	await expect(banner).toContainText('Atoll knows 4 items in it and found none');
	await expect(app.row('two.txt')).toBeVisible();
	await banner.getByRole('button', { name: 'It is really empty' }).click();
	await page.getByRole('button', { name: 'Forget what was in it' }).click();
	await expect(page.getByRole('heading', { name: 'This folder is empty' })).toBeVisible();
});

test('a folder that the browser wants to be asked for again is browsed meanwhile, and reconnects with a click', async ({
	baseURL
}) => {
	const folder = mkdtempSync(join(tmpdir(), 'atoll-consent-'));
	const profile = mkdtempSync(join(tmpdir(), 'atoll-profile-'));
	writeFileSync(join(folder, 'kept.txt'), 'kept');
	const launch = () =>
		chromium.launchPersistentContext(profile, {
			...chromiumLaunch(),
			...(baseURL === undefined ? {} : { baseURL })
		});
	try {
		const before = await launch();
		const first = before.pages()[0] ?? (await before.newPage());
		await first.goto('/');
		await expect(first.getByRole('button', { name: 'Open folder' })).toBeVisible();
		const devtools = await before.newCDPSession(first);
		const data = { items: [], files: [folder], dragOperationsMask: 1 };
		for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
			await devtools.send('Input.dispatchDragEvent', { type, x: 300, y: 300, data });
		await expect(new AppScreen(first).row('kept.txt')).toBeVisible();
		const url = first.url();
		await before.close();

		const after = await launch();
		const page = after.pages()[0] ?? (await after.newPage());
		const app = new AppScreen(page);
		await page.goto(url);
		await expect(app.row('kept.txt')).toBeVisible();
		await page.getByRole('navigation', { name: 'Library' }).locator('.folder').hover();
		await app.button(/^More for/).click();
		await page.getByRole('menuitem', { name: 'Look for changes' }).click();
		await expect(page.getByRole('region', { name: 'The browser wants to be asked again.' })).toBeVisible();
		await expect(app.button('Reconnect').first()).toBeVisible();
		await expect(app.row('kept.txt')).toBeVisible();
		await after.close();
	} finally {
		rmSync(folder, { recursive: true, force: true });
		rmSync(profile, { recursive: true, force: true });
	}
});

test('a damaged library shows nothing of itself, and a backup takes its place', async ({ page, app }) => {
	const backup = await makeLockedLibrary(page, app);
	await damage(page, 'database.db', null, 'damaged');
	await page.reload();
	await page.getByRole('textbox', { name: 'Password' }).fill(password);
	await page.keyboard.press('Enter');
	await expect(page.getByRole('alert')).toContainText('The library is damaged');
	await expect(page.getByRole('alert')).toContainText('Your own files are untouched');

	const restore = async (file: string): Promise<void> => {
		const chooser = page.waitForEvent('filechooser');
		await app.button('Restore from a backup').click();
		await (await chooser).setFiles(file);
		await page.getByRole('dialog').getByRole('button', { name: 'Restore' }).click();
	};
	const folder = mkdtempSync(join(tmpdir(), 'atoll-no-backup-'));
	writeFileSync(join(folder, 'holiday.tar'), 'these are not the bytes of an archive'.repeat(40));
	await restore(join(folder, 'holiday.tar'));
	await expect(page.getByText('This is not a whole backup.')).toBeVisible();
	await expect(page.getByRole('heading', { name: 'The library is damaged' })).toBeVisible();
	rmSync(folder, { recursive: true, force: true });

	await restore(backup);
	await page.getByRole('textbox', { name: 'Password' }).fill(password);
	await page.keyboard.press('Enter');
	await page
		.getByRole('link', { name: /Sample/ })
		.last()
		.click();
	await expect(app.row('Photos')).toBeVisible();
});

test('a library of a later version is left alone', { tag: '@nightly' }, async ({ page, app }) => {
	await makeLockedLibrary(page, app);
	await damage(page, 'library.json', '"format": 1', '"format": 2');
	await page.reload();
	await expect(page.getByRole('alert')).toContainText('This library needs a newer Atoll');
	await expect(app.button('Reload')).toBeVisible();
});

test(
	'F64: a full disk is said in plain words, and what was there stays',
	{ tag: '@nightly' },
	async ({ page, app, baseURL }) => {
		await openFolder(page, app);
		await makeLongNames(page);
		const devtools = await page.context().newCDPSession(page);
		const origin = new URL(baseURL ?? page.url()).origin;
		const { usage } = await devtools.send('Storage.getUsageAndQuota', { origin });
		await devtools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: usage + 1000 });
		await lookForChanges(page, app);
		await expect(page.getByText('There is no room left.')).toBeVisible();
		await expect(app.row('two.txt')).toBeVisible();
		await devtools.send('Storage.overrideQuotaForOrigin', { origin });
		await page.getByRole('alert').getByRole('button', { name: 'Try again' }).click();
		await expect(app.grid).toHaveAttribute('aria-rowcount', '2003');
	}
);

/** Names enough to make the library grow by hundreds of kilobytes. */
async function makeLongNames(page: Page): Promise<void> {
	await makeFiles(
		page,
		'Papers',
		Array.from({ length: 2000 }, (_, at) => `${at} ${'a name with many words in it '.repeat(7)}.txt`)
	);
}

test('a browser that lacks what is needed is told so', async ({ page }) => {
	await page.addInitScript(() => Reflect.deleteProperty(Navigator.prototype, 'locks'));
	await page.goto('/');
	await expect(page.getByRole('alert')).toContainText('This browser is missing something');
	await expect(page.getByRole('alert')).toContainText('Atoll needs web locks');
});

test('a browser that cannot open folders offers what it can', async ({ page, app }) => {
	await page.addInitScript(() => Reflect.deleteProperty(window, 'showDirectoryPicker'));
	await page.goto('/');
	await expect(page.getByText('This browser cannot open folders')).toBeVisible();
	await expect(app.button('Open folder')).toHaveCount(0);
	await app.button('Try a sample').click();
	await expect(app.row('Photos')).toBeVisible();
});
