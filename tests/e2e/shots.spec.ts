import { expect, test } from './support/app.ts';
for (const scheme of ['light', 'dark'] as const)
	for (const [width, height] of [
		[1440, 900],
		[390, 844]
	] as const) {
		const isPhone = width === 390;
		test.describe(`${scheme} ${width}`, () => {
			test.use({ viewport: { width, height }, colorScheme: scheme, hasTouch: isPhone, isMobile: isPhone });
			test('shots', async ({ page, app }) => {
				const shot = (name: string) => page.screenshot({ path: `/tmp/shots/${name}-${width}-${scheme}.png` });
				await page.goto('/');
				await app.button('Try a sample').click();
				await expect(app.row('Photos')).toBeVisible();
				if (isPhone) {
					const row = app.rows.nth(1);
					await row.dispatchEvent('pointerdown', { clientX: 100, clientY: 200, pointerType: 'touch', bubbles: true });
					await expect(page.getByRole('menu')).toBeVisible();
					await row.dispatchEvent('pointerup', { pointerType: 'touch', bubbles: true });
					await page.waitForTimeout(400);
					await shot('menu');
					await app.rows.nth(2).tap();
					await page.waitForTimeout(500);
					await shot('choosing');
				} else {
					await app.rows.nth(1).click();
					await app.rows.nth(3).click({ modifiers: ['Shift'] });
					await page.waitForTimeout(500);
					await shot('choosing');
					await app.rows.nth(2).click({ button: 'right' });
					await page.waitForTimeout(400);
					await shot('menu');
					await page.keyboard.press('Escape');
					await app.row('Photos').dblclick();
					await app.row('2024 Alps').dblclick();
					await expect(app.grid).toHaveAttribute('aria-rowcount', '30');
				}
				if (!isPhone) await app.rows.nth(1).click();
				await app.button('Info').first().click();
				await page.waitForTimeout(600);
				await shot('info');
				await page.keyboard.press('Control+k');
				await page.waitForTimeout(400);
				await shot('palette');
				await page.keyboard.type('sort');
				await page.waitForTimeout(200);
				await shot('palette-typed');
				await page.keyboard.press('Escape');
				await page.waitForTimeout(300);
				await page.keyboard.press('?');
				await page.waitForTimeout(500);
				await shot('sheet');
			});
		});
	}
