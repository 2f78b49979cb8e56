import type { Page } from '@playwright/test';
import { AppScreen } from '../e2e/support/app.ts';
import { expect, test } from './durability.ts';
import { Profile } from './profile.ts';
import { dropFolder, expectSecret, makeFolder, makeSecrets, type Known, type Secrets } from './secrets.ts';

/** Creates the library as a person does, and gives the recovery code that is shown. */
async function createLibrary(page: Page, app: AppScreen, secrets: Secrets): Promise<string> {
	await app.button('Set a password first').click();
	await page.getByRole('textbox', { name: 'Name' }).fill(secrets.library);
	await page.getByRole('textbox', { name: 'Password' }).fill(secrets.password);
	await app.button('Create library').click();
	const shown = page.getByText(/^([0-9A-Z]{4}-){7}[0-9A-Z]{4}$/);
	await shown.waitFor();
	const code = await shown.innerText();
	await page.getByRole('checkbox', { name: 'I have kept it somewhere safe' }).check();
	await app.button('Continue').click();
	return code;
}

/** Opens folders, types names and passwords, goes back and forth. */
async function browse(page: Page, app: AppScreen, secrets: Secrets & Known, path: string): Promise<void> {
	await dropFolder(page, path);
	await expect(app.row(`${secrets.folder} 1`)).toBeVisible();
	await app.open(`${secrets.folder} 1`);
	await app.row(`${secrets.file} 1 7.txt`).click();
	await page.keyboard.press('Alt+Enter');
	await expect(page.getByRole('complementary', { name: 'Info' })).toContainText(secrets.file);
	await app.search.fill(`${secrets.file} 1 8`);
	await expect(app.row(`${secrets.file} 1 8.txt`)).toBeVisible();
	await app.search.fill(secrets.searched);
	// The only tab takes the key with it: the page comes back locked, with what was typed still in its history.
	await page.reload();
	for (const typed of [secrets.newPassword, secrets.password]) {
		await page.getByRole('textbox', { name: 'Password' }).fill(typed);
		await app.button('Unlock').click();
	}
	await expect(page.getByRole('heading', { name: 'Your library is locked' })).toBeHidden();
	await page.goBack();
	await page.goForward();
	await app.button('Lock').click();
	await expect(page.getByRole('heading', { name: 'Your library is locked' })).toBeVisible();
}

test('the app leaves nothing readable in the browser’s profile, but the path of a dropped folder', async ({
	site,
	baseURL
}) => {
	test.setTimeout(120_000);
	const profile = new Profile({ ...site, origin: baseURL ?? '' });
	const secrets = makeSecrets();
	const folder = makeFolder(secrets);
	try {
		await profile.start();
		profile.context.setDefaultTimeout(15_000);
		const page = await profile.context.newPage();
		const app = new AppScreen(page);
		await page.goto(profile.site.origin);
		const code = await createLibrary(page, app, secrets);
		const keys = { code, 'code bare': code.replaceAll('-', '') };
		await browse(page, app, secrets, folder.path);
		expectSecret(profile.folder, secrets, keys);
		await page.close();
		expectSecret(profile.folder, secrets, keys);
		await profile.stop();
		expectSecret(profile.folder, secrets, keys);
	} finally {
		await profile.end();
		folder.remove();
	}
});
