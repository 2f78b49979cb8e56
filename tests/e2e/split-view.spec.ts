import type { Locator, Page } from '@playwright/test';
import { expect, test } from './support/app.ts';
import { openPapers } from './support/papers.ts';

const tree = [
	'Letters/To Ines.txt',
	'Letters/notes.md',
	'Photos/lake.jpg',
	'apples.txt',
	'notes.md',
	'pears.txt',
	'plums.txt'
];

const pane = (page: Page, side: 'Left' | 'Right'): Locator => page.getByRole('region', { name: `${side} pane` });
const row = (within: Locator, name: string): Locator =>
	within.locator('[data-index]').filter({ has: within.page().locator('.name bdi').getByText(name, { exact: true }) });

test.describe('split view', () => {
	test(
		'two folders side by side, by keyboard alone: each keeps its place, and the address keeps both',
		{ tag: '@nightly' },
		async ({ page, app }) => {
			await openPapers(page, app, tree);
			const [left, right] = [pane(page, 'Left'), pane(page, 'Right')];
			const { keyboard } = page;

			await keyboard.press('F6');
			await expect(left).toHaveCount(0);
			await keyboard.press('Control+Backslash');
			await expect(row(right, 'Letters')).toBeFocused();
			await keyboard.press('Enter');
			await expect(row(right, 'notes.md')).toBeFocused();
			await expect(left.getByRole('navigation', { name: 'Path' })).toHaveText('Papers');
			await expect(right.getByRole('navigation', { name: 'Path' })).toHaveText(/Papers\s*Letters/);

			await keyboard.press('F6');
			await expect(left.locator('[data-index]:focus')).toHaveCount(1);
			await keyboard.type('plums');
			await expect(row(left, 'plums.txt')).toBeFocused();
			await keyboard.press('Shift+ArrowUp');
			await expect(app.status).toContainText('2 selected');
			await keyboard.press('Alt+Shift+C');
			await expect(row(right, 'plums.txt')).toBeVisible();
			await expect(row(right, 'pears.txt')).toBeVisible();
			await expect(row(left, 'plums.txt')).toBeVisible();
			await expect(app.status).toContainText('2 selected');

			await keyboard.press('Home');
			await keyboard.type('apples');
			await expect(row(left, 'apples.txt')).toBeFocused();
			await keyboard.press('Alt+Shift+M');
			await expect(row(right, 'apples.txt')).toBeVisible();
			await expect(row(left, 'apples.txt')).toHaveCount(0);
			await keyboard.press('Control+z');
			await expect(row(left, 'apples.txt')).toBeVisible();
			await expect(row(right, 'apples.txt')).toHaveCount(0);

			// The order of one is not that of the other.
			await keyboard.press('Control+k');
			await keyboard.type('sort by kind');
			await keyboard.press('Enter');
			await expect(left.getByRole('columnheader', { name: 'Name' })).toHaveAttribute('aria-sort', 'none');
			await expect(right.getByRole('columnheader', { name: 'Name' })).toHaveAttribute('aria-sort', 'ascending');
			await keyboard.press('F6');
			await expect(right.locator('[data-index]:focus')).toHaveCount(1);
			await expect(page).toHaveURL(/keyboard=beside/);
			await keyboard.press('Home');
			await expect(row(right, 'notes.md')).toBeFocused();
			const before = page.url();
			await keyboard.type('plums');
			await expect(row(right, 'plums.txt')).toBeFocused();
			await expect(page).not.toHaveURL(before);
			await page.reload();
			await expect(row(right, 'plums.txt')).toBeFocused();
			await expect(left.getByRole('columnheader', { name: 'Name' })).toHaveAttribute('aria-sort', 'none');
			await expect(right.getByRole('columnheader', { name: 'Name' })).toHaveAttribute('aria-sort', 'ascending');

			// A step in one is taken back in that one.
			await expect(row(left, 'Photos')).toBeVisible();
			await keyboard.press('F6');
			await keyboard.press('Home');
			await keyboard.type('photos');
			await expect(row(left, 'Photos')).toBeFocused();
			await keyboard.press('Enter');
			await expect(row(left, 'lake.jpg')).toBeFocused();
			await keyboard.press('F6');
			await expect(row(right, 'plums.txt')).toBeFocused();
			await page.goBack();
			await expect(row(left, 'Photos')).toBeVisible();
			await expect(row(right, 'plums.txt')).toBeVisible();

			// A place of the palette opens in the one that the keyboard was in, and closing keeps that one.
			await page.goForward();
			await expect(row(left, 'lake.jpg')).toBeVisible();
			await expect(row(right, 'plums.txt')).toBeFocused();
			await keyboard.press('F6');
			await expect(row(left, 'lake.jpg')).toBeFocused();
			await keyboard.press('Control+k');
			await keyboard.type('papers');
			await keyboard.press('Enter');
			await expect(row(left, 'notes.md')).toBeVisible();
			await expect(row(right, 'plums.txt')).toBeVisible();
			await keyboard.press('Control+Backslash');
			await expect(left).toHaveCount(0);
			await expect(page).not.toHaveURL(/beside/);
			await expect(app.row('Photos')).toBeVisible();
			await expect(app.rows.and(page.locator(':focus'))).toHaveCount(1);
		}
	);

	test('a phone has room for one folder and is not offered two; the address keeps the other', async ({ page, app }) => {
		await openPapers(page, app, tree);
		await page.keyboard.press('Control+Backslash');
		await expect(pane(page, 'Right')).toBeVisible();
		await page.setViewportSize({ width: 390, height: 844 });
		await expect(pane(page, 'Right')).toHaveCount(0);
		await expect(app.grid).toHaveCount(1);
		await expect(app.button('Split view')).toHaveCount(0);
		await page.keyboard.press('Control+k');
		await page.keyboard.type('split view');
		await expect(page.getByRole('option', { name: /Split view/ })).toHaveCount(0);
		await page.keyboard.press('Escape');
		await page.setViewportSize({ width: 1280, height: 720 });
		await expect(pane(page, 'Left')).toBeVisible();
		await expect(pane(page, 'Right')).toBeVisible();
	});
});
