import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
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

test('F49: a library of one device says so, and offers nothing that nobody can take', async ({ page, app }) => {
	await page.goto('/');
	await app.button('Try a sample').click();
	await expect(app.row('Photos')).toBeVisible();
	await goToDevices(page);
	await expect(page.getByText('Only this device so far')).toBeVisible();
	await expect(page.getByRole('main').getByRole('listitem').first()).toContainText('This device');
	await app.button('Add a device').press('Enter');
	await expect(adding(page).getByRole('alert')).toContainText('No other device can reach this browser.');
	await expect(adding(page).getByRole('alert')).toContainText('atoll start');
	await expect(adding(page).getByRole('img')).toHaveCount(0);
	await expect(adding(page).getByRole('button', { name: 'Begin again' })).toHaveCount(0);
	await page.keyboard.press('Escape');
	await expect(adding(page)).toHaveCount(0);
	await expect(app.button('Add a device')).toBeFocused();
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
		await app.button('Add a device').click();
		await expect(adding(page).getByRole('alert')).toContainText('No other device can reach this browser now.');
		await expect(adding(page).getByRole('alert')).toContainText('atoll pair');
		await expect(adding(page).getByRole('img')).toHaveCount(0);
		await page.keyboard.press('Escape');
		const nas = card(page, 'NAS');
		await expect(nas).toContainText('Not connected. Last seen: Just now');
		await expect(nas).toContainText('open Atoll there, and it calls this one');
		await expect(page.getByText('always come together by themselves')).toBeVisible();
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
