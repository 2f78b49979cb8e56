import type { Page } from '@playwright/test';
import { expect, stubPicker, test, type AppScreen } from './support/app.ts';

const sizeBytes = 300_000;
/** Between the windows that a quick look reads of a file of this size. */
const unread = 25_000;

/** Three files that look the same, one of which differs where nobody looks; a pair; and one that is alone. */
async function openCopies(page: Page, app: AppScreen): Promise<void> {
	await stubPicker(page, 'Copies');
	await page.goto('/');
	await page.evaluate(
		async ([length, odd]) => {
			const root = await (await navigator.storage.getDirectory()).getDirectoryHandle('Copies', { create: true });
			const write = async (path: readonly string[], bytes: Uint8Array<ArrayBuffer> | string) => {
				let folder = root;
				for (const name of path.slice(0, -1)) folder = await folder.getDirectoryHandle(name, { create: true });
				const file = await (await folder.getFileHandle(path.at(-1) ?? '', { create: true })).createWritable();
				await file.write(bytes);
				await file.close();
			};
			const large = Uint8Array.from({ length }, (_, at) => at % 251);
			const nearly = large.slice();
			nearly[odd] = 7;
			await write(['Holiday', 'film.mov'], large);
			await write(['Old', 'film again.mov'], large);
			await write(['Old', 'film cut.mov'], nearly);
			await write(['letter'], 'Dear all, the sea is calm.\n');
			await write(['Old', 'letter'], 'Dear all, the sea is calm.\n');
			await write(['alone.txt'], 'only here\n');
		},
		[sizeBytes, unread] as const
	);
	await app.button('Open folder').click();
	await expect(app.row('alone.txt')).toBeVisible();
}

test('duplicates are listed with what they take; a look at every byte parts what only looks the same', async ({
	page,
	app
}) => {
	await openCopies(page, app);
	await page.getByRole('link', { name: 'Duplicates' }).click();
	await expect(page.getByRole('heading', { name: 'Duplicates' })).toBeVisible();
	const films = page.getByRole('button', { name: /film/ }).first();
	await expect(films).toContainText('3 files of 300 kB');
	await expect(page.getByRole('main')).toContainText('600 kB are taken by further copies of 2 files');

	await films.click();
	await expect(films).toHaveAttribute('aria-expanded', 'true');
	await expect(page.getByRole('link', { name: 'film cut.mov' })).toBeVisible();
	await page.getByRole('button', { name: /Check every byte of film/ }).click();
	await expect(films).toContainText('2 files of 300 kB');
	await expect(page.getByText('Same in every byte')).toHaveCount(1);

	await page.getByRole('link', { name: 'All folders' }).click();
	await page.getByRole('link', { name: 'Duplicates' }).click();
	await films.click();
	await expect(page.getByRole('main').getByRole('listitem').filter({ hasText: 'film' }).getByRole('link')).toHaveCount(
		2
	);
	await expect(page.getByRole('link', { name: 'film cut.mov' })).toBeHidden();
	await page.getByRole('link', { name: /film again/ }).click();
	await expect(app.row('film again.mov')).toBeFocused();
});

test('F48: of copies that were chosen one stays, the others go to the trash and come back; the last one never goes', async ({
	page,
	app
}) => {
	await openCopies(page, app);
	await page.getByRole('link', { name: 'Duplicates' }).click();
	const sum = page.getByRole('main');
	await expect(sum).toContainText('further copies of 2 files');
	await page.getByRole('checkbox', { name: 'Choose letter' }).check();
	await app.button('Remove copies of 1 file…').click();
	const sheet = page.getByRole('dialog', { name: 'Remove duplicates' });
	await expect(sheet).toContainText('1 file stays');
	const row = sheet.getByRole('region', { name: 'Will be done' });
	await expect(row).toContainText('to the trash');
	// By hand: the other one of the two.
	const isOldKept = (await row.textContent())?.includes('Keep “letter” in Copies / Old') === true;
	await sheet.getByRole('button', { name: /^Keep this: Copies/ }).click();
	await expect(row).toContainText(isOldKept ? /Keep “letter” in Copies(?! \/)/ : 'Keep “letter” in Copies / Old');
	await sheet.getByRole('button', { name: /^Keep this: Copies/ }).click();
	await sheet.getByRole('radio', { name: 'Shortest path' }).click();
	await sheet.getByRole('button', { name: 'Remove', exact: true }).click();
	await expect(sum).toContainText('further copies of 1 file');
	await page.getByRole('button', { name: 'Undo' }).click();
	await expect(sum).toContainText('further copies of 2 files');

	// All of them; what only looks the same stays, and is told.
	await app.button('Remove copies…').click();
	await expect(sheet).toContainText('2 files stay');
	await sheet.getByRole('button', { name: 'Remove 3 copies' }).click();
	await expect(page.getByText('1 of 3 not done.')).toBeVisible();
	await page.getByRole('button', { name: 'See why' }).click();
	await page.getByRole('button', { name: 'What was not done' }).click();
	await expect(page.getByRole('main')).toContainText('It is no copy: not every byte is the same.');

	// One that nothing is like, from the list of files.
	await page.goto('/');
	await page
		.getByRole('main')
		.getByRole('link', { name: /Copies/ })
		.first()
		.click();
	await app.row('alone.txt').click({ button: 'right' });
	await page.getByRole('menuitem', { name: 'Remove duplicates…' }).click();
	await expect(page.getByText('There are no copies')).toBeVisible();
});

test('the info panel tells what a file is by its bytes, and where its copies are', async ({ page, app }) => {
	await openCopies(page, app);
	await app.row('letter').click();
	await page.getByRole('button', { name: /Info/ }).first().click();
	const info = page.getByRole('complementary', { name: 'Info' });
	await expect(info).toContainText('Plain text');
	await expect(info.getByRole('link', { name: /letter/ })).toContainText('Old');
	await app.row('alone.txt').click();
	await expect(info).toContainText('None that Atoll knows of');
});

test('what is in one place only is told, folder by folder', { tag: '@nightly' }, async ({ page, app }) => {
	await openCopies(page, app);
	await page.getByRole('link', { name: 'Only one copy' }).click();
	await expect(page.getByRole('main')).toContainText('10 bytes in 1 file are in one place only');
	await page
		.getByRole('main')
		.getByRole('link', { name: /^Copies/ })
		.click();
	const path = page.getByRole('navigation', { name: 'Path' });
	await expect(path.getByRole('link', { name: 'Copies' })).toHaveAttribute('aria-current', 'page');
	await page.reload();
	await page.getByRole('link', { name: /^Right in this folder/ }).click();
	await expect(app.row('alone.txt')).toBeVisible();
	await page.goBack();
	await path.getByRole('link', { name: 'All folders' }).click();
	await page.getByRole('link', { name: 'Show Copies in its list' }).click();
	await expect(app.row('Holiday')).toBeVisible();
});
