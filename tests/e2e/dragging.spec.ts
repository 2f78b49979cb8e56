import type { Locator } from '@playwright/test';
import { expect, test, type AppScreen } from './support/app.ts';
import { carryTo, dragHint as hint, pickUp } from './support/drag.ts';
import { onDisk, openPapers } from './support/papers.ts';

const tree = [
	'Letters/2024/To Ines.txt',
	'Letters/notes.md',
	'Photos/lake.jpg',
	'apples.txt',
	'notes.md',
	'pears.txt',
	'plums.txt'
];

const rowIn = (within: Locator, row: string): Locator =>
	within.locator('[data-index]').filter({ has: within.page().locator('.name bdi').getByText(row, { exact: true }) });
const name = (app: AppScreen, row: string): Locator => app.row(row).locator('.name bdi');

test.describe('dragging', () => {
	test('F29: rows go where they are dropped, what that does is said before, and what cannot be is not done', async ({
		page,
		app
	}) => {
		await openPapers(page, app, tree);
		await test.step('one row moves into a folder', async () => {
			await pickUp(page, name(app, 'plums.txt'));
			await carryTo(page, app.row('Photos'), 'Move 1 item to “Photos”');
			await expect(hint(page)).toContainText('Hold Ctrl to copy.');
			await page.mouse.up();
			await expect(app.row('plums.txt')).toHaveCount(0);
			await expect(hint(page)).toHaveCount(0);
			await expect.poll(() => onDisk(page)).toContain('Photos/plums.txt');
		});
		await test.step('all chosen go with one of them, and Ctrl copies', async () => {
			await app.row('apples.txt').click();
			await app.row('pears.txt').click({ modifiers: ['Control'] });
			await pickUp(page, app.row('pears.txt').locator('.size'));
			await page.keyboard.down('Control');
			await carryTo(page, app.row('Photos'), 'Copy 2 items to “Photos”');
			await page.mouse.up();
			await page.keyboard.up('Control');
			await expect.poll(() => onDisk(page)).toEqual(expect.arrayContaining(['Photos/apples.txt', 'Photos/pears.txt']));
			await expect(app.row('apples.txt')).toBeVisible();
		});
		const before = await onDisk(page);
		await test.step('Esc puts it down again', async () => {
			await pickUp(page, name(app, 'notes.md'));
			await carryTo(page, app.row('Photos'), 'Move 1 item to “Photos”');
			await page.keyboard.press('Escape');
			await expect(hint(page)).toHaveCount(0);
			await page.mouse.up();
			await expect(app.row('notes.md')).toBeVisible();
		});
		await test.step('a folder goes neither into itself nor below', async () => {
			await pickUp(page, name(app, 'Letters'));
			await carryTo(page, app.row('Letters').locator('.size'), 'A folder cannot go into itself.');
			await expect(app.row('Letters')).toHaveAttribute('data-drop', 'cannot');
			await page.mouse.up();
			await expect(hint(page)).toHaveCount(0);
			expect(await onDisk(page)).toEqual(before);
		});
		await test.step('a folder that is hovered over opens, and takes what is dropped into it', async () => {
			await pickUp(page, name(app, 'notes.md'));
			await carryTo(page, app.row('Letters'), 'Move 1 item to “Letters”');
			await expect(app.row('2024')).toBeVisible();
			await carryTo(page, app.row('2024'), 'Move 1 item to “2024”');
			await page.mouse.up();
			await expect.poll(() => onDisk(page)).toContain('Letters/2024/notes.md');
		});
		await test.step('a part of the path takes it too', async () => {
			await pickUp(page, name(app, '2024'));
			const path = page.getByRole('navigation', { name: 'Path' });
			await carryTo(page, path.getByRole('link', { name: 'Papers' }), 'Move 1 item to “Papers”');
			await page.mouse.up();
			await expect(app.row('2024')).toHaveCount(0);
			await path.getByRole('link', { name: 'Papers' }).click();
			await expect(app.row('2024')).toBeVisible();
		});
		await test.step('and the folder at the side says that it lies there already', async () => {
			await pickUp(page, name(app, '2024'));
			const side = page.getByRole('navigation', { name: 'Library' });
			await carryTo(page, side.getByText('Papers'), 'It is there already.');
			await page.mouse.up();
			await expect(hint(page)).toHaveCount(0);
		});
		await test.step('what was found goes to the other pane', async () => {
			await page.keyboard.press('Control+Backslash');
			const left = page.getByRole('region', { name: 'Left pane' });
			const right = page.getByRole('region', { name: 'Right pane' });
			await app.search.fill('lake');
			await pickUp(page, rowIn(right, 'lake.jpg').locator('bdi.name'));
			await carryTo(page, rowIn(left, 'apples.txt'), 'Move 1 item to “Papers”');
			await page.mouse.up();
			await expect(rowIn(left, 'lake.jpg')).toBeVisible();
		});
		await test.step('nothing goes where the browser allows no writing', async () => {
			await page.evaluate(() => {
				Object.assign(FileSystemHandle.prototype, {
					queryPermission: async ({ mode }: { mode: string }) => (mode === 'read' ? 'granted' : 'denied')
				});
			});
			const left = page.getByRole('region', { name: 'Left pane' });
			await pickUp(page, rowIn(left, 'apples.txt').locator('.name bdi'));
			await carryTo(page, rowIn(left, 'Photos'), '“Photos” is for reading only.');
			await page.mouse.up();
			await expect(rowIn(left, 'apples.txt')).toBeVisible();
		});
	});
});
