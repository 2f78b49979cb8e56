import type { Page } from '@playwright/test';
import { expect, makeFiles, stubPicker, test, type AppScreen } from './support/app.ts';

const letters = 'abcdefghijklmnopqrstuvwxyz';
const many = Array.from({ length: 260 }, (_, at) => `${letters[Math.floor(at / 10)]} paper ${String(at % 10)}.txt`);

async function openMany(page: Page, app: AppScreen, files = many): Promise<void> {
	await stubPicker(page, 'Papers');
	await page.goto('/');
	await makeFiles(page, 'Papers', files);
	await app.button('Open folder').click();
	await expect(app.grid).toHaveAttribute('aria-rowcount', String(files.length));
	await expect(app.rows.first()).not.toHaveAttribute('aria-busy', 'true');
}

const bar = (page: Page) => page.getByRole('toolbar', { name: 'Selection' });
const info = (page: Page) => page.getByRole('complementary', { name: 'Info' });
const rowAt = (app: AppScreen, page: Page, index: number) => app.rows.and(page.locator(`[data-index="${index}"]`));

test.describe('with a mouse', () => {
	test.use({ viewport: { width: 1280, height: 720 } });

	/** A place of a row beside its name. */
	async function besideName(app: AppScreen, page: Page, index: number) {
		const box = await rowAt(app, page, index).locator('.modified').boundingBox();
		return { x: (box?.x ?? 0) + 20, y: (box?.y ?? 0) + 8 };
	}

	test('F26: a rectangle chooses the rows that it touches, with Ctrl besides others', async ({ page, app }) => {
		await openMany(page, app);
		const from = await besideName(app, page, 2);
		const to = await besideName(app, page, 6);
		await page.mouse.move(from.x, from.y);
		await page.mouse.down();
		await page.mouse.move(to.x - 100, to.y, { steps: 5 });
		await expect(page.locator('.marquee')).toBeVisible();
		await page.mouse.up();
		await expect(page.locator('.marquee')).toBeHidden();
		await expect(app.status).toContainText('5 selected');
		await expect(rowAt(app, page, 6)).toBeFocused();
		await expect(rowAt(app, page, 7)).toHaveAttribute('aria-selected', 'false');

		const next = await besideName(app, page, 9);
		await page.keyboard.down('Control');
		await page.mouse.move(next.x, next.y);
		await page.mouse.down();
		await page.mouse.move(next.x - 80, next.y + 32, { steps: 4 });
		await page.mouse.up();
		await page.keyboard.up('Control');
		await expect(app.status).toContainText('7 selected');

		// A click that does not move chooses one row, as ever.
		await page.mouse.click(from.x, from.y);
		await expect(app.grid.locator('[aria-selected="true"]')).toHaveCount(1);
	});

	test(
		'F26: beyond the edge the list scrolls along, to its end and back',
		{ tag: '@nightly' },
		async ({ page, app }) => {
			await openMany(page, app, many.slice(0, 100));
			const from = await besideName(app, page, 3);
			const box = await app.grid.locator('.scroller').boundingBox();
			const bottom = (box?.y ?? 0) + (box?.height ?? 0);
			await page.mouse.move(from.x, from.y);
			await page.mouse.down();
			await page.mouse.move(from.x - 50, bottom + 60, { steps: 5 });
			await expect(bar(page).locator('.count')).toHaveText(/^97 selected/);
			await expect(rowAt(app, page, 99)).toBeInViewport({ ratio: 1 });
			await page.mouse.move(from.x - 50, (box?.y ?? 0) - 60, { steps: 5 });
			await expect(bar(page).locator('.count')).toHaveText(/^4 selected/);
			await page.mouse.up();
			await expect(rowAt(app, page, 0)).toBeFocused();
		}
	);

	test('a row that typing leads to too late undoes nothing that was chosen meanwhile', async ({ page, app }) => {
		await openMany(page, app);
		await rowAt(app, page, 0).click();
		await expect(rowAt(app, page, 0)).toBeFocused();
		// Both keys before any answer; what is chosen is added up by a question that stands behind that of the letter.
		await rowAt(app, page, 0).evaluate((row) => {
			const press = (key: string, shiftKey: boolean) =>
				row.dispatchEvent(new KeyboardEvent('keydown', { key, shiftKey, bubbles: true, cancelable: true }));
			press('a', false);
			press('PageDown', true);
		});
		await expect(app.status).toContainText(/\d\d selected · 0 bytes/);
		await expect(rowAt(app, page, 0)).toHaveAttribute('aria-selected', 'true');
	});

	test('letters go to the name that begins with them', async ({ page, app }) => {
		await openMany(page, app);
		await rowAt(app, page, 0).click();
		await page.keyboard.type('t paper 4');
		await expect(app.row('t paper 4.txt')).toBeFocused();
		await expect(app.row('t paper 4.txt')).toHaveAttribute('aria-selected', 'true');
		await page.keyboard.press('Home');
		await expect(rowAt(app, page, 0)).toBeFocused();
	});

	test('the bar says how many and how much, and the inspector what they are', async ({ page, app }) => {
		await page.goto('/');
		await app.button('Try a sample').click();
		await app.open('Photos');
		await app.rows.first().click();
		await page.keyboard.press('Control+a');
		await expect(bar(page)).toContainText(/3 selected · [\d.]+ [kM]B/);
		await app.button('Info').click();
		await expect(info(page)).toContainText('3 items selected');
		await expect(info(page)).toContainText(/folders?/);
		const all = await bar(page).locator('.count').innerText();
		await app.rows.first().click({ modifiers: ['Control'] });
		await expect(bar(page)).toContainText(/2 selected · [\d.]+ [kM]B/);
		expect(await bar(page).locator('.count').innerText()).not.toBe(all);
		await bar(page).getByRole('button', { name: 'More to do' }).click();
		await page.getByRole('menuitem', { name: 'Invert selection' }).click();
		await expect(app.rows.first()).toHaveAttribute('aria-selected', 'true');
		await expect(info(page)).not.toContainText('selected');
	});
});

test.describe('the inspector', () => {
	test('says what a file is, where it lies, and what is known of its bytes', async ({ page, app }) => {
		await page.goto('/');
		await app.button('Try a sample').click();
		await app.open('Photos');
		await app.open('2024 Alps');
		await app.rows.first().click();
		await page.keyboard.press('Alt+Enter');
		await expect(info(page)).toContainText(/\/Sample\/Photos\/2024 Alps\//);
		await expect(info(page)).toContainText('Known by all of its bytes');
		await expect(info(page)).toContainText('None that Atoll knows of');
		await expect(info(page).getByRole('link', { name: 'Sample' })).toHaveAttribute('href', /^\/files\/\d+$/);
		await expect(info(page).getByRole('link', { name: /browser/ })).toHaveAttribute('href', '/disks');
		await info(page).getByRole('button', { name: 'Close info' }).focus();
		await page.keyboard.press('Escape');
		await expect(info(page)).toBeHidden();
		await expect(app.rows.first()).toBeFocused();
	});

	test('keeps its width on this device, by pointer and by keys', async ({ page, app }) => {
		await openMany(page, app, ['one.txt', 'two.txt']);
		await app.button('Info').click();
		const edge = page.getByRole('separator', { name: 'Width of the info panel' });
		const before = Number(await edge.getAttribute('aria-valuenow'));
		const box = await edge.boundingBox();
		await page.mouse.move((box?.x ?? 0) + 5, 300);
		await page.mouse.down();
		await page.mouse.move((box?.x ?? 0) - 75, 300, { steps: 4 });
		await page.mouse.up();
		await expect.poll(async () => Number(await edge.getAttribute('aria-valuenow'))).toBeGreaterThan(before + 60);
		const drawn = Number(await edge.getAttribute('aria-valuenow'));
		await edge.focus();
		await page.keyboard.press('ArrowRight');
		await expect(edge).toHaveAttribute('aria-valuenow', String(drawn - 16));
		await page.reload();
		await app.button('Info').click();
		await expect(edge).toHaveAttribute('aria-valuenow', String(drawn - 16));
	});
});

test.describe('with a finger', () => {
	test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

	test('a finger that rests begins choosing, taps go on, and emptying ends it', async ({ page, app }) => {
		await openMany(page, app, ['one.txt', 'two.txt', 'three.txt', 'Folder/four.txt']);
		const row = app.row('one.txt');
		const box = await row.boundingBox();
		const at = { clientX: (box?.x ?? 0) + 60, clientY: (box?.y ?? 0) + 20, pointerType: 'touch', bubbles: true };
		await row.dispatchEvent('pointerdown', at);
		await expect(page.getByRole('menu')).toBeVisible();
		await row.dispatchEvent('pointerup', at);
		await expect(row).toHaveAttribute('aria-selected', 'true');
		await expect(bar(page)).toContainText('1 selected');

		// The tap beside the menu closes it and chooses at once.
		await app.row('two.txt').tap();
		await expect(page.getByRole('menu')).toBeHidden();
		await expect(bar(page)).toContainText('2 selected');
		await app.row('Folder').tap();
		await expect(bar(page)).toContainText('3 selected');
		for (const button of await bar(page).getByRole('button').all()) {
			const size = await button.boundingBox();
			expect(Math.min(size?.width ?? 0, size?.height ?? 0)).toBeGreaterThanOrEqual(24);
			expect((size?.x ?? 0) + (size?.width ?? 0)).toBeLessThanOrEqual(390);
		}
		for (const name of ['Folder', 'two.txt', 'one.txt']) await app.row(name).tap();
		await expect(bar(page)).toBeHidden();
		await app.row('Folder').tap();
		await expect(app.row('four.txt')).toBeVisible();
	});
});
