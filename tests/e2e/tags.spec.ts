import type { Page } from '@playwright/test';
import { expect, makeFiles, stubPicker, test, type AppScreen } from './support/app.ts';

const sidebar = (page: Page) => page.getByRole('navigation', { name: 'Library' });
const tagLink = (page: Page, name: string) => sidebar(page).getByRole('link', { name: new RegExp(`^${name}`) });
const field = (page: Page) => page.getByRole('combobox', { name: /^Tags of/ });
const option = (page: Page, name: string) => page.getByRole('option', { name });

async function withFiles(page: Page, app: AppScreen): Promise<void> {
	await stubPicker(page, 'tagged');
	await page.goto('/');
	await makeFiles(page, 'tagged', ['a.txt', 'b.txt', 'c.txt', 'd.txt', 'below/e.txt']);
	await app.button('Open folder').click();
	await expect(app.row('a.txt')).toBeVisible();
}

/** Chooses a.txt to c.txt, and makes a tag for them, with the keyboard alone. */
async function tagThree(page: Page, app: AppScreen): Promise<void> {
	await app.row('a.txt').click();
	await page.keyboard.press('Shift+ArrowDown');
	await page.keyboard.press('Shift+ArrowDown');
	await page.keyboard.press('#');
	await expect(field(page)).toBeFocused();
	await page.keyboard.type('Holiday');
	await page.keyboard.press('Enter');
	await expect(option(page, 'Holiday')).toHaveText(/on$/);
}

test('a tag made by keyboard is on three files, in the sidebar and on its page; undone, and there after a reload', async ({
	page,
	app
}) => {
	await withFiles(page, app);
	await expect(sidebar(page).getByRole('heading', { name: 'Tags' })).toBeHidden();
	await tagThree(page, app);
	await page.keyboard.press('Escape');
	await expect(field(page)).toBeHidden();
	await expect(app.row('c.txt')).toBeFocused();
	await expect(tagLink(page, 'Holiday')).toHaveText(/3$/);

	await page.keyboard.press('ArrowDown');
	await page.keyboard.press('Shift+ArrowUp');
	await page.keyboard.press('#');
	await expect(option(page, 'Holiday')).toHaveText(/on 1 of 2$/);
	await page.keyboard.press('Escape');

	await tagLink(page, 'Holiday').click();
	await expect(app.rows).toHaveCount(3);
	await page.keyboard.press('ControlOrMeta+z');
	await expect(page.getByText('Nothing has this tag')).toBeVisible();
	await expect(tagLink(page, 'Holiday')).toHaveText(/0$/);
	await page.keyboard.press('ControlOrMeta+Shift+z');
	await expect(app.rows).toHaveCount(3);

	await page.reload();
	await expect(app.rows).toHaveCount(3);
	await expect(tagLink(page, 'Holiday')).toHaveText(/3$/);
	await app.row('b.txt').dblclick();
	await expect(page).toHaveURL(/\/files\//);
	await expect(app.row('d.txt')).toBeVisible();
});

test('in the info of a file tags are taken off, the star is set and a note is kept', async ({ page, app }) => {
	await withFiles(page, app);
	await tagThree(page, app);
	await page.keyboard.press('Escape');
	await app.row('b.txt').click();
	await page.keyboard.press('Alt+Enter');
	const info = page.getByRole('complementary', { name: 'Info' });
	await info.getByRole('button', { name: 'Take off “Holiday”' }).click();
	await expect(tagLink(page, 'Holiday')).toHaveText(/2$/);
	await expect(info.getByRole('link', { name: 'Holiday' })).toBeHidden();

	await info.getByRole('button', { name: 'Favourite' }).click();
	await expect(info.getByRole('button', { name: 'Favourite' })).toHaveAttribute('aria-pressed', 'true');
	await info.getByRole('textbox', { name: 'Note' }).fill('From the attic.');
	await app.row('d.txt').click();
	await expect(info.getByRole('textbox', { name: 'Note' })).toHaveValue('');
	await app.row('b.txt').click();
	await expect(info.getByRole('textbox', { name: 'Note' })).toHaveValue('From the attic.');
	await page.keyboard.press('ControlOrMeta+z');
	await expect(info.getByRole('textbox', { name: 'Note' })).toHaveValue('');

	await sidebar(page).getByRole('link', { name: 'Favourites' }).click();
	await expect(app.row('b.txt')).toBeVisible();
	await expect(app.rows).toHaveCount(1);
	await app.row('b.txt').dblclick();
	await expect(app.row('d.txt')).toBeVisible();
	await app.row('b.txt').click();
	await page.keyboard.press('Alt+Enter');
	await info.getByRole('textbox', { name: 'Note' }).fill('Left at once.');
	await sidebar(page).getByRole('link', { name: 'Favourites' }).click();
	await expect(page.getByText('Wrote the note of 1 item')).toBeVisible();
	await expect(page.getByText('There is nothing to do')).toBeHidden();
});

test('a deleted tag is shown first, is gone, and comes back with its files', async ({ page, app }) => {
	await withFiles(page, app);
	await tagThree(page, app);
	await page.keyboard.press('Escape');
	await tagLink(page, 'Holiday').click();
	await app.button('Delete tag').click();
	const sheet = page.getByRole('dialog');
	await expect(sheet).toContainText('It is taken off 3 items');
	await sheet.locator('footer').getByRole('button').last().click();
	await expect(page.getByText('There is no such tag')).toBeVisible();
	await page.keyboard.press('ControlOrMeta+z');
	await expect(app.rows).toHaveCount(3);
});
