import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, AppScreen, test } from './support/app.ts';
import { bigTree, writeBackup } from './support/library-backup.ts';

const password = 'blue harbour kettle';
/** More than an element can be high on this screen: some 520,000 rows. */
const count = 1_000_000;
const counted = count.toLocaleString('en');

test(
	`F13: ${counted} rows are reached end to end on a sharp screen`,
	{ tag: '@nightly' },
	async ({ browser, baseURL }) => {
		test.setTimeout(300_000);
		const folder = mkdtempSync(join(tmpdir(), 'atoll-million-'));
		const context = await browser.newContext({
			deviceScaleFactor: 2,
			viewport: { width: 1280, height: 800 },
			...(baseURL ? { baseURL } : {})
		});
		try {
			const backup = join(folder, 'backup.tar');
			await writeBackup(backup, (path) => bigTree(path, count), password);
			const page = await context.newPage();
			const app = new AppScreen(page);
			await app.restore(backup, password);
			await page.getByRole('link', { name: /Big/ }).last().click();
			await app.open('many');
			await expect(app.grid).toHaveAttribute('aria-rowcount', String(count), { timeout: 60_000 });
			await expect(app.status).toContainText(`${counted} files in all`, { timeout: 60_000 });
			await app.rows.first().click();

			await page.keyboard.press('End');
			const last = app.grid.locator(`[aria-rowindex="${count}"]`);
			await expect(last).toBeFocused();
			await expect(last).toContainText(String(count));
			await expect(last).toBeInViewport({ ratio: 1 });

			// by the wheel from there: every pixel counts, and the end is reached again
			await page.mouse.move(700, 500);
			await page.mouse.wheel(0, -3200);
			await expect(app.grid.locator(`[aria-rowindex="${count - 100}"]`)).toBeInViewport();
			await page.mouse.wheel(0, 6400);
			await expect(last).toBeInViewport({ ratio: 1 });

			// by the thumb to the middle, then one notch of the wheel is still 100 px
			const scroller = app.grid.locator('.scroller');
			await scroller.evaluate((element) => element.scrollTo(0, element.scrollHeight / 2));
			const middle = await expect
				.poll(async () => Math.abs((await app.firstRow()) - count / 2) < 100)
				.toBe(true)
				.then(() => app.firstRow());
			const top = async (): Promise<number> =>
				app.rows.and(page.locator(`[data-index="${middle + 8}"]`)).evaluate((row) => row.getBoundingClientRect().top);
			const before = await top();
			await page.mouse.wheel(0, 96);
			await expect.poll(top).toBeCloseTo(before - 96, 0);

			await page.keyboard.press('Home');
			await expect(app.grid.locator('[aria-rowindex="1"]')).toBeFocused();
			await expect(app.grid.locator('[aria-rowindex="1"]')).toBeInViewport({ ratio: 1 });
			expect(await app.grid.locator('[data-sizer] [role="row"]').count()).toBeLessThanOrEqual(120);
		} finally {
			await context.close();
			rmSync(folder, { recursive: true, force: true });
		}
	}
);
