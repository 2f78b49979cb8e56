import type { Page } from '@playwright/test';
import { expect, makeFiles, stubPicker, test, type AppScreen } from './support/app.ts';

const tree = [
	'2024/05/IMG_2024_beach.jpg',
	'2024/05/IMG_2024_lake.jpg',
	'Letters/hello world.txt',
	'Letters/report.pdf',
	'Letters/report draft.pdf',
	'Code/C++ notes.md',
	'Code/foo-bar.ts',
	"it's.txt",
	'日本語.txt'
];

async function openTree(page: Page, app: AppScreen): Promise<void> {
	await stubPicker(page, 'Papers');
	await page.goto('/');
	await makeFiles(page, 'Papers', tree);
	await app.button('Open folder').click();
	await expect(app.status).toContainText(`${tree.length} files in all`);
}

const names = (app: AppScreen) => app.rows.filter({ visible: true }).locator('.name .name');
const filters = (page: Page) => page.getByRole('group', { name: 'Filters' });
const facet = (page: Page, name: string) => filters(page).getByRole('button', { name, exact: true });

/** Chooses a value of a facet, and gives how many it said there are. */
async function choose(page: Page, name: string, value: string): Promise<number> {
	await facet(page, name).click();
	const item = page.getByRole('menuitemradio').filter({ hasText: value });
	const count = Number(await item.locator('.note').textContent());
	await item.click();
	return count;
}

test('F42: filters say what the field says, count what they would leave, and what is gone is found no more', async ({
	page,
	app
}) => {
	await openTree(page, app);
	await page.keyboard.press('/');
	await page.keyboard.type('20');
	await expect(app.status).toContainText('3 matches');
	await expect(app.row('IMG_2024_beach.jpg').locator('mark')).toHaveText('20');

	const images = await choose(page, 'Kind', 'Images');
	await expect(app.search).toHaveValue('20 kind:image');
	await expect(app.status).toContainText(`${images} matches`);
	await expect(names(app)).toHaveText(['IMG_2024_beach.jpg', 'IMG_2024_lake.jpg']);

	// What is typed becomes a chip, and a chip that goes leaves the text.
	await app.search.fill('20 kind:image -lake');
	await expect(names(app)).toHaveText(['IMG_2024_beach.jpg']);
	await app.button('Remove Images').click();
	await expect(app.search).toHaveValue('20 -lake');
	await expect(app.search).toBeFocused();
	await app.search.fill('size:big pdf');
	await expect(filters(page).getByRole('status')).toContainText('“size:big” is not understood');

	await app.search.fill('report');
	await app.button('Sort').click();
	await page.getByRole('menuitemradio', { name: 'Name, Z to A' }).click();
	await expect(names(app)).toHaveText(['report.pdf', 'report draft.pdf']);
	await app.row('report draft.pdf').click();
	await page.keyboard.press('Delete');
	await expect(names(app)).toHaveText(['report.pdf']);
	await expect(app.status).toContainText('1 match');

	await app.search.fill('zanzibar ext:pdf');
	await expect(page.getByRole('heading', { name: 'Nothing found for “zanzibar ext:pdf”' })).toBeVisible();
	await app.grid.locator('..').getByRole('button', { name: 'Clear search' }).click();
	await expect(app.search).toHaveValue('');
});
