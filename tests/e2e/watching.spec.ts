import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from './support/app.ts';
import { dropFolder } from './support/drop.ts';

test('what another program does in a folder of the disk shows by itself', async ({ page, app }) => {
	const folder = mkdtempSync(join(tmpdir(), 'atoll-watched-'));
	mkdirSync(join(folder, 'Inside'));
	writeFileSync(join(folder, 'top.md'), 'top');
	try {
		await page.goto('/');
		await expect(app.button('Open folder')).toBeVisible();
		await dropFolder(page, folder);
		await expect(app.row('top.md')).toBeVisible();
		await page.getByRole('link', { name: 'All folders' }).click();
		await expect(page.getByText('Kept up to date')).toBeVisible();
		await page.goBack();

		mkdirSync(join(folder, 'New', 'deeper'), { recursive: true });
		writeFileSync(join(folder, 'New', 'deeper', 'far.txt'), 'x'.repeat(2_000));
		writeFileSync(join(folder, 'second.md'), 'second');
		await expect(app.row('second.md')).toBeVisible();
		await expect(app.row('New')).toContainText('2.0 kB');
		renameSync(join(folder, 'second.md'), join(folder, 'renamed.md'));
		await expect(app.row('renamed.md')).toBeVisible();
		await expect(app.row('second.md')).toHaveCount(0);
		await app.open('New');
		await app.open('deeper');
		await expect(app.row('far.txt')).toBeVisible();
		rmSync(join(folder, 'New', 'deeper', 'far.txt'));
		await expect(app.row('far.txt')).toHaveCount(0);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
});
