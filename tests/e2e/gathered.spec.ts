import type { Locator, Page } from '@playwright/test';
import { expect, test, type AppScreen } from './support/app.ts';
import { carryTo, dragHint, pickUp } from './support/drag.ts';
import { OutsideDrag } from './support/drop.ts';
import { onDisk, openPapers } from './support/papers.ts';

const tree = ['Letters/To Ines.txt', 'Photos/lake.jpg', 'apples.txt', 'notes.md', 'pears.txt'];

const side = (page: Page): Locator => page.getByRole('navigation', { name: 'Library' });
const items = (page: Page): Locator => page.getByRole('menuitem');
const bar = (page: Page): Locator => page.getByRole('toolbar', { name: 'Selection' });
const name = (app: AppScreen, row: string): Locator => app.row(row).locator('.name bdi');

/** Makes favourites of Photos, apples.txt and pears.txt, and goes there by keyboard. */
async function openFavourites(page: Page, app: AppScreen): Promise<void> {
	await openPapers(page, app, tree);
	await app.row('Photos').click();
	for (const row of ['apples.txt', 'pears.txt']) await app.row(row).click({ modifiers: ['Control'] });
	await page.keyboard.press('Control+b');
	await expect(side(page).getByRole('link', { name: 'Favourites' })).toBeVisible();
	await page.keyboard.press('Control+k');
	await page.keyboard.type('favourites');
	await page.keyboard.press('Enter');
	await expect(page.getByRole('grid', { name: 'Favourites' })).toBeVisible();
	await expect(app.rows).toHaveCount(3);
}

test('F28: rows of Favourites have a menu by mouse and by keys, and what acts on rows acts on them', async ({
	page,
	app
}) => {
	await openFavourites(page, app);
	await expect(app.rows.first()).toBeFocused();
	await app.row('apples.txt').click({ button: 'right' });
	const byMouse = await items(page).allInnerTexts();
	await page.keyboard.press('Escape');
	await expect(items(page)).toHaveCount(0);
	await expect(app.row('apples.txt')).toBeFocused();
	await page.keyboard.press('Shift+F10');
	await expect(items(page)).toHaveText(byMouse);
	await expect(items(page).filter({ hasText: 'Show in its folder' })).toBeVisible();
	await page.keyboard.press('Escape');
	await expect(items(page)).toHaveCount(0);

	await test.step('a name is typed over in its place', async () => {
		await page.keyboard.press('F2');
		await page.keyboard.type('plums');
		await page.keyboard.press('Enter');
		await expect(app.row('plums.txt')).toBeFocused();
		await expect.poll(() => onDisk(page)).toContain('plums.txt');
	});
	await test.step('what is known of it is shown, and gives the keyboard back', async () => {
		await page.keyboard.press('Alt+Enter');
		const info = page.getByRole('complementary', { name: 'Info' });
		await expect(info).toContainText('plums.txt');
		await info.getByRole('button', { name: 'Close info' }).press('Escape');
		await expect(info).toBeHidden();
		await expect(app.row('plums.txt')).toBeFocused();
	});
	await test.step('the bar has what there is to do with all that is chosen', async () => {
		await page.keyboard.press('Control+a');
		await expect(bar(page)).toContainText('3 selected');
		await bar(page).getByRole('button', { name: 'Rename 3 items…' }).click();
		await expect(page.getByRole('dialog', { name: /^Rename/ })).toBeVisible();
		await page.keyboard.press('Escape');
		await expect(page.getByRole('dialog')).toHaveCount(0);
	});
	await test.step('it goes to the trash, and is there again', async () => {
		await app.row('pears.txt').click();
		await page.keyboard.press('Delete');
		await expect(app.row('pears.txt')).toHaveCount(0);
		await expect(app.row('plums.txt')).toBeFocused();
		await expect.poll(() => onDisk(page)).not.toContain('pears.txt');
		await page.keyboard.press('Control+z');
		await expect(app.row('pears.txt')).toBeVisible();
	});
	await test.step('it is cut here and pasted in a folder', async () => {
		await app.row('pears.txt').click();
		await page.keyboard.press('Control+x');
		await page.keyboard.press('Control+v');
		await app.row('Photos').click();
		await page.keyboard.press('Enter');
		await expect(app.row('lake.jpg')).toBeVisible();
		await expect(page.getByRole('navigation', { name: 'Path' }).locator('[aria-current]')).toHaveText('Photos');
		await page.keyboard.press('Control+v');
		await expect(app.row('pears.txt')).toBeVisible();
		await expect.poll(() => onDisk(page)).toContain('Photos/pears.txt');
	});
	await test.step('going back leads to the row that one left, and that says where it is', async () => {
		await page.keyboard.press('Alt+ArrowLeft');
		await expect(app.row('Photos')).toBeFocused();
		await expect(app.row('pears.txt').locator('.cell.place')).toContainText('Photos');
	});
});

test(
	'F29: rows of Favourites go into folders beside them and at the side',
	{ tag: '@nightly' },
	async ({ page, app }) => {
		await openFavourites(page, app);
		await test.step('into a folder that is a favourite as well', async () => {
			await pickUp(page, name(app, 'pears.txt'));
			await carryTo(page, app.row('Photos'), 'Move 1 item to “Photos”');
			await page.mouse.up();
			await expect.poll(() => onDisk(page)).toContain('Photos/pears.txt');
			await expect(app.row('pears.txt')).toBeVisible();
		});
		await test.step('all chosen into the folder at the side, where one of them lies already', async () => {
			await app.row('apples.txt').click();
			await pickUp(page, name(app, 'apples.txt'));
			await carryTo(page, side(page).getByText('Papers'), 'It is there already.');
			await page.mouse.up();
			await app.row('pears.txt').click({ modifiers: ['Control'] });
			await pickUp(page, name(app, 'apples.txt'));
			await carryTo(page, side(page).getByText('Papers'), 'Move 2 items to “Papers”');
			await page.mouse.up();
			const sheet = page.getByRole('dialog');
			await sheet.locator('footer').getByRole('button').last().click();
			await expect.poll(() => onDisk(page)).toContain('pears.txt');
			await expect(dragHint(page)).toHaveCount(0);
		});
		await test.step('what comes from outside goes into a folder among them', async () => {
			const drag = new OutsideDrag(page, [test.info().file]);
			await drag.over(app.row('Photos'));
			await expect(page.getByText('Copy to “Photos”')).toBeVisible();
			await drag.drop();
			await expect.poll(() => onDisk(page)).toContain('Photos/gathered.spec.ts');
		});
		await test.step('a folder that is hovered over opens', async () => {
			await pickUp(page, name(app, 'apples.txt'));
			await carryTo(page, app.row('Photos'), 'Move 2 items to “Photos”');
			await expect(app.row('lake.jpg')).toBeVisible();
			await carryTo(page, app.row('lake.jpg'), 'Move 2 items to “Photos”');
			await page.mouse.up();
			await expect(app.row('apples.txt')).toBeVisible();
			await expect.poll(() => onDisk(page)).toContain('Photos/apples.txt');
		});
	}
);
