import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import decodeQr from 'qr/decode.js';
import { expect, test, type AppScreen } from './support/app.ts';
import { bigTree } from './support/library-backup.ts';
import { writeLinkedBackup } from './support/linked-library.ts';

const password = 'correct horse battery';

const sidebar = (page: Page) => page.getByRole('navigation', { name: 'Library' });
const adding = (page: Page) => page.getByRole('dialog', { name: 'Add a device' });
const card = (page: Page, name: string | RegExp) => page.getByRole('main').getByRole('listitem', { name, exact: true });

async function goToDevices(page: Page): Promise<void> {
	await sidebar(page).getByRole('link', { name: 'Devices' }).click();
	await expect(page.getByRole('heading', { name: 'Devices', level: 1 })).toBeVisible();
}

/** A library that was paired with a NAS, which has a folder "Photos", and with a laptop. */
async function withLinked(app: AppScreen, use: () => Promise<void>): Promise<void> {
	const folder = mkdtempSync(join(tmpdir(), 'atoll-linked-backup-'));
	try {
		const file = join(folder, 'linked.tar');
		await writeLinkedBackup(file, (path) => bigTree(path, 20), password);
		await app.restore(file, password);
		await use();
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

/** What a camera reads off the screen. */
async function scan(page: Page): Promise<string> {
	const shot = await page.getByRole('img', { name: 'The link as a QR code' }).screenshot();
	const picture = await page.evaluate(async (base64) => {
		const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
		const bitmap = await createImageBitmap(new Blob([bytes]));
		const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
		const context = canvas.getContext('2d');
		context?.drawImage(bitmap, 0, 0);
		const data = context?.getImageData(0, 0, bitmap.width, bitmap.height).data ?? [];
		return { width: bitmap.width, height: bitmap.height, data: [...data] };
	}, shot.toString('base64'));
	return decodeQr({ ...picture, data: Uint8ClampedArray.from(picture.data) });
}

test('F49: a library of one device says so, and offers itself by link, words and code; closing ends the offer', async ({
	page,
	app
}) => {
	await page.goto('/');
	await app.button('Try a sample').click();
	await expect(app.row('Photos')).toBeVisible();
	await goToDevices(page);
	await expect(page.getByText('Only this device so far')).toBeVisible();
	await expect(page.getByRole('main').getByRole('listitem').first()).toContainText('This device');

	await app.button('Add a device').press('Enter');
	const link = adding(page).getByLabel('Link', { exact: true });
	await expect(link).toHaveText(/#pair=1\./);
	for (const scheme of ['light', 'dark'] as const) {
		await page.emulateMedia({ colorScheme: scheme });
		expect(await scan(page)).toBe(await link.textContent());
	}
	await expect(adding(page).getByRole('timer')).toHaveText(/^Good for [45]:\d\d, and for one device$/);
	await expect(adding(page).getByRole('radio', { name: 'Link' })).toBeFocused();
	await page.keyboard.press('ArrowRight');
	await expect(adding(page).getByRole('list', { name: 'Twelve words' }).getByRole('listitem')).toHaveCount(12);
	await expect(adding(page).getByRole('radio', { name: 'Words' })).toBeFocused();
	await page.keyboard.press('ArrowRight');
	const code = adding(page).getByLabel('Short code');
	await expect(code).toHaveText(/^\d{1,3}-[a-z]+-[a-z]+$/);
	const first = await code.textContent();
	await page.keyboard.press('Escape');
	await expect(adding(page)).toHaveCount(0);
	await expect(app.button('Add a device')).toBeFocused();
	await page.keyboard.press('Enter');
	await expect(code).toHaveText(/^\d/);
	expect(await code.textContent()).not.toBe(first);
});

test('joining says what is wrong with what was typed, and where it looks where that does not say it', async ({
	page,
	app
}) => {
	await page.goto('/');
	await app.button('Join another device').click();
	const field = page.getByRole('textbox', { name: 'Link, words or code' });
	const where = page.getByText('The library is looked for on localhost');
	await expect(field).toBeFocused();
	const wrong: readonly (readonly [string, string])[] = [
		['', 'Paste the link'],
		['hello', 'That is no whole code'],
		['7-orbit-violni', 'Check the spelling: violni'],
		['abandon ability able about', 'There must be 12'],
		['https://nas.local/#pair=1.AAAA', 'Part of this invitation is missing'],
		['https://nas.local/#pair=9.AAAA', 'needs a newer Atoll'],
		['https://nas.local/#other', 'That is no invitation']
	];
	for (const [typed, told] of wrong) {
		await field.fill(typed);
		await field.press('Enter');
		await expect(page.getByText(told)).toBeVisible();
		await expect(field).toBeFocused();
	}
	await expect(where).toHaveCount(0);
	await field.fill('7-orbit-violin');
	await expect(where).toBeVisible();
	await app.button('Back').click();
	await expect(app.button('Try a sample')).toBeVisible();
});

test('F24, F50, F51: devices with what they have; renamed and removed; what is another device’s is changed there', async ({
	page,
	app
}) => {
	await withLinked(app, async () => {
		await expect(sidebar(page).getByLabel('On “NAS”, not connected')).toBeVisible();
		await goToDevices(page);
		const nas = card(page, 'NAS');
		await expect(nas).toContainText('Not connected. Last seen: Just now');
		await expect(nas).toContainText('Photos');
		await expect(nas).toContainText('32 files');
		await expect(nas.getByRole('list', { name: 'Storage of NAS' })).toContainText('1.2 TB free of 4.0 TB');
		await expect(card(page, 'Laptop')).toContainText('No folders of it are known here.');

		await app.button('Rename NAS').click();
		await page.keyboard.type('Cellar');
		await page.keyboard.press('Enter');
		await expect(card(page, 'Cellar')).toBeVisible();
		await expect(app.button('Rename Cellar')).toBeFocused();
		await expect(sidebar(page).getByLabel('On “Cellar”, not connected')).toBeVisible();

		await sidebar(page).getByRole('link', { name: 'Photos' }).click();
		await expect(page.getByRole('region', { name: 'On “Cellar”, not connected.' })).toBeVisible();
		await app.open('few');
		await app.rows.first().click({ button: 'right' });
		const menu = page.getByRole('menu');
		await expect(menu.getByRole('menuitem', { name: 'Copy path' })).toBeVisible();
		for (const name of ['Move to trash', 'Rename', 'Cut', 'Download', 'Paste'])
			await expect(menu.getByRole('menuitem', { name, exact: true })).toHaveCount(0);
		await page.keyboard.press('Escape');
		await sidebar(page).getByRole('link', { name: 'Disks' }).click();
		const disk = card(page, 'Disk inside that computer');
		await expect(disk).toContainText('On “Cellar”, not connected');
		await expect(disk).toContainText('1.2 TB free of 4.0 TB');
		await expect(app.button(/^(How quick|Measure|Rename)/)).toHaveCount(0);

		await goToDevices(page);
		await app.button('Remove Cellar').focus();
		await page.keyboard.press('Enter');
		const asked = page.getByRole('dialog', { name: 'Remove “Cellar” from the library?' });
		await expect(asked).toContainText('What is known of 1 folder of it stays to be looked at, as it is now.');
		await expect(asked).toContainText('Laptop: told when they are next met. Each parts with it then.');
		await asked.getByRole('button', { name: 'Remove' }).focus();
		await page.keyboard.press('Enter');
		const removed = page.getByRole('list', { name: 'Removed devices' }).getByRole('listitem', { name: 'Cellar' });
		await expect(removed).toContainText('Removed: Just now');
		await expect(app.button('Remove Cellar')).toHaveCount(0);
		await expect(page.getByRole('heading', { name: 'Removed' })).toBeFocused();
		await expect(sidebar(page).getByLabel('On “Cellar”, which was removed')).toBeVisible();
	});
});
