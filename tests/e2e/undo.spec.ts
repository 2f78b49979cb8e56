import type { Page } from '@playwright/test';
import { expect, test, type AppScreen } from './support/app.ts';

const sidebar = (page: Page) => page.getByRole('navigation', { name: 'Library' });
const folder = (page: Page, name: string) => sidebar(page).getByRole('link', { name: new RegExp(`^${name}`) });
const entries = (page: Page) => page.getByRole('main').getByRole('listitem');

async function withSample(page: Page, app: AppScreen): Promise<void> {
	await page.goto('/');
	await app.button('Try a sample').click();
	await expect(app.row('Photos')).toBeVisible();
	await expect(folder(page, 'Sample')).toBeVisible();
}

async function rename(page: Page, app: AppScreen, from: string, to: string): Promise<void> {
	await folder(page, from).hover();
	await sidebar(page)
		.getByRole('button', { name: `More for ${from}` })
		.click();
	await page.getByRole('menuitem', { name: 'Rename', exact: true }).click();
	const dialog = page.getByRole('dialog', { name: 'Rename folder' });
	await dialog.getByRole('textbox', { name: 'Name' }).fill(to);
	await dialog.getByRole('button', { name: 'Rename' }).click();
	await expect(dialog).toBeHidden();
}

test('a renaming is undone from its message, done again, and undone by key after a reload', async ({ page, app }) => {
	await withSample(page, app);
	await rename(page, app, 'Sample', 'Attic');
	await expect(page.getByText('Renamed “Sample” to “Attic”')).toBeVisible();
	await expect(folder(page, 'Attic')).toBeVisible();
	await app.button('Undo').click();
	await expect(folder(page, 'Sample')).toBeVisible();
	await expect(page.getByText('Undone.')).toBeVisible();
	await app.button('Redo').click();
	await expect(folder(page, 'Attic')).toBeVisible();
	await expect(page.getByText('Done again.')).toBeVisible();

	await page.reload();
	await expect(folder(page, 'Attic')).toBeVisible();
	await page.keyboard.press('ControlOrMeta+z');
	await expect(folder(page, 'Sample')).toBeVisible();
	// Before that comes that the folder was added, which takes much out of the library: it asks.
	await page.keyboard.press('ControlOrMeta+z');
	const sheet = page.getByRole('dialog', { name: 'Undo' });
	await expect(sheet).toContainText('Remove the folder “Sample” from the library');
	await sheet.getByRole('button', { name: 'Cancel' }).click();
	await page.keyboard.press('ControlOrMeta+Shift+z');
	await expect(folder(page, 'Attic')).toBeVisible();
	await page.keyboard.press('ControlOrMeta+Shift+z');
	await expect(page.getByText('There is nothing to do again.')).toBeVisible();
});

test('while one types, the key takes back letters and nothing else', { tag: '@nightly' }, async ({ page, app }) => {
	await withSample(page, app);
	await rename(page, app, 'Sample', 'Attic');
	await expect(folder(page, 'Attic')).toBeVisible();
	await app.search.fill('photo');
	await app.search.press('ControlOrMeta+z');
	await expect(app.search).toHaveValue('');
	await expect(folder(page, 'Attic')).toBeVisible();
});

test('the history tells what was done, live, and undoes any of it; what is in the way is told and left alone', async ({
	page,
	app
}) => {
	await withSample(page, app);
	await app.button('History').click();
	await expect(entries(page)).toHaveText([/Added the folder “Sample” to the library/]);
	await rename(page, app, 'Sample', 'Attic');
	await expect(entries(page)).toHaveCount(2);
	await rename(page, app, 'Attic', 'Cellar');
	await expect(entries(page)).toHaveCount(3);
	await expect(entries(page).nth(0)).toContainText('Renamed “Attic” to “Cellar”');

	// The older renaming cannot be taken back while the newer one stands.
	await entries(page).nth(1).getByRole('button', { name: 'Undo' }).click();
	const sheet = page.getByRole('dialog', { name: 'Undo' });
	await expect(sheet.getByRole('region', { name: 'Cannot be done' })).toContainText('It is called “Cellar” by now.');
	await expect(sheet).toContainText('Rename “Attic” to “Sample”');
	await sheet.getByRole('contentinfo').or(sheet.locator('footer')).getByRole('button', { name: 'Close' }).click();
	await expect(sheet).toBeHidden();
	await expect(folder(page, 'Cellar')).toBeVisible();

	for (const name of ['Attic', 'Sample']) {
		const due = name === 'Attic' ? 'Renamed “Attic” to “Cellar”' : 'Renamed “Sample” to “Attic”';
		await entries(page)
			.filter({ hasText: due })
			.filter({ has: page.getByRole('button', { name: 'Undo' }) })
			.getByRole('button', { name: 'Undo' })
			.click();
		await expect(folder(page, name)).toBeVisible();
	}
	await expect(entries(page)).toHaveCount(5);
	await expect(entries(page).nth(0)).toContainText('Undo');
	await expect(entries(page).nth(0)).toContainText('Renamed “Attic” to “Sample”');
	await expect(entries(page).nth(3)).toContainText('Undone since');
	await page.reload();
	await expect(entries(page)).toHaveCount(5);
});

test('another tab follows, and can undo', { tag: '@nightly' }, async ({ page, app, context }) => {
	await withSample(page, app);
	const other = await context.newPage();
	await other.goto('/history');
	await expect(entries(other)).toHaveCount(1);
	await rename(page, app, 'Sample', 'Attic');
	await expect(entries(other)).toHaveCount(2);
	await entries(other).first().getByRole('button', { name: 'Undo' }).click();
	await expect(folder(page, 'Sample')).toBeVisible();
	await expect(folder(other, 'Sample')).toBeVisible();
});
