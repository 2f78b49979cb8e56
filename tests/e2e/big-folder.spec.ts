import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, Page } from '@playwright/test';
import { expect, AppScreen, test } from './support/app.ts';
import { FrameWatch } from './support/frames.ts';
import { bigTree, writeBackup } from './support/library-backup.ts';

/** Twice what is asked for, as this runs beside other work; the benchmarks of the same names hold the figures themselves. */
const frameBoundMs = 32;
const taskBoundMs = 100;
const searchBoundMs = 100;
const password = 'blue harbour kettle';
const count = 100_000;
/** All of them, also those that measure nothing: they share the library. */
const timed = { tag: '@timed' };

/** One library for all tests of this file: they read it and change nothing. */
let folder: string;
let context: BrowserContext;
let page: Page;
let app: AppScreen;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async ({ browser, baseURL }) => {
	test.setTimeout(120_000);
	folder = mkdtempSync(join(tmpdir(), 'atoll-big-'));
	const backup = join(folder, 'backup.tar');
	await writeBackup(backup, (path) => bigTree(path, count), password);
	context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...(baseURL ? { baseURL } : {}) });
	page = await context.newPage();
	app = new AppScreen(page);
	await app.restore(backup, password);
	await page.getByRole('link', { name: /Big/ }).last().click();
	await expect(app.row('many')).toBeVisible();
});

test.afterAll(async () => {
	await context.close();
	rmSync(folder, { recursive: true, force: true });
});

test('F12: a folder of 100,000 opens within 300 ms', timed, async () => {
	const took: number[] = [];
	for (let time = 0; time < 5; time++) {
		await app.row('many').click();
		took.push(
			await page.evaluate(
				() =>
					new Promise<number>((resolve) => {
						const startedMs = performance.now();
						const enter = new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true });
						document.activeElement?.dispatchEvent(enter);
						const look = (): void => {
							const shown = document.querySelector('[data-index="0"] .name')?.textContent ?? '';
							if (shown.includes('0000001')) resolve(performance.now() - startedMs);
							else requestAnimationFrame(look);
						};
						look();
					})
			)
		);
		await expect(app.grid).toHaveAttribute('aria-rowcount', String(count));
		await page.keyboard.press('Alt+ArrowUp');
		await expect(app.row('many')).toBeFocused();
	}
	test.info().annotations.push({ type: 'open ms', description: took.map(Math.round).join(' ') });
	expect(Math.min(...took)).toBeLessThan(300);
	await app.open('many');
});

test('F12: it scrolls page by page within the time of a frame, in at most 120 row elements', timed, async () => {
	await app.rows.first().click();
	const frames = await FrameWatch.start(page);
	for (let time = 0; time < 200; time++) {
		await page.keyboard.press('PageDown');
		// a held key repeats slower than this
		await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
	}
	const seen = await frames.stop();
	test.info().annotations.push({ type: 'frames', description: JSON.stringify(seen) });
	expect(seen.elementsMax).toBeLessThanOrEqual(120);
	expect(seen.count).toBeGreaterThan(50);
	expect(seen.longestTaskMs).toBeLessThan(taskBoundMs);
	expect(seen.workP95Ms).toBeLessThanOrEqual(frameBoundMs);
	// and every row that stands still is there
	await expect(app.grid.locator('[aria-busy="true"]:visible')).toHaveCount(0);
	await expect(app.rows.and(page.locator(':focus'))).toBeInViewport();
});

test('F12: the wheel as well', timed, async () => {
	await page.keyboard.press('Home');
	await page.mouse.move(700, 500);
	const frames = await FrameWatch.start(page);
	for (let turn = 0; turn < 150; turn++) await page.mouse.wheel(0, 240);
	const seen = await frames.stop();
	test.info().annotations.push({ type: 'frames', description: JSON.stringify(seen) });
	expect(seen.count).toBeGreaterThan(50);
	expect(seen.longestTaskMs).toBeLessThan(taskBoundMs);
	expect(seen.workP95Ms).toBeLessThanOrEqual(frameBoundMs);
});

test('F15: reload gives the same first row in the middle of 100,000', timed, async () => {
	await app.grid.evaluate((grid) => grid.querySelector('[data-sizer]')?.parentElement?.scrollTo(0, 50_000 * 32 + 9));
	await expect(page).toHaveURL(/row=50000/);
	const first = await app.firstRow();
	await page.reload();
	await page.getByRole('textbox', { name: 'Password' }).fill(password);
	await page.keyboard.press('Enter');
	await expect(app.rows.and(page.locator(`[data-index="${first}"]`))).toBeVisible();
	expect(Math.abs((await app.firstRow()) - first)).toBeLessThanOrEqual(1);
});

test('F25: a range of 90,000 rows is chosen within 200 ms', timed, async () => {
	const click = (index: number, keys: ('Shift' | 'Control')[] = []) =>
		app.rows.and(page.locator(`[data-index="${index}"]`)).click({ modifiers: keys });
	const scrollTo = (index: number) =>
		app.grid.evaluate(
			(grid, top) => grid.querySelector('[data-sizer]')?.parentElement?.scrollTo(0, top),
			(index - 5) * 32
		);
	await scrollTo(10);
	await click(10);
	await scrollTo(90_000);
	const row = app.rows.and(page.locator('[data-index="90000"]'));
	await expect(row).toBeVisible();
	const tookMs = await row.evaluate(
		(element) =>
			new Promise<number>((resolve) => {
				const startedMs = performance.now();
				element.dispatchEvent(new PointerEvent('click', { bubbles: true, shiftKey: true }));
				const look = (): void => {
					const status = document.querySelector('footer.status')?.textContent ?? '';
					if (status.includes('89,991 selected')) resolve(performance.now() - startedMs);
					else requestAnimationFrame(look);
				};
				look();
			})
	);
	expect(tookMs).toBeLessThan(200);
	await click(90_002, ['Control']);
	await expect(app.status).toContainText('89,992 selected');
	await page.keyboard.press('Control+i');
	await expect(app.status).toContainText('10,008 selected');
	await page.keyboard.press('Control+a');
	await expect(app.status).toContainText('100,000 selected');
	await page.keyboard.press('Escape');
	await expect(app.status).not.toContainText('selected');
});

test('F29: 100,000 chosen rows are taken up and carried without a long task', timed, async () => {
	await page.keyboard.press('Home');
	await page.keyboard.press('Control+a');
	await expect(app.status).toContainText('100,000 selected');
	const box = await app.rows.and(page.locator('[data-index="3"]')).locator('.name bdi').boundingBox();
	const scroller = await app.grid.locator('.scroller').boundingBox();
	if (box === null || scroller === null) throw new Error('the list is on the screen');
	const frames = await FrameWatch.start(page);
	await page.mouse.move(box.x + 8, box.y + 8);
	await page.mouse.down();
	await page.mouse.move(box.x + 20, box.y + 20, { steps: 3 });
	await page.mouse.move(60, 400, { steps: 5 });
	const crumb = await page.getByRole('navigation', { name: 'Path' }).getByRole('link', { name: 'Big' }).boundingBox();
	await page.mouse.move((crumb?.x ?? 0) + 10, (crumb?.y ?? 0) + 10, { steps: 5 });
	// The disk of this library is not here.
	await expect(page.locator('.hint')).toContainText('They are on a disk that cannot be reached now.');
	const seen = await frames.stop();
	test.info().annotations.push({ type: 'frames', description: JSON.stringify(seen) });
	expect(seen.longestTaskMs).toBeLessThan(taskBoundMs);
	await page.mouse.move(scroller.x + 200, scroller.y + scroller.height - 4, { steps: 3 });
	await expect.poll(() => app.firstRow()).toBeGreaterThan(30);
	await page.keyboard.press('Escape');
	await page.mouse.up();
	await expect(app.status).toContainText('100,000 selected');
	await page.keyboard.press('Escape');
	await expect(app.status).not.toContainText('selected');
});

test('F41: results come as one types, at 100,000', timed, async () => {
	const queries =
		'report inv invoice photo 0042 budg holiday draft fin final scan notes musi project 00777 letter.md jpg mp4 csv 99999'.split(
			' '
		);
	const took: number[] = [];
	for (const query of queries) {
		await app.search.fill('');
		await expect(app.grid).toHaveAttribute('aria-label', 'Files');
		took.push(
			await app.search.evaluate(
				(field, text) =>
					new Promise<number>((resolve) => {
						if (!(field instanceof HTMLInputElement)) throw new Error('no field');
						const startedMs = performance.now();
						field.value = text;
						field.dispatchEvent(new InputEvent('input', { bubbles: true }));
						const look = (): void => {
							const marks = document.querySelectorAll('[role="grid"] mark');
							if (marks.length > 0) resolve(performance.now() - startedMs);
							else requestAnimationFrame(look);
						};
						look();
					}),
				query
			)
		);
	}
	const medianMs = took.toSorted((a, b) => a - b)[took.length >> 1] ?? Infinity; // the benchmark holds the 95th of 100
	test.info().annotations.push({ type: 'search ms', description: took.map(Math.round).join(' ') });
	expect(medianMs).toBeLessThanOrEqual(searchBoundMs);
	await app.search.fill('');
});

test('F69: one grid, every row counted, one stop for Tab, and the focused row never goes', timed, async () => {
	await app.rows.first().click();
	await page.keyboard.press('End');
	await expect(app.grid).toHaveAttribute('aria-multiselectable', 'true');
	await expect(app.grid).toHaveAttribute('aria-rowcount', String(count));
	const last = app.grid.locator('[aria-rowindex="100000"]');
	await expect(last).toBeFocused();
	await expect(last).toBeInViewport({ ratio: 1 });
	await expect(app.grid.locator('[data-index][tabindex="0"]')).toHaveCount(1);
	await app.grid.evaluate((grid) => grid.querySelector('[data-sizer]')?.parentElement?.scrollTo(0, 0));
	await expect(app.rows.and(page.locator('[data-index="0"]'))).toBeVisible();
	await expect(last).toBeFocused();
	await expect(app.grid.locator('[data-index][tabindex="0"]')).toHaveCount(1);
	await page.keyboard.press('ArrowUp');
	await expect(app.grid.locator('[aria-rowindex="99999"]')).toBeFocused();
	await expect(app.grid.locator('[aria-rowindex="99999"]')).toBeInViewport();
});
