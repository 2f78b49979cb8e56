import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { expect, test, type AppScreen } from './support/app.ts';
import { chromiumWithoutObserver, dropFolder } from './support/drop.ts';

// Nothing is seen of what happens on the disk but what one asks for.
test.use({ launchOptions: chromiumWithoutObserver() });

const dialog = (page: Page): Locator => page.getByRole('dialog', { name: 'Check against the disk' });
const navigation = (page: Page): Locator => page.getByRole('navigation', { name: 'Library' });

async function choose(page: Page, app: AppScreen, title: string): Promise<void> {
	await navigation(page).getByText('Letters').hover();
	await app.button('More for Letters').click();
	await page.getByRole('menuitem', { name: title }).click();
}

/** A folder of the disk, dropped on the window and read to the end. */
async function withDropped(page: Page, app: AppScreen, use: (folder: string) => Promise<void>): Promise<void> {
	const top = mkdtempSync(join(tmpdir(), 'atoll-checking-'));
	const folder = join(top, 'Letters');
	mkdirSync(join(folder, 'Old', 'older'), { recursive: true });
	const past = new Date('2026-01-02T03:04:05Z');
	const files = { 'list.txt': 20, 'one.md': 300, 'Old/two.md': 400, 'Old/older/three.bin': 300_000, 'Old/four.md': 90 };
	for (const [name, size] of Object.entries(files)) {
		writeFileSync(join(folder, name), Buffer.alloc(size, name));
		utimesSync(join(folder, name), past, past);
	}
	try {
		await page.goto('/');
		await expect(app.button('Open folder')).toBeVisible();
		await dropFolder(page, folder);
		await expect(app.status).toContainText('5 files in all');
		// Copies are known when the bytes were looked at.
		await app.row('one.md').click();
		await app.button('Info').click();
		await expect(page.getByText('None that Atoll knows of')).toBeVisible();
		await use(folder);
	} finally {
		rmSync(top, { recursive: true, force: true });
	}
}

/** Another byte under the same size and time. */
function flip(file: string, at: number): void {
	const { atime, mtime } = statSync(file);
	const bytes = readFileSync(file);
	bytes[at] = (bytes[at] ?? 0) ^ 1;
	writeFileSync(file, bytes);
	utimesSync(file, atime, mtime);
}

test('what differs is told in plain words and repaired; nothing on the disk changes', async ({ page, app }) => {
	await withDropped(page, app, async (folder) => {
		await choose(page, app, 'Check against the disk');
		await expect(app.button('Check')).toBeVisible();
		await page.getByRole('checkbox').check();
		await app.button('Check').click();
		await expect(dialog(page)).toContainText('Everything on the disk is as Atoll knows it');
		await expect(dialog(page)).toContainText('5 files read');
		await app.button('Done').click();

		writeFileSync(join(folder, 'new.md'), 'new');
		writeFileSync(join(folder, 'one.md'), 'another size');
		rmSync(join(folder, 'Old', 'four.md'));
		flip(join(folder, 'list.txt'), 3);
		await choose(page, app, 'Check against the disk');
		await page.getByRole('checkbox').check();
		await app.button('Check').click();
		await expect(dialog(page)).toContainText('4 differences');
		for (const [title, name] of [
			['No longer on the disk', 'four.md'],
			['New on the disk', 'new.md'],
			['Changed on the disk', 'one.md'],
			['Other bytes than before', 'list.txt']
		] as const) {
			const section = dialog(page).locator('section').filter({ hasText: title });
			await expect(section.getByRole('listitem')).toHaveText(new RegExp(name.replace('.', '\\.?')));
		}
		await expect(app.row('new.md')).toHaveCount(0);
		await app.button('Repair').click();
		await expect(dialog(page)).toContainText('Repaired: 4 differences');
		await page.keyboard.press('Escape');
		await expect(dialog(page)).toBeHidden();
		await expect(app.row('new.md')).toBeVisible();
		expect(readFileSync(join(folder, 'one.md'), 'utf8')).toBe('another size');
	});
});

test('a folder and a file that were renamed keep their addresses in the app', async ({ page, app }) => {
	await withDropped(page, app, async (folder) => {
		await app.open('Old');
		const before = new URL(page.url()).pathname;
		await page.goBack();
		renameSync(join(folder, 'Old'), join(folder, 'Kept'));
		await choose(page, app, 'Look for changes');
		await expect(app.row('Kept')).toBeVisible();
		await expect(app.row('Old')).toHaveCount(0);
		await app.open('Kept');
		expect(new URL(page.url()).pathname).toBe(before);
		await app.row('two.md').click();
		// What was known of its bytes has moved with it: nobody has to look again.
		await expect(page.getByText('None that Atoll knows of')).toBeVisible();
	});
});

test('every byte is checked as a job, and a flipped bit is shown where the file is', async ({ page, app }) => {
	await withDropped(page, app, async (folder) => {
		const jobs = page.getByRole('dialog', { name: 'Jobs' });
		const scrubbed = jobs.getByRole('listitem').filter({ hasText: 'Checked every byte of “Letters”' });
		await choose(page, app, 'Check every byte');
		await expect(page.getByText('Letters is whole: 5 files read to the last byte.')).toBeVisible();
		// Where no window of a quick look reads.
		flip(join(folder, 'Old', 'older', 'three.bin'), 30_000);
		await choose(page, app, 'Check every byte');
		await expect(page.getByText('1 file of Letters damaged: see Jobs.')).toBeVisible();
		await navigation(page).getByRole('button', { name: /^Jobs/ }).click();
		await expect(scrubbed).toContainText('1 item damaged or not read');
		await scrubbed.getByText('1 item damaged or not read').click();
		await expect(scrubbed).toContainText('Damaged: other bytes than before');
		await app.button('Done').click();
		await app.open('Old');
		await app.open('older');
		await app.row('three.bin').click();
		await expect(page.getByText('They are not those that Atoll knows')).toBeVisible();
	});
});
