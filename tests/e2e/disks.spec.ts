import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test, type AppScreen } from './support/app.ts';
import { chromiumWithoutObserver, dropFolder } from './support/drop.ts';

test.use({ launchOptions: chromiumWithoutObserver() });

const sidebar = (page: Page) => page.getByRole('navigation', { name: 'Library' });
const disks = (page: Page) => page.getByRole('main').getByRole('listitem');

async function goToDisks(page: Page): Promise<void> {
	await sidebar(page).getByRole('link', { name: 'Disks' }).click();
	await expect(page.getByRole('heading', { name: 'Disks' })).toBeVisible();
}

async function choose(page: Page, app: AppScreen, wish: string): Promise<void> {
	await app.button(/^How quick/).click();
	await page.getByRole('menuitemradio', { name: wish }).click();
}

/** A folder of the disk that the browser is given as a person gives it. */
async function withDropped(page: Page, app: AppScreen, use: (folder: string) => Promise<void>): Promise<void> {
	const top = mkdtempSync(join(tmpdir(), 'atoll-disks-'));
	const folder = join(top, 'Films');
	mkdirSync(join(folder, 'Old'), { recursive: true });
	writeFileSync(join(folder, 'Old', 'harbour.mkv'), Buffer.alloc(3_000_000, 'film'));
	writeFileSync(join(folder, 'list.txt'), 'list');
	try {
		await page.goto('/');
		await expect(app.button('Open folder')).toBeVisible();
		await dropFolder(page, folder);
		await expect(app.row('list.txt')).toBeVisible();
		await expect(app.status).toContainText('2 files in all');
		await use(folder);
	} finally {
		rmSync(top, { recursive: true, force: true });
	}
}

test(
	'a folder of a disk that nothing is known of: shown, measured, wished for, named',
	{ tag: '@nightly' },
	async ({ page, app }) => {
		await withDropped(page, app, async () => {
			await goToDisks(page);
			const disk = disks(page).first();
			await expect(disk).toContainText('Films');
			await expect(disk).toContainText('Picked folder');
			await expect(disk).toContainText('The browser does not say which disk this is');
			await expect(disk).toContainText('Class not known');
			await app.button('Measure').click();
			await expect(disk).toContainText(/\d.*B\/s, perhaps from memory/);
			await choose(page, app, 'Cold: slow to come');
			await expect(app.button('How quick Films should be: Cold')).toBeVisible();
			await choose(page, app, 'No wish: as its disk is');
			await expect(app.button('How quick Films should be: no wish')).toBeVisible();

			await app.button('Rename Films').click();
			await page.getByRole('textbox', { name: 'Name' }).fill('The old disk');
			await app.button('Save').click();
			await expect(disk.getByRole('heading')).toHaveText('The old disk');
			await page.reload();
			await expect(disk.getByRole('heading')).toHaveText('The old disk');
		});
	}
);

test('a folder that goes away is offline everywhere, stays browsable and found, and comes back', async ({
	page,
	app
}) => {
	await withDropped(page, app, async (folder) => {
		renameSync(folder, `${folder}.away`);
		await page.reload();
		await expect(sidebar(page).getByLabel('Offline: The folder is not there')).toBeVisible();
		await expect(page.getByRole('region', { name: 'Offline: The folder is not there.' })).toBeVisible();
		await app.open('Old');
		await expect(app.row('harbour.mkv')).toBeVisible();
		await app.search.fill('harbour');
		await expect(app.row('harbour.mkv')).toContainText('Offline');
		await app.search.fill('');
		await goToDisks(page);
		await expect(disks(page).first()).toContainText('Offline. Last seen');
		await expect(app.button('Measure')).toBeHidden();

		renameSync(`${folder}.away`, folder);
		await page.reload();
		await expect(app.button('Measure')).toBeVisible();
		await expect(sidebar(page).getByLabel(/^Offline/)).toBeHidden();
	});
});

test('the sample lies in the storage of the browser, which says how full it is', async ({ page, app }) => {
	await page.goto('/');
	await app.button('Try a sample').click();
	await expect(app.row('Photos')).toBeVisible();
	await goToDisks(page);
	await expect(disks(page).first()).toContainText('Storage of this browser');
	await expect(disks(page).first()).toContainText(/free of/);
	await expect(page.getByRole('meter', { name: 'Share of the disk that is used' })).toBeVisible();
});

test('an address is copied from the info panel and leads back to the file from the path', async ({ page, app }) => {
	await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
	await withDropped(page, app, async () => {
		await app.open('Old');
		await app.row('harbour.mkv').click();
		await app.button('Info').click();
		await app.button('Copy address').click();
		await expect(page.getByText('Address copied.')).toBeVisible();
		const address = await page.evaluate(() => navigator.clipboard.readText());
		expect(address).toMatch(/^atoll:\/\/[0-9a-f]{32}\/[0-9a-f]{32}\/Old\/harbour\.mkv$/);
		await page.goto('/files');
		await page.getByRole('main').getByRole('link', { name: 'Films' }).click();
		await expect(app.row('list.txt')).toBeVisible();
		await page.keyboard.press('Control+l');
		await page.getByRole('textbox', { name: 'Path' }).fill(address);
		await page.keyboard.press('Enter');
		await expect(app.row('harbour.mkv')).toBeFocused();
		await page.keyboard.press('Control+l');
		await page.getByRole('textbox', { name: 'Path' }).fill('atoll://nowhere');
		await page.keyboard.press('Enter');
		await expect(page.getByRole('alert')).toContainText('That is not an address');
	});
});
