import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, makeFiles, stubPicker, test } from './support/app.ts';
import { chromiumWithoutObserver, dropFolder } from './support/drop.ts';

test.use({ launchOptions: chromiumWithoutObserver() });

const files = Array.from({ length: 2000 }, (_, at) => `paper ${String(at).padStart(4, '0')}.txt`);

test(
	'F01: a folder is on the screen within ten seconds and three clicks, with no account and no server',
	{ tag: '@timed' },
	async ({ page, app }) => {
		await stubPicker(page, 'Papers');
		await page.goto('/');
		await makeFiles(page, 'Papers', files);
		let clicks = 0;
		await page.exposeFunction('countClick', () => clicks++);
		await page.addInitScript(() =>
			addEventListener('click', () => Reflect.apply(Reflect.get(window, 'countClick'), window, []), { capture: true })
		);
		const startedMs = Date.now();
		await page.goto('/');
		await app.button('Open folder').click();
		await expect(app.row('paper 0000.txt')).toBeVisible();
		expect(Date.now() - startedMs).toBeLessThan(10_000);
		expect(clicks).toBeLessThanOrEqual(3);
		await expect(app.grid).toHaveAttribute('aria-rowcount', '2000');
		await expect(page).toHaveTitle('Atoll');
	}
);

test('F06: the picker is called without a mode, then writing is asked for', async ({ page, app }) => {
	await stubPicker(page, 'Papers');
	await page.goto('/');
	await app.button('Open folder').click();
	await expect(app.status).toBeVisible();
	expect(await page.evaluate(() => window.pickerCalls)).toEqual([
		{ what: 'picker', argument: null },
		{ what: 'permission', argument: { mode: 'readwrite' } }
	]);
});

test('a refusal of writing still opens the folder to read', async ({ page, app }) => {
	await stubPicker(page, 'Papers');
	await page.addInitScript(() => {
		Object.assign(FileSystemHandle.prototype, {
			requestPermission: async () => 'denied',
			queryPermission: async ({ mode }: { mode: string }) => (mode === 'read' ? 'granted' : 'denied')
		});
	});
	await page.goto('/');
	await makeFiles(page, 'Papers', ['one.txt']);
	await app.button('Open folder').click();
	await expect(app.row('one.txt')).toBeVisible();
});

test('F02: a sample comes with one click and goes without a trace', async ({ page, app }) => {
	await page.goto('/');
	await app.button('Try a sample').click();
	await expect(app.row('Photos')).toBeVisible();
	await expect(app.status).toContainText('200 files in all');
	await app.open('Photos');
	await app.open('2024 Alps');
	await expect(app.grid).toHaveAttribute('aria-rowcount', '30');
	await page.getByRole('navigation', { name: 'Library' }).getByText('Sample').hover();
	await app.button('More for Sample').click();
	await page.getByRole('menuitem', { name: 'Remove sample' }).click();
	await expect(app.button('Open folder')).toBeVisible();
	const left = await page.evaluate(async () => {
		const files: string[] = [];
		const visit = async (folder: FileSystemDirectoryHandle): Promise<void> => {
			for await (const entry of folder.values()) {
				if (entry.kind === 'directory') await visit(entry as FileSystemDirectoryHandle);
				else files.push(entry.name);
			}
		};
		await visit(await navigator.storage.getDirectory());
		return files;
	});
	expect(left).toEqual([]);
});

test('a folder of the disk that is dropped on the window opens', async ({ page, app }) => {
	const folder = mkdtempSync(join(tmpdir(), 'atoll-drop-'));
	mkdirSync(join(folder, 'Inside'));
	writeFileSync(join(folder, 'Inside', 'deep.txt'), 'deep');
	writeFileSync(join(folder, 'top.md'), 'top');
	try {
		await page.goto('/');
		await expect(app.button('Open folder')).toBeVisible();
		await dropFolder(page, folder);
		await expect(app.row('top.md')).toBeVisible();
		await app.open('Inside');
		await expect(app.row('deep.txt')).toBeVisible();
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
});

test('a password, its strength, and the recovery code once', async ({ page, app }) => {
	await page.goto('/');
	await app.button('Set a password first').click();
	const password = page.getByRole('textbox', { name: 'Password' });
	await expect(password).toBeFocused();
	await expect(password).toHaveAttribute('autocomplete', 'new-password');
	await password.fill('abc');
	await app.button('Create library').click();
	await expect(page.getByText(/Use at least \d+ letters/)).toBeVisible();
	await password.fill('blue harbour kettle');
	await expect(page.getByText('Very strong')).toBeVisible();
	await app.button('Show password').click();
	await expect(password).toHaveAttribute('type', 'text');
	await app.button('Create library').click();

	const code = await page.getByLabel('Recovery code', { exact: true }).innerText();
	expect(code).toMatch(/^[0-9A-Z-]{20,}$/);
	await expect(app.button('Continue')).toBeDisabled();
	const saved = page.waitForEvent('download');
	await app.button('Save as text').click();
	expect((await saved).suggestedFilename()).toBe('atoll-recovery-code.txt');
	await page.getByRole('checkbox', { name: 'I have kept it somewhere safe' }).check();
	await app.button('Continue').click();
	await expect(app.button('Open folder')).toBeVisible();
	await expect(app.button('Try a sample').first()).toBeVisible();

	// it opens the library instead of the password, on a page that has forgotten everything
	await page.reload();
	await app.button('Use the recovery code').click();
	await page.getByRole('textbox', { name: 'Recovery code' }).fill(code.toLowerCase().replaceAll('-', ' '));
	await app.button('Unlock').click();
	await expect(page.getByRole('heading', { name: 'All folders' })).toBeVisible();
});

test('a library that was made in passing offers its recovery code until it is kept', async ({ page, app }) => {
	await page.goto('/');
	await app.button('Try a sample').click();
	await app.button('Get the code').click();
	await app.button('Make a code').click();
	await expect(page.getByLabel('Recovery code', { exact: true })).toHaveText(/^[0-9A-Z-]{20,}$/);
	await page.keyboard.press('Escape');
	await expect(page.getByRole('dialog')).toBeVisible();
	await page.getByRole('checkbox', { name: 'I have kept it somewhere safe' }).check();
	await app.button('Continue').click();
	await expect(app.button('Get the code')).toBeHidden();
	await page.reload();
	await expect(app.grid).toBeVisible();
	await expect(app.button('Get the code')).toBeHidden();
});
