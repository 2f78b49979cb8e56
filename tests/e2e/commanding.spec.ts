import type { Page } from '@playwright/test';
import { expect, makeFiles, stubPicker, test, type AppScreen } from './support/app.ts';

const tree = [
	'Letters/2024/To Ines.txt',
	'Letters/To the harbour.md',
	'Photos/sea.jpg',
	'apples.txt',
	'notes.md',
	'pears.txt'
];

async function openTree(page: Page, app: AppScreen): Promise<void> {
	await stubPicker(page, 'Papers');
	await page.goto('/');
	await makeFiles(page, 'Papers', tree);
	await app.button('Open folder').click();
	await expect(app.row('notes.md')).toBeVisible();
	await expect(app.status).toContainText('6 files in all');
}

const menu = (page: Page) => page.getByRole('menu');
const items = (page: Page) => page.getByRole('menuitem');
const palette = (page: Page) => page.getByRole('combobox', { name: 'Find something to do' });
const sheet = (page: Page) => page.getByRole('dialog', { name: 'Keyboard shortcuts' });
const here = (page: Page) => page.getByRole('navigation', { name: 'Path' }).locator('[aria-current]');

/** Holds a finger on an element until the menu is there. */
async function hold(page: Page, app: AppScreen, name: string): Promise<void> {
	const row = app.row(name);
	const box = await row.boundingBox();
	const at = { clientX: (box?.x ?? 0) + 60, clientY: (box?.y ?? 0) + 12, pointerType: 'touch', bubbles: true };
	await row.dispatchEvent('pointerdown', at);
	await expect(menu(page)).toBeVisible();
	await row.dispatchEvent('pointerup', at);
}

test.describe('the context menu', () => {
	test('F28: has the same items by mouse, by both keys and by a finger, and gives the keyboard back', async ({
		page,
		app
	}) => {
		await openTree(page, app);
		await app.row('notes.md').click();
		await app.row('notes.md').click({ button: 'right' });
		const expected = await items(page).allInnerTexts();
		expect(expected.length).toBeGreaterThanOrEqual(4);
		await page.keyboard.press('Escape');
		await expect(menu(page)).toBeHidden();
		await expect(app.row('notes.md')).toBeFocused();

		for (const keys of ['Shift+F10', 'ContextMenu']) {
			await page.keyboard.press(keys);
			await expect(menu(page)).toHaveCount(1);
			expect(await items(page).allInnerTexts()).toEqual(expected);
			await page.keyboard.press('Escape');
			await expect(menu(page)).toBeHidden();
			await expect(app.row('notes.md')).toBeFocused();
		}

		await page.keyboard.press('Escape');
		await hold(page, app, 'notes.md');
		expect(await items(page).allInnerTexts()).toEqual(expected);
		await page.keyboard.press('Escape');
		await expect(app.row('notes.md')).toBeFocused();
	});

	test('is of what is chosen, of another row alone, or of the folder', async ({ page, app }) => {
		await openTree(page, app);
		await app.row('apples.txt').click();
		await app.row('notes.md').click({ modifiers: ['Control'] });
		await app.row('apples.txt').click({ button: 'right' });
		await expect(page.getByRole('menuitem', { name: 'Copy paths' })).toBeVisible();
		await expect(page.getByRole('menuitem', { name: 'Open', exact: true })).toHaveCount(0);
		await page.keyboard.press('Escape');
		await expect(app.grid.locator('[aria-selected="true"]')).toHaveCount(2);

		await app.row('Photos').click({ button: 'right' });
		await expect(app.grid.locator('[aria-selected="true"]')).toHaveCount(1);
		await page.getByRole('menuitem', { name: 'Open', exact: true }).click();
		await expect(here(page)).toHaveText('Photos');
		await expect(app.row('sea.jpg')).toBeVisible();

		await app.grid.locator('.scroller').click({ button: 'right', position: { x: 300, y: 300 } });
		await expect(page.getByRole('menuitem', { name: 'Read this folder again' })).toBeVisible();
		await page.getByRole('menuitem', { name: 'Select all' }).click();
		await expect(app.row('sea.jpg')).toHaveAttribute('aria-selected', 'true');
	});

	test('a path that is copied leads there when it is typed', { tag: '@nightly' }, async ({ page, app, context }) => {
		await context.grantPermissions(['clipboard-read', 'clipboard-write']);
		await openTree(page, app);
		await app.open('Letters');
		await app.row('To the harbour.md').click({ button: 'right' });
		await page.getByRole('menuitem', { name: 'Copy path' }).click();
		await expect(page.getByText('Path copied.')).toBeVisible();
		const path = await page.evaluate(() => navigator.clipboard.readText());
		expect(path).toBe('/Papers/Letters/To the harbour.md');
		await page.goto('/files');
		await page
			.getByRole('link', { name: /Papers/ })
			.last()
			.click();
		await expect(app.row('notes.md')).toBeVisible();
		await page.keyboard.press('Control+l');
		await page.getByRole('textbox', { name: 'Path' }).fill(path);
		await page.keyboard.press('Enter');
		await expect(app.row('To the harbour.md')).toBeFocused();

		await page.keyboard.press('Control+a');
		await page.keyboard.press('Shift+F10');
		await page.getByRole('menuitem', { name: 'Copy paths' }).click();
		await expect(page.getByText('2 paths copied.')).toBeVisible();
		expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
			'/Papers/Letters/2024\n/Papers/Letters/To the harbour.md'
		);
	});
});

test.describe('the palette', () => {
	test('F72: does what is found by a few letters, and remembers it', async ({ page, app }) => {
		await openTree(page, app);
		await app.row('notes.md').click();
		await page.keyboard.press('Control+k');
		await expect(palette(page)).toBeFocused();
		await palette(page).fill('invert');
		await page.keyboard.press('Enter');
		await expect(palette(page)).toBeHidden();
		await expect(app.row('notes.md')).toHaveAttribute('aria-selected', 'false');
		await expect(app.row('apples.txt')).toHaveAttribute('aria-selected', 'true');
		await expect(app.row('notes.md')).toBeFocused();

		await page.keyboard.press('Control+k');
		await expect(page.getByRole('option').first()).toContainText('Invert selection');
		await palette(page).fill('dark');
		await page.keyboard.press('Enter');
		await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');

		// it leads to other pages, back to a folder, and to the field of the search
		await page.keyboard.press('Control+k');
		await palette(page).fill('dis');
		await page.keyboard.press('Enter');
		await expect(page.getByRole('heading', { name: 'Disks' })).toBeVisible();
		await page.keyboard.press('Control+k');
		await palette(page).fill('papers');
		await page.keyboard.press('Enter');
		await expect(app.row('notes.md')).toBeVisible();
		await page.keyboard.press('Control+k');
		await palette(page).fill('search');
		await page.keyboard.press('Enter');
		await expect(app.search).toBeFocused();
		await page.keyboard.press('Control+k');
		await palette(page).fill('rename');
		await page.keyboard.press('Enter');
		await expect(page.getByRole('dialog', { name: 'Rename folder' })).toBeVisible();
	});

	test('offers only what can be done, goes round with the arrows, and Esc leaves all as it was', async ({
		page,
		app
	}) => {
		await openTree(page, app);
		await app.row('notes.md').click();
		await page.keyboard.press('Control+k');
		await palette(page).fill('in its folder');
		await expect(page.getByRole('option')).toHaveCount(0);
		await expect(page.getByText('Nothing that can be done now is called so.')).toBeVisible();
		await palette(page).fill('sort by');
		const chosen = page.locator('[role="option"][aria-selected="true"]');
		const first = await chosen.innerText();
		await page.keyboard.press('ArrowUp');
		await expect(chosen).not.toHaveText(first);
		await page.keyboard.press('ArrowDown');
		await expect(chosen).toHaveText(first);
		await page.keyboard.press('Escape');
		await expect(palette(page)).toBeHidden();
		await expect(app.row('notes.md')).toBeFocused();
	});
});

test.describe('the sheet of shortcuts', () => {
	test(
		'F72: keys are changed in it, hold after a reload, and are given back',
		{ tag: '@nightly' },
		async ({ page, app }) => {
			await openTree(page, app);
			await app.open('Letters');
			await page.keyboard.press('?');
			const up = sheet(page).locator('[data-ability="go.up"]');
			await expect(up).toContainText('Alt+↑');
			await up.getByRole('button').click();
			await page.keyboard.press('Control+k');
			await expect(up.getByRole('alert')).toContainText('Find something to do');
			await page.keyboard.press('x');
			await expect(up.getByRole('alert')).toContainText('Single letters are off');
			await page.keyboard.press('Alt+u');
			await expect(up).toContainText('Alt+U');
			await expect(up.getByRole('button')).toBeFocused();
			await page.keyboard.press('Escape');
			await expect(sheet(page)).toBeHidden();

			await page.reload();
			await expect(app.row('2024')).toBeVisible();
			await page.keyboard.press('Alt+ArrowUp');
			await expect(here(page)).toHaveText('Letters');
			await page.keyboard.press('Alt+u');
			await expect(here(page)).toHaveText('Papers');

			await page.keyboard.press('?');
			await app.button('All as they came').click();
			await expect(up).toContainText('Alt+↑');
		}
	);

	test('the keyboard stays where a person has taken it while a folder is still being read', async ({ page, app }) => {
		await openTree(page, app);
		await app.row('Letters').evaluate((row) => {
			row.dispatchEvent(new MouseEvent('dblclick', { bubbles: true }));
			row.dispatchEvent(new KeyboardEvent('keydown', { key: '/', bubbles: true }));
		});
		await expect(app.row('To the harbour.md')).toBeVisible();
		await expect(app.search).toBeFocused();

		// A button gives it on: what it was pressed for is in the rows.
		await app.button('Up').click();
		await expect(app.grid.locator('[data-index]').first()).toBeFocused();
	});

	test('F72: letters are for names until a person switches them on', async ({ page, app }) => {
		await openTree(page, app);
		await app.open('Letters');
		await page.keyboard.press('u');
		await expect(here(page)).toHaveText('Letters');
		await page.keyboard.press('?');
		await sheet(page).getByRole('switch', { name: 'Single letters are commands' }).click();
		await page.keyboard.press('Escape');
		await expect(sheet(page)).toBeHidden();
		await page.keyboard.press('u');
		await expect(here(page)).toHaveText('Papers');
		await page.keyboard.press('/');
		await page.keyboard.type('u');
		await expect(app.search).toHaveValue('u');
		await expect(here(page)).toHaveText('Papers');
	});
});
