import { chromiumWithoutObserver } from './support/drop.ts';
import { expect, makeFiles, stubPicker, test } from './support/app.ts';

// A folder that is watched shows what is new by itself.
test.use({ launchOptions: chromiumWithoutObserver() });

test('a folder inside is read again from the info panel, and nothing beside it is', async ({ page, app }) => {
	await stubPicker(page, 'Papers');
	await page.goto('/');
	await makeFiles(page, 'Papers', ['one.txt', 'Inner/two.txt', 'Inner/Deep/three.txt']);
	await app.button('Open folder').click();
	await expect(app.status).toContainText('3 files in all');
	await makeFiles(page, 'Papers', ['beside.txt', 'Inner/four.txt', 'Inner/Deep/five.txt']);
	await app.row('Inner').click();
	await app.button('Info').click();
	const panel = page.getByRole('complementary', { name: 'Info' });
	await expect(panel).toContainText('2 files, 1 folder');
	await panel.getByRole('button', { name: 'Read this folder again' }).click();
	await expect(page.getByText('Inner is up to date.')).toBeVisible();
	await expect(panel).toContainText('4 files, 1 folder');
	await expect(app.status).toContainText('5 files in all');
	await expect(app.row('beside.txt')).toHaveCount(0);
});
