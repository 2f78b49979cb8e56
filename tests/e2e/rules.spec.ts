import type { Page } from '@playwright/test';
import { expect, makeFiles, stubPicker, test, type AppScreen } from './support/app.ts';

const files = [
	'letter.txt',
	'.profile',
	'web/main.ts',
	'web/node_modules/left-pad/index.js',
	'web/notes.tmp',
	'web/keep.tmp',
	'.Trash-1000/old.txt'
];

async function openFolder(page: Page, app: AppScreen): Promise<void> {
	await stubPicker(page, 'Home');
	await page.goto('/');
	await makeFiles(page, 'Home', files);
	await app.button('Open folder').click();
	await expect(app.row('letter.txt')).toBeVisible();
}

async function openRules(page: Page): Promise<void> {
	await page.getByRole('link', { name: 'Home' }).first().hover();
	await page.getByRole('button', { name: 'More for Home' }).click();
	await page.getByRole('menuitem', { name: 'What is in the library' }).click();
	await expect(page.getByRole('switch', { name: 'Hidden files' })).toBeVisible();
}

test('what other rules do is shown first; applied, it leaves the library or comes in', async ({ page, app }) => {
	await openFolder(page, app);
	await expect(app.row('.profile')).toBeVisible();
	await expect(app.row('.Trash-1000')).toBeHidden();

	await openRules(page);
	const sheet = page.getByRole('dialog');
	const effect = sheet.getByRole('status');
	const applyRules = sheet.getByRole('button', { name: 'Apply' });
	await expect(sheet.getByRole('switch', { name: 'System files' })).not.toBeChecked();
	await expect(applyRules).toBeDisabled();

	await sheet.getByRole('switch', { name: 'Hidden files' }).click();
	await expect(effect).toContainText('1 file');
	await expect(effect).toContainText('.profile');
	await sheet.getByRole('switch', { name: 'Development folders' }).click();
	await expect(effect).toContainText('May come in: at most 1 folder');

	const patterns = sheet.getByRole('textbox', { name: 'Patterns of your own' });
	await patterns.fill('*.tmp\n[oops');
	await expect(sheet).toContainText('it ends in the middle');
	await expect(applyRules).toBeDisabled();
	await patterns.fill('*.tmp\n!keep.tmp');
	await expect(effect).toContainText('web / notes.tmp');
	await expect(effect).not.toContainText('keep.tmp');
	// Nothing has changed so far.
	await expect(app.row('.profile')).toHaveCount(1);

	await applyRules.click();
	await expect(sheet).toBeHidden();
	await expect(app.row('.profile')).toHaveCount(0);
	await app.open('web');
	await expect(app.row('node_modules')).toBeVisible();
	await expect(app.row('keep.tmp')).toBeVisible();
	await expect(app.row('notes.tmp')).toHaveCount(0);

	await openRules(page);
	await expect(patterns).toHaveValue('*.tmp\n!keep.tmp');
	await expect(sheet.getByRole('switch', { name: 'Hidden files' })).not.toBeChecked();
	await page.keyboard.press('Escape');
	await expect(sheet).toBeHidden();
});

test('the sheet is worked by the keyboard alone, and fits a phone', async ({ page, app }) => {
	await page.setViewportSize({ width: 390, height: 844 });
	await openFolder(page, app);
	await page.goto('/files');
	await openRules(page);
	await expect(page.getByRole('switch', { name: 'System files' })).toBeFocused();
	await page.keyboard.press('Tab');
	await page.keyboard.press('Tab');
	await page.keyboard.press('Space');
	await expect(page.getByRole('switch', { name: 'Hidden files' })).not.toBeChecked();
	const applyRules = page.getByRole('dialog').getByRole('button', { name: 'Apply' });
	await expect(applyRules).toBeEnabled();
	const box = await applyRules.boundingBox();
	expect((box?.x ?? 999) + (box?.width ?? 0)).toBeLessThanOrEqual(390);
	expect((box?.y ?? 999) + (box?.height ?? 0)).toBeLessThanOrEqual(844);
	expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
	await applyRules.focus();
	await page.keyboard.press('Enter');
	await expect(page.getByRole('dialog')).toBeHidden();
});
