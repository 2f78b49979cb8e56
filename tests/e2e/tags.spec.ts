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
	// It was made and given in one action.
	await page.keyboard.press('ControlOrMeta+z');
	await expect(page.getByText('There is no such tag')).toBeVisible();
	await expect(tagLink(page, 'Holiday')).toBeHidden();
	await page.keyboard.press('ControlOrMeta+Shift+z');
	await expect(app.rows).toHaveCount(3);

	await page.reload();
	await expect(app.rows).toHaveCount(3);
	await expect(tagLink(page, 'Holiday')).toHaveText(/3$/);
	await app.row('b.txt').dblclick();
	await expect(page).toHaveURL(/\/files\//);
	await expect(app.row('d.txt')).toBeVisible();
});

test(
	'in the info of a file tags are taken off, the star is set and a note is kept',
	{ tag: '@nightly' },
	async ({ page, app }) => {
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
	}
);

test('a deleted tag is shown first, is gone, and comes back with its files', async ({ page, app }) => {
	await withFiles(page, app);
	await tagThree(page, app);
	await page.keyboard.press('Escape');
	await tagLink(page, 'Holiday').click();
	await app.button('Delete tag').click();
	const sheet = page.getByRole('dialog');
	await expect(sheet).toContainText('It is taken off 3 items');
	await sheet.locator('footer').getByRole('button').last().click();
	await expect(sheet).toBeHidden();
	await expect(page.getByText('There is no such tag')).toBeVisible();
	await page.keyboard.press('ControlOrMeta+z');
	await expect(app.rows).toHaveCount(3);
});

test(
	'a tag comes under another, which finds its files; both stand in the list of tags, are looked for, and merged',
	{ tag: '@nightly' },
	async ({ page, app }) => {
		await withFiles(page, app);
		await tagThree(page, app);
		await page.keyboard.press('Escape');
		await sidebar(page).getByRole('link', { name: 'All tags' }).click();
		const sheet = page.getByRole('dialog');
		for (const name of ['Places', 'Seasons']) {
			await app.button('New tag').click();
			await expect(sheet.getByRole('textbox', { name: 'Name' })).toBeFocused();
			await sheet.getByRole('textbox', { name: 'Name' }).fill(name);
			await page.keyboard.press('Enter');
			await expect(sheet).toBeHidden();
		}
		await app.button('Edit “Holiday”').click();
		await sheet.getByRole('button', { name: 'Teal' }).click();
		for (const above of ['Places', 'Seasons'])
			await sheet.getByRole('combobox', { name: 'Put under a tag' }).selectOption(above);
		await sheet.getByRole('button', { name: 'Save' }).click();
		await expect(sheet).toBeHidden();
		// One action: name, colour and both of its places.
		const under = (name: string) => page.getByRole('list', { name: `Under ${name}` }).getByRole('link');
		for (const above of ['Places', 'Seasons']) await expect(under(above)).toHaveText(['Holiday']);
		await page.keyboard.press('ControlOrMeta+z');
		await expect(under('Places')).toBeHidden();
		await page.keyboard.press('ControlOrMeta+Shift+z');
		await expect(under('Seasons')).toHaveText(['Holiday']);
		await page.getByRole('searchbox', { name: 'Find a tag' }).fill('oli');
		const found = page.getByRole('list', { name: 'Tags found' }).getByRole('listitem');
		await expect(found).toHaveText([/^\s*Holiday\s*under Places, Seasons/]);

		await tagLink(page, 'Places').click();
		await expect(app.rows).toHaveCount(3);
		await page.getByRole('list', { name: 'Also finds the files of' }).getByRole('link', { name: 'Holiday' }).click();
		await expect(page.getByRole('list', { name: 'Lies under' }).getByRole('link')).toHaveText(['Places', 'Seasons']);
		await app.button('Edit').click();
		// What lies below it is not offered to lie above it.
		await page.keyboard.press('Escape');
		await tagLink(page, 'Places').click();
		await app.button('Edit').click();
		const offered = sheet.getByRole('combobox', { name: 'Put under a tag' }).getByRole('option');
		await expect(offered).toHaveText(['Put under a tag', 'Seasons']);
		await sheet.getByRole('combobox', { name: 'Merge into another tag' }).selectOption('Seasons');
		await app.button('Merge…').click();
		await expect(sheet.getByRole('heading')).toHaveText('Merge “Places” into “Seasons”');
		await sheet.locator('footer').getByRole('button').last().click();
		await expect(page.getByRole('heading', { level: 1 })).toHaveText('Seasons');
		await expect(tagLink(page, 'Places')).toBeHidden();
		await expect(app.rows).toHaveCount(3);
		await page.keyboard.press('ControlOrMeta+z');
		await expect(tagLink(page, 'Places')).toBeVisible();
	}
);

test('F40: several files are rated, coloured and collected at once, what differs is told, and a collection keeps its order', async ({
	page,
	app
}) => {
	await withFiles(page, app);
	await app.row('b.txt').click();
	await page.keyboard.press('*');
	const marks = page.getByRole('combobox', { name: /^Rating and colour of 1 item/ });
	await marks.fill('4 stars');
	await page.keyboard.press('Enter');
	await expect(option(page, '4 stars')).toHaveText(/on$/);
	await page.keyboard.press('Escape');
	await expect(app.row('b.txt')).toBeFocused();

	await page.keyboard.press('Shift+ArrowDown');
	await page.keyboard.press('Alt+Enter');
	const info = page.getByRole('complementary', { name: 'Info' });
	await expect(info.getByText('4 stars on 1, no rating on 1')).toBeVisible();
	await info.getByRole('button', { name: '2 stars' }).click();
	await expect(info.getByRole('button', { name: '2 stars' })).toHaveAttribute('aria-pressed', 'true');
	await info.getByRole('button', { name: 'Green' }).click();
	await expect(info.getByText('Green')).toBeVisible();
	await page.keyboard.press('ControlOrMeta+z');
	await expect(info.getByText('No colour')).toBeVisible();

	// A first collection, of what is chosen: one action. Then more for it.
	await info.getByRole('button', { name: 'Add to collection' }).click();
	await page.getByRole('combobox', { name: /^Collections of 2 items/ }).fill('Best of');
	await page.keyboard.press('Enter');
	await expect(option(page, 'Best of')).toHaveText(/on$/);
	await page.keyboard.press('Escape');
	await app.row('a.txt').click();
	await page.keyboard.press('Shift+F10');
	await page.getByRole('menuitem', { name: 'Collections…' }).click();
	await option(page, 'Best of').click();
	await expect(option(page, 'Best of')).toHaveText(/on$/);
	await page.keyboard.press('Escape');
	const collection = sidebar(page).getByRole('link', { name: /^Best of/ });
	await expect(collection).toHaveText(/3$/);
	await collection.click();
	const names = () => app.rows.evaluateAll((rows) => rows.map((row) => row.textContent?.match(/[abc]\.txt/)?.[0]));
	await expect.poll(names).toEqual(['b.txt', 'c.txt', 'a.txt']);
	await app.row('c.txt').click();
	await app.button('Take out of the collection').click();
	await expect.poll(names).toEqual(['b.txt', 'a.txt']);
	await page.keyboard.press('ControlOrMeta+z');
	await expect.poll(names).toEqual(['b.txt', 'c.txt', 'a.txt']);
	await app.button('Rename').click();
	await page.getByRole('dialog').getByRole('textbox', { name: 'Name' }).fill('Finest');
	await page.keyboard.press('Enter');
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('Finest');
	await app.button('Delete collection').click();
	await page.getByRole('dialog').locator('footer').getByRole('button').last().click();
	await expect(page.getByText('There is no such collection')).toBeVisible();
});
