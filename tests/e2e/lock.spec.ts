import { expect, makeFiles, stubPicker, test, type AppScreen } from './support/app.ts';
import type { Page } from '@playwright/test';

const sentinel = 'zanzibar-ledger-4711';
const password = 'blue harbour kettle';

async function begin(page: Page, app: AppScreen): Promise<void> {
	await stubPicker(page, `${sentinel}-folder`);
	await page.goto('/');
	await makeFiles(page, `${sentinel}-folder`, [`${sentinel}.txt`, 'other.md']);
	await app.button('Set a password first').click();
	await page.getByRole('textbox', { name: 'Name' }).fill(`${sentinel}-library`);
	await page.getByRole('textbox', { name: 'Password' }).fill(password);
	await app.button('Create library').click();
	await page.getByRole('checkbox', { name: 'I have kept it somewhere safe' }).check();
	await app.button('Continue').click();
	await app.button('Open folder').click();
	await expect(app.row(`${sentinel}.txt`)).toBeVisible();
}

function seen(page: Page): Promise<string> {
	return page.evaluate(() => {
		const kept = [localStorage, sessionStorage].map((store) => Object.entries(store));
		return `${document.documentElement.outerHTML} ${document.title} ${location.href} ${JSON.stringify(history.state)} ${JSON.stringify(kept)}`;
	});
}

test('F67: locked, no name is left on the page; a wrong password waits longer each time; unlocked, one is where one was', async ({
	page,
	app
}) => {
	await begin(page, app);
	await app.row(`${sentinel}.txt`).click();
	await page.keyboard.press('Alt+Enter');
	await expect(page.getByRole('complementary', { name: 'Info' })).toContainText(sentinel);
	expect(await seen(page)).toContain(sentinel);
	const place = new URL(page.url()).pathname;

	await app.button('Lock').click();
	await expect(page.getByRole('heading', { name: 'Your library is locked' })).toBeVisible();
	expect(await seen(page)).not.toContain('zanzibar');

	const field = page.getByRole('textbox', { name: 'Password' });
	await expect(field).toBeFocused();
	const countdown = page.getByText(/Too many tries\. Wait \d+ seconds?/);
	for (let attempt = 0; attempt < 10 && !(await countdown.isVisible()); attempt++) {
		await field.fill(`wrong ${attempt}`);
		await app.button('Unlock').click();
		await expect(page.getByText('That is not the password').or(countdown)).toBeVisible();
	}
	await expect(countdown).toBeVisible();
	await expect(app.button('Unlock')).toBeDisabled();

	await expect(countdown).toBeHidden();
	await field.fill(password);
	await page.keyboard.press('Enter');
	await expect(app.row(`${sentinel}.txt`)).toBeVisible();
	expect(new URL(page.url()).pathname).toBe(place);
});

test('nothing of the person’s words is in the address, the history or the browser’s plain stores', async ({
	page,
	app
}) => {
	await begin(page, app);
	await app.search.fill('zanzibar');
	await expect(app.row(`${sentinel}.txt`)).toBeVisible();
	await page.keyboard.press('ArrowDown');
	await page.keyboard.press('Enter');
	const stores = await page.evaluate(() =>
		JSON.stringify([
			document.title,
			location.href,
			history.state,
			Object.entries(localStorage),
			Object.entries(sessionStorage)
		])
	);
	expect(stores).not.toContain('zanzibar');
	await expect(page).toHaveTitle('Atoll');
});

test(
	'nobody touches it for as long as was set: it locks, and input in time keeps it open',
	{ tag: '@nightly' },
	async ({ page, app }) => {
		await page.clock.install();
		await begin(page, app);
		await page.getByRole('button', { name: 'Settings' }).click();
		await page.getByRole('combobox', { name: 'Lock when nobody is here' }).selectOption('1 minute');
		await page.reload();
		await page.getByRole('textbox', { name: 'Password' }).fill(password);
		await page.keyboard.press('Enter');
		await expect(page.getByRole('heading', { name: 'Settings' })).toBeVisible();
		await expect(page.getByRole('combobox', { name: 'Lock when nobody is here' })).toHaveValue('1');

		await page.clock.fastForward(50_000);
		await page.mouse.move(200, 300);
		await page.clock.fastForward(50_000);
		await expect(page.getByRole('heading', { name: 'Settings' })).toBeVisible();
		await page.clock.fastForward(61_000);
		await expect(page.getByRole('heading', { name: 'Your library is locked' })).toBeVisible();
		expect(await seen(page)).not.toContain('zanzibar');
	}
);

test('a tab that locks locks the others', { tag: '@nightly' }, async ({ page, app, context }) => {
	await begin(page, app);
	const other = await context.newPage();
	await other.goto('/files');
	await expect(other.getByRole('heading', { name: 'All folders' })).toBeVisible();
	await app.button('Lock').click();
	await expect(other.getByRole('heading', { name: 'Your library is locked' })).toBeVisible();
	expect(await seen(other)).not.toContain('zanzibar');
});
