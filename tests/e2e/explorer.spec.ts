import { expect, makeFiles, stubPicker, test, type AppScreen } from './support/app.ts';
import type { Page } from '@playwright/test';

const tree = [
	'Letters/2024/To Ines.txt',
	'Letters/2024/To Tomás.txt',
	'Letters/2025/To the harbour.md',
	'Photos/sea.jpg',
	'a very long name that goes on and on and does not end before the very last word of it.backup.tar',
	'notes.md',
	'spoof\u202Efdp.exe'
];

async function openTree(page: Page, app: AppScreen): Promise<void> {
	await stubPicker(page, 'Papers');
	await page.goto('/');
	await makeFiles(page, 'Papers', tree);
	await app.button('Open folder').click();
	await expect(app.row('notes.md')).toBeVisible();
	await expect(app.status).toContainText('7 files in all');
}

const path = (page: Page) => page.getByRole('navigation', { name: 'Path' });

test('F14: the path goes up by its crumbs and is typed after Ctrl+L; a wrong one says what is missing', async ({
	page,
	app
}) => {
	await openTree(page, app);
	await app.open('Letters');
	await app.open('2024');
	await expect(path(page)).toHaveText(/Papers\s*Letters\s*2024/);
	await path(page).getByRole('link', { name: 'Papers' }).click();
	await expect(app.row('notes.md')).toBeVisible();
	// the keyboard is on the folder that one came from
	await expect(app.row('Letters')).toBeFocused();

	await page.keyboard.press('Control+l');
	const field = page.getByRole('textbox', { name: 'Path' });
	await expect(field).toBeFocused();
	await expect(field).toHaveValue('/Papers');
	await field.fill('/Papers/Letters/2031');
	await page.keyboard.press('Enter');
	await expect(page.getByRole('alert')).toContainText('/Papers/Letters/2031');
	await app.button('Go as far as there is').click();
	await expect(path(page).locator('[aria-current]')).toHaveText('Letters');

	await page.keyboard.press('Control+l');
	await field.fill('/Papers/Letters/2025/To the harbour.md');
	await page.keyboard.press('Enter');
	await expect(app.row('To the harbour.md')).toBeFocused();
	await page.keyboard.press('Control+l');
	await page.keyboard.press('Escape');
	await expect(field).toBeHidden();
});

test('F27: open, move, choose, search and go back by the keyboard alone', async ({ page, app }) => {
	await openTree(page, app);
	await expect(app.rows.first()).toBeFocused();
	await page.keyboard.press('Enter');
	await expect(app.row('2024')).toBeVisible();
	await page.keyboard.press('Enter');
	await expect(app.row('To Ines.txt')).toBeFocused();
	await page.keyboard.press('Shift+ArrowDown');
	await expect(app.status).toContainText('2 selected');
	await page.keyboard.press('Escape');
	await expect(app.grid.locator('[aria-selected="true"]')).toHaveCount(0);
	await page.keyboard.press('Control+a');
	await expect(app.status).toContainText('2 selected');
	await page.keyboard.press('Control+i');
	await expect(app.grid.locator('[aria-selected="true"]')).toHaveCount(0);

	await page.keyboard.press('Backspace');
	await expect(app.row('2024')).toBeFocused();
	await page.keyboard.press('Alt+ArrowUp');
	await expect(app.row('Letters')).toBeFocused();
	await page.keyboard.press('Alt+ArrowLeft');
	await expect(app.row('2024')).toBeFocused();
	await page.keyboard.press('Alt+ArrowRight');
	await expect(app.row('Letters')).toBeFocused();

	await page.keyboard.press('/');
	await expect(app.search).toBeFocused();
	await page.keyboard.type('harbour');
	await expect(app.row('To the harbour.md')).toBeVisible();
	// While one types, the marks are those of the letters so far.
	await expect(app.row('To the harbour.md').locator('mark').first()).toHaveText('harbour');
	await expect(app.row('To the harbour.md')).toContainText('Papers›Letters›2025');
	await page.keyboard.press('ArrowDown');
	await expect(app.row('To the harbour.md')).toBeFocused();
	await page.keyboard.press('ArrowUp');
	await expect(app.search).toBeFocused();
	await page.keyboard.press('Escape');
	await expect(app.search).toHaveValue('');
	await expect(app.row('notes.md')).toBeVisible();
});

test('a search is there again when one comes back from its result', async ({ page, app }) => {
	await openTree(page, app);
	await app.search.fill('2024');
	await app.row('2024').dblclick();
	await expect(app.row('To Ines.txt')).toBeVisible();
	await expect(app.search).toHaveValue('');
	await page.goBack();
	await expect(app.search).toHaveValue('2024');
	await expect(app.row('2024')).toBeFocused();
});

test('the info panel says what is known, by Alt+Enter and for files by Enter', async ({ page, app }) => {
	await openTree(page, app);
	await app.row('notes.md').click();
	await page.keyboard.press('Enter');
	const info = page.getByRole('complementary', { name: 'Info' });
	await expect(info).toContainText('Markdown text');
	await page.keyboard.press('Home');
	await expect(info).toContainText('3 files, 2 folders');
	await page.keyboard.press('Alt+Enter');
	await expect(info).toBeHidden();
});

test('F15: back, forward and reload bring the folder, its order, the row and the scroll back', async ({
	page,
	app
}) => {
	await stubPicker(page, 'Papers');
	await page.goto('/');
	await makeFiles(page, 'Papers', [
		'Inner/one.txt',
		...Array.from({ length: 900 }, (_, at) => `paper ${String(at).padStart(4, '0')}.txt`)
	]);
	await app.button('Open folder').click();
	await expect(app.grid).toHaveAttribute('aria-rowcount', '901');
	await page.getByRole('columnheader', { name: 'Size' }).getByRole('button').click();
	await expect(page.getByRole('columnheader', { name: 'Size' })).toHaveAttribute('aria-sort', 'descending');
	await page.getByRole('columnheader', { name: 'Name' }).getByRole('button').click();
	await page.getByRole('columnheader', { name: 'Name' }).getByRole('button').click();
	await expect(page.getByRole('columnheader', { name: 'Name' })).toHaveAttribute('aria-sort', 'descending');
	// The order is told at once, the rows come a moment later; a list without rows cannot be scrolled.
	await expect(app.row('paper 0899.txt')).toBeVisible();

	await app.grid.evaluate((grid) => grid.querySelector('[data-sizer]')?.parentElement?.scrollTo(0, 500 * 32 + 7));
	await expect(page).toHaveURL(/row=500/);
	const first = await app.firstRow();
	const focused = app.rows.and(page.locator(`[data-index="${first + 3}"]`));
	const name = await focused.locator('.name bdi').innerText();
	const before = page.url();
	await focused.click();
	await expect(page).not.toHaveURL(before);
	await page.reload();
	await expect(app.row(name)).toHaveAttribute('aria-selected', 'true');
	expect(Math.abs((await app.firstRow()) - first)).toBeLessThanOrEqual(1);
	await expect(page.getByRole('columnheader', { name: 'Name' })).toHaveAttribute('aria-sort', 'descending');

	await page.keyboard.press('Home');
	await app.open('Inner');
	await expect(page.getByRole('columnheader', { name: 'Name' })).toHaveAttribute('aria-sort', 'ascending');
	await page.goBack();
	await expect(app.row('Inner')).toBeFocused();
	await page.goForward();
	await expect(app.row('one.txt')).toBeVisible();
});

test('T44: a name cannot hide what it is', async ({ page, app }) => {
	await openTree(page, app);
	const spoof = app.rows.filter({ hasText: 'spoof' });
	await expect(spoof.locator('bdi')).toHaveText(String.raw`spoof\u202Efdp.exe`);
	// a long name loses its middle, never its end
	const long = app.rows.filter({ hasText: 'a very long name' });
	await page.setViewportSize({ width: 700, height: 700 });
	await expect(long.locator('.tail')).toBeInViewport({ ratio: 1 });
	expect(await long.locator('.head').evaluate((head) => head.scrollWidth > head.clientWidth)).toBe(true);
});

test('what changes in one tab is seen in the other', { tag: '@nightly' }, async ({ page, app, context }) => {
	await openTree(page, app);
	const other = await context.newPage();
	await other.goto('/files');
	await expect(other.getByRole('link', { name: /Papers/ }).last()).toBeVisible();
	await page.getByRole('navigation', { name: 'Library' }).getByText('Papers').hover();
	await app.button('More for Papers').click();
	await page.getByRole('menuitem', { name: 'Rename' }).click();
	await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Old papers');
	await page.keyboard.press('Enter');
	await expect(other.getByRole('link', { name: /Old papers/ }).last()).toBeVisible();
});

test('rows that appear while one looks do not move the row under the pointer', async ({ page, app }) => {
	await stubPicker(page, 'Papers');
	await page.goto('/');
	await makeFiles(page, 'Papers', ['m.txt', 'n.txt', 'o.txt']);
	await app.button('Open folder').click();
	await app.row('n.txt').click();
	await expect(app.row('n.txt')).toHaveAttribute('aria-selected', 'true');
	const before = await app.row('n.txt').boundingBox();
	await makeFiles(
		page,
		'Papers',
		Array.from({ length: 200 }, (_, at) => `${'az'[at % 2]}${at}.txt`)
	);
	await page.getByRole('navigation', { name: 'Library' }).getByText('Papers').hover();
	await app.button('More for Papers').click();
	await page.getByRole('menuitem', { name: 'Look for changes' }).click();
	await expect(app.grid).toHaveAttribute('aria-rowcount', '203');
	await expect(app.row('n.txt')).toHaveAttribute('aria-selected', 'true');
	expect((await app.row('n.txt').boundingBox())?.y).toBe(before?.y);
});
