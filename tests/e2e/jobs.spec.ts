import type { Locator, Page } from '@playwright/test';
import { expect, makeFiles, stubPicker, test, type AppScreen } from './support/app.ts';

const few = ['one.txt', 'two.txt', 'Inner/three.txt'];
/** Enough that reading it takes some seconds. */
const many = Array.from({ length: 6_000 }, (_, n) => `folder ${n % 60}/a file with the number ${n}.txt`);

async function openFolder(page: Page, app: AppScreen, files: readonly string[]): Promise<void> {
	await stubPicker(page, 'Papers');
	await page.goto('/');
	await makeFiles(page, 'Papers', files);
	await app.button('Open folder').click();
}

/** Takes the folder away, as unplugging its disk does. */
function takeAway(page: Page): Promise<void> {
	return page.evaluate(async () => {
		await (await navigator.storage.getDirectory()).removeEntry('Papers', { recursive: true });
	});
}

async function lookForChanges(page: Page, app: AppScreen): Promise<void> {
	await page.getByRole('navigation', { name: 'Library' }).getByText('Papers').hover();
	await app.button('More for Papers').click();
	await page.getByRole('menuitem', { name: 'Look for changes' }).click();
}

const jobsButton = (page: Page): Locator =>
	page.getByRole('navigation', { name: 'Library' }).getByRole('button', { name: /^Jobs/ });
const panel = (page: Page): Locator => page.getByRole('dialog', { name: 'Jobs' });
/** The job that reads the folder; others follow from it. */
const job = (page: Page): Locator =>
	panel(page)
		.getByRole('listitem')
		.filter({ hasText: /Read(ing)? “Papers”/ });

test(
	'a job that goes on is paused, is paused still after a reload, goes on where it was and is done',
	{ tag: '@nightly' },
	async ({ page, app }) => {
		await openFolder(page, app, many);
		await jobsButton(page).click();
		await expect(job(page)).toContainText('Reading “Papers”');
		await app.button('Pause: Reading “Papers”').click();
		await expect(job(page)).toContainText('Paused');
		await expect(jobsButton(page)).toContainText('1 paused');

		await page.reload();
		await expect(jobsButton(page)).toContainText('1 paused');
		await jobsButton(page).click();
		await expect(job(page)).toContainText('Paused at');
		await app.button('Go on: Reading “Papers”').click();
		await expect(job(page)).toContainText('Read “Papers”');
		await expect(job(page)).toContainText('6,060 items');
		await expect(panel(page)).toContainText('Looked at the files of “Papers”');
		await app.button('Clear what has ended').click();
		await expect(panel(page)).toContainText('Nothing is going on');
		await app.button('Done').click();
		await expect(panel(page)).toBeHidden();
	}
);

test('a reload in the middle: the job goes on by itself', { tag: '@nightly' }, async ({ page, app }) => {
	await openFolder(page, app, many);
	await expect(jobsButton(page)).toContainText('1');
	await page.reload();
	await jobsButton(page).click();
	await expect(job(page)).toContainText('Read “Papers”');
	await expect(job(page)).toContainText('6,060 items');
});

test(
	'the tab that reads is closed: another one goes on without being asked',
	{ tag: '@nightly' },
	async ({ page, app, context }) => {
		await openFolder(page, app, many);
		await expect(jobsButton(page)).toContainText('1');
		const other = await context.newPage();
		await other.goto('/files');
		await expect(jobsButton(other)).toContainText('1');
		await page.close();
		await jobsButton(other).click();
		await expect(job(other)).toContainText('Read “Papers”');
		await expect(job(other)).toContainText('6,060 items');
	}
);

test(
	'a folder that is away is waited for; by the keyboard alone it is paused, resumed and cancelled',
	{ tag: '@nightly' },
	async ({ page, app }) => {
		await openFolder(page, app, few);
		await expect(app.status).toContainText('3 files in all');
		await takeAway(page);
		await lookForChanges(page, app);
		await jobsButton(page).focus();
		await page.keyboard.press('Enter');
		await expect(job(page)).toContainText('Tried again in');

		await job(page).getByRole('button', { name: 'Try now' }).focus();
		await page.keyboard.press('Tab');
		await expect(app.button('Pause: Reading “Papers”')).toBeFocused();
		await page.keyboard.press('Enter');
		await expect(job(page)).toContainText('Paused');
		await makeFiles(page, 'Papers', [...few, 'four.txt']);
		await expect(app.button('Go on: Reading “Papers”')).toBeFocused();
		await page.keyboard.press('Enter');
		await expect(job(page)).toContainText('Read “Papers”');
		await page.keyboard.press('Escape');
		await expect(panel(page)).toBeHidden();
		await expect(jobsButton(page)).toBeFocused();
		await expect(app.row('four.txt')).toBeVisible();

		await takeAway(page);
		await lookForChanges(page, app);
		await jobsButton(page).focus();
		await page.keyboard.press('Enter');
		await expect(job(page)).toContainText('Tried again in');
		await app.button('Cancel: Reading “Papers”').focus();
		await page.keyboard.press('Enter');
		await expect(job(page)).toContainText('Cancelled');
		await expect(job(page)).toBeFocused();
		await expect(app.row('four.txt')).toHaveCount(1);
	}
);

test('what has failed says why and is tried again', async ({ page, app }) => {
	await openFolder(page, app, few);
	await expect(app.status).toContainText('3 files in all');
	await takeAway(page);
	await makeFiles(page, 'Papers', []);
	await lookForChanges(page, app);
	await expect(jobsButton(page)).toContainText('1 failed');
	await jobsButton(page).click();
	await expect(job(page)).toContainText('The folder is suddenly empty');
	await makeFiles(page, 'Papers', few);
	await job(page).getByRole('button', { name: 'Try again' }).last().click();
	await expect(job(page)).toContainText('Read “Papers”');
});

test('how far a folder is looked at is chosen by the keyboard, with what follows from it', async ({ page, app }) => {
	await openFolder(page, app, few);
	await expect(app.status).toContainText('3 files in all');
	const menuItem = page.getByRole('menuitem', { name: 'How far to look' });
	const open = async () => {
		await page.getByRole('navigation', { name: 'Library' }).getByText('Papers').hover();
		await app.button('More for Papers').click();
		await menuItem.click();
	};
	await open();
	const dialog = page.getByRole('dialog', { name: 'How far to look into “Papers”' });
	await expect(dialog.getByRole('radio', { name: 'Names and contents' })).toBeChecked();
	await dialog.getByRole('radio', { name: 'Names and contents' }).press('ArrowUp');
	await expect(dialog.getByRole('radio', { name: 'Names only' })).toBeChecked();
	await expect(dialog.getByRole('status')).toContainText('What is known of its files stays.');
	await page.keyboard.press('Enter');
	await dialog.getByRole('button', { name: 'Done' }).click();
	await expect(dialog).toBeHidden();
	await page.reload();
	await open();
	await expect(dialog.getByRole('radio', { name: 'Names only' })).toBeChecked();
	await dialog.getByRole('radio', { name: 'In depth' }).check();
	await dialog.getByRole('button', { name: 'Done' }).click();
	await jobsButton(page).click();
	await expect(panel(page)).toContainText('Sorted what can be made of files');
});

test('when a folder is read again by itself is chosen, kept and taken back', async ({ page, app }) => {
	await openFolder(page, app, few);
	await expect(app.status).toContainText('3 files in all');
	const open = async () => {
		await page.getByRole('navigation', { name: 'Library' }).getByText('Papers').hover();
		await app.button('More for Papers').click();
		await page.getByRole('menuitem', { name: 'When to read again' }).click();
	};
	await open();
	const dialog = page.getByRole('dialog', { name: 'When to read “Papers” again' });
	const reading = dialog.getByRole('combobox', { name: 'Read again' });
	const checking = dialog.getByRole('combobox', { name: 'Check the bytes' });
	await expect(reading).toHaveValue('');
	await reading.selectOption('Every night at 3');
	await checking.selectOption('Every month, the first at 4');
	await dialog.getByRole('button', { name: 'Done' }).click();
	await expect(dialog).toBeHidden();
	await page.reload();
	await open();
	await expect(reading).toHaveValue('0 3 * * *');
	await expect(dialog).toContainText(/Finds what has come, changed or gone\. Next: .*3:00/);
	await expect(checking).toHaveValue('0 4 1 * *');
	await reading.selectOption('Never');
	await dialog.getByRole('button', { name: 'Done' }).click();
	await open();
	await expect(reading).toHaveValue('');
	await expect(checking).toHaveValue('0 4 1 * *');
});
