import type { Page } from '@playwright/test';
import { expect, test, type AppScreen } from './support/app.ts';

async function openSample(page: Page, app: AppScreen): Promise<void> {
	await page.goto('/');
	await app.button('Try a sample').click();
	await expect(app.row('Photos')).toBeVisible();
}

/** What one can press, with its size and its name as a screen reader says it. */
function targets(page: Page) {
	return page.evaluate(() =>
		[...document.querySelectorAll<HTMLElement>('button, a[href], input:not([hidden]), select, [role="menuitem"]')]
			.filter((element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
			.map((element) => ({ element, box: element.getBoundingClientRect() }))
			.filter(({ box }) => box.width > 1 && box.height > 1)
			.map(({ element, box }) => ({
				what: element.outerHTML.slice(0, 120),
				width: Math.round(box.width),
				height: Math.round(box.height),
				name:
					(element.getAttribute('aria-label') ?? element.textContent?.trim() ?? '').trim() ||
					(element instanceof HTMLInputElement || element instanceof HTMLButtonElement
						? [...(element.labels ?? [])].map((label) => label.textContent).join('')
						: '')
			}))
	);
}

/** Its name, its address, and what is there once it has been read. */
const screens: readonly [string, string, RegExp | null][] = [
	['all folders', '/files', null],
	['settings', '/settings', null],
	['duplicates', '/duplicates', null],
	['disks', '/disks', null],
	['devices', '/devices', /Only this device so far/],
	['favourites', '/favourites', /No favourites/],
	['tags', '/tags', /There are no tags yet/],
	['trash', '/trash', /Put back/],
	['history', '/history', /Added the folder/],
	['only one copy', '/at-risk', /in one place only/],
	['size map', '/files/1?view=sizes', /smaller items?$|^Photos$/]
];

/** What Tab comes to next, and what a person sees of that; null where it is the page itself. */
function focusSeen(page: Page) {
	return page.evaluate(() => {
		const focused = document.activeElement;
		if (focused === null || focused === document.body) return null;
		const box = focused.getBoundingClientRect();
		const at = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height / 2, 16));
		const ring = (element: Element): boolean => {
			const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
			return (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2) || boxShadow.includes('inset');
		};
		const marked =
			ring(focused) ||
			(focused.parentElement !== null && ring(focused.parentElement)) ||
			getComputedStyle(focused, '::before').outlineStyle !== 'none';
		return {
			what: focused.outerHTML.slice(0, 120),
			covered: !(focused.contains(at) || at?.contains(focused)),
			marked
		};
	});
}

/** Holds a screen to its targets, and walks through it by Tab. */
async function checkScreen(page: Page): Promise<void> {
	await expect(page.getByRole('main')).toBeVisible();
	await expect(async () => expect((await targets(page)).length).toBeGreaterThan(5)).toPass();
	const all = await targets(page);
	expect(all.filter(({ width, height }) => width < 24 || height < 24)).toEqual([]);
	expect(all.filter((target) => target.name === '')).toEqual([]);
	for (let step = 0; step < 40; step++) {
		await page.keyboard.press('Tab');
		const seen = await focusSeen(page);
		if (seen !== null) expect(seen, seen.what).toMatchObject({ covered: false, marked: true });
	}
}

test(
	'F70: on every screen targets are at least 24 px and named, and Tab is always seen',
	{ tag: '@nightly' },
	async ({ page, app }) => {
		await openSample(page, app);
		await checkScreen(page);
		await app.row('Sounds').click();
		await page.keyboard.press('Delete');
		await expect(app.row('Sounds')).toHaveCount(0);
		for (const [name, path, ready] of screens)
			await test.step(name, async () => {
				await page.goto(path);
				if (ready !== null) await expect(page.getByText(ready).first()).toBeVisible();
				await checkScreen(page);
			});
	}
);

test(
	'F70: what opens over the files has named targets of at least 24 px, and holds the keyboard',
	{ tag: '@nightly' },
	async ({ page, app }) => {
		await openSample(page, app);
		await app.row('Photos').click();
		const layers: readonly (readonly [string, string])[] = [
			['Shift+F10', '[role="menu"]'],
			['Control+k', '[role="dialog"]'],
			['?', '[role="dialog"]']
		];
		for (const [keys, layer] of layers) {
			await page.keyboard.press(keys);
			// While it appears it does not count as visible.
			await expect(page.locator(layer)).toHaveCSS('opacity', '1');
			const all = await targets(page);
			expect(all.filter(({ width, height }) => width < 24 || height < 24)).toEqual([]);
			expect(all.filter((target) => target.name === '')).toEqual([]);
			expect(await page.locator(layer).evaluate((box) => box.contains(document.activeElement))).toBe(true);
			await page.keyboard.press('Escape');
			await expect(page.locator(layer)).toBeHidden();
			await expect(app.row('Photos')).toBeFocused();
		}
		const options = page.getByRole('option');
		await page.keyboard.press('Control+k');
		const field = page.getByRole('combobox');
		await expect(field).toHaveAttribute('aria-expanded', 'true');
		const named = await field.getAttribute('aria-activedescendant');
		expect(await options.first().getAttribute('id')).toBe(named);
		for (const option of await options.all()) expect((await option.boundingBox())?.height).toBeGreaterThanOrEqual(24);
		await page.keyboard.press('Escape');
		await page.keyboard.press('Alt+Enter');
		await expect(page.getByRole('complementary', { name: 'Info' })).toBeVisible();
		const flaws = async () =>
			(await targets(page)).filter(({ width, height, name }) => width < 24 || height < 24 || name === '');
		expect(await flaws()).toEqual([]);
		await page.goto('/tags');
		for (const name of ['Places', 'Paris']) {
			await app.button('New tag').click();
			await page.getByRole('textbox', { name: 'Name' }).fill(name);
			await page.keyboard.press('Enter');
			await expect(app.button(`Edit “${name}”`)).toBeVisible();
		}
		await app.button('Edit “Paris”').click();
		const sheet = page.getByRole('dialog', { name: 'Edit tag' });
		await sheet.getByRole('combobox', { name: 'Put under a tag' }).selectOption('Places');
		await expect(sheet.getByRole('button', { name: 'Remove “Places”' })).toBeVisible();
		await expect(sheet).toHaveCSS('opacity', '1');
		expect(await flaws()).toEqual([]);
		await page.keyboard.press('Escape');
		await expect(app.button('Edit “Paris”')).toBeFocused();
		await page.goto('/devices');
		await app.button('Add a device').click();
		await expect(page.getByRole('alert')).toBeVisible();
		await expect(page.getByRole('dialog')).toHaveCSS('opacity', '1');
		expect(await flaws()).toEqual([]);
		await page.keyboard.press('Escape');
		await expect(app.button('Add a device')).toBeFocused();
	}
);

test('F69: the grid is one for assistive technology too', async ({ page, app }) => {
	await openSample(page, app);
	await app.open('Photos');
	await expect(app.grid).toHaveAttribute('aria-rowcount', '3');
	await expect(app.grid).toHaveAttribute('aria-multiselectable', 'true');
	await expect(app.grid.getByRole('columnheader')).toHaveText(['Name', 'Modified', 'Size', 'Kind']);
	await expect(app.grid.locator('[data-index][tabindex="0"]')).toHaveCount(1);
	for (const [at, row] of (await app.rows.all()).entries()) {
		await expect(row).toHaveAttribute('role', 'row');
		await expect(row).toHaveAttribute('aria-rowindex', String(at + 1));
		await expect(row.getByRole('gridcell')).toHaveCount(4);
	}
	const regions = ['main', 'grid', 'search'] as const;
	for (const role of regions) await expect(page.getByRole(role)).toHaveCount(1);
	await app.rows.first().click();
	await page.keyboard.press('Shift+End');
	await expect(page.locator('[aria-live="polite"]', { hasText: '3 items of 3 items selected' })).toBeAttached();
});

/** The lowest contrast of each pair of tokens, as WCAG 2.2 counts it (1.4.3 and 1.4.11). */
function contrasts(page: Page, pairs: readonly (readonly [string, string])[]) {
	return page.evaluate((list) => {
		const pen = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
		const probe = document.createElement('div');
		document.body.append(probe);
		const luminance = (name: string, under: string | null): number => {
			if (pen === null) return 0;
			for (const layer of [under, name]) {
				if (layer === null) continue;
				probe.style.color = `var(${layer})`;
				pen.fillStyle = getComputedStyle(probe).color;
				pen.fillRect(0, 0, 1, 1);
			}
			const [red = 0, green = 0, blue = 0] = [...pen.getImageData(0, 0, 1, 1).data].map((part) => {
				const share = part / 255;
				return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
			});
			return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
		};
		const answer = list.map(([front, back]) => {
			const [a, b] = [luminance(front, back), luminance(back, null)];
			return { pair: `${front} on ${back}`, ratio: (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) };
		});
		probe.remove();
		return answer;
	}, pairs);
}

test('F68: words and signs stand out from what they lie on, in light and dark', async ({ page, app }) => {
	await openSample(page, app);
	for (const colorScheme of ['light', 'dark'] as const) {
		await page.emulateMedia({ colorScheme });
		const surfaces = ['--surface', '--canvas', '--raised', '--sunk', '--selected', '--accent-quiet'];
		const words = surfaces.flatMap((surface) => ['--text', '--text-quiet'].map((text) => [text, surface] as const));
		const rest = [
			['--accent', '--surface'],
			['--accent', '--accent-quiet'],
			['--on-accent', '--accent'],
			['--danger', '--raised'],
			['--danger', '--surface'],
			['--warn', '--warn-quiet'],
			['--warn', '--canvas'],
			['--warn', '--surface'],
			['--text-quiet', '--warn-quiet'],
			['--text-quiet', '--danger-quiet'],
			['--text-faint', '--surface'],
			['--text', '--match']
		] as const;
		const low = (await contrasts(page, [...words, ...rest])).filter(({ ratio }) => ratio < 4.5);
		expect(low).toEqual([]);
		const signs = ['folder', 'image', 'video', 'audio', 'document', 'sheet', 'code', 'archive', 'other'].flatMap(
			(kind) => ['--surface', '--selected'].map((surface) => [`--kind-${kind}`, surface] as const)
		);
		const colours = ['grey', 'red', 'orange', 'yellow', 'green', 'teal', 'blue', 'purple', 'pink'];
		const dots = colours.flatMap((colour) => surfaces.map((surface) => [`--mark-${colour}`, surface] as const));
		const lines = [
			['--focus', '--surface'],
			['--focus', '--selected'],
			['--focus', '--canvas'],
			['--field-line', '--surface'],
			['--field-line', '--raised']
		] as const;
		expect((await contrasts(page, [...signs, ...dots, ...lines])).filter(({ ratio }) => ratio < 3)).toEqual([]);
	}
});

test(
	'F71: the chosen look holds across visits; where motion is unwelcome nothing moves',
	{ tag: '@nightly' },
	async ({ page, app }) => {
		await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
		await openSample(page, app);
		await page.goto('/settings');
		await page.getByRole('radio', { name: 'Dark' }).click();
		const scheme = () => page.evaluate(() => getComputedStyle(document.documentElement).colorScheme);
		await expect.poll(scheme).toBe('dark');
		await page.reload();
		await expect(page.getByRole('radio', { name: 'Dark' })).toBeChecked();
		await expect.poll(scheme).toBe('dark');
		expect(await page.evaluate(() => Object.keys(localStorage).filter((key) => key.includes('theme')))).toHaveLength(1);
		const moving = await page.evaluate(
			() => document.getAnimations().filter(({ effect }) => Number(effect?.getComputedTiming().duration) > 0).length
		);
		expect(moving).toBe(0);
	}
);

test('F71: in forced colours the choice is still seen', { tag: '@nightly' }, async ({ page, app }) => {
	await page.emulateMedia({ forcedColors: 'active' });
	await openSample(page, app);
	await app.row('Photos').click();
	await expect(app.row('Photos')).toHaveAttribute('aria-selected', 'true');
	const chosen = await app.row('Photos').evaluate((row) => getComputedStyle(row, '::before').backgroundColor);
	const other = await app.row('Sounds').evaluate((row) => getComputedStyle(row, '::before').backgroundColor);
	expect(chosen).not.toBe(other);
});

test.describe('on a phone', () => {
	test.use({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });

	test('F74: folders, rows, search and choosing fit 360 px and fingers', async ({ page, app }) => {
		await openSample(page, app);
		const noSideways = () =>
			page.evaluate(() => {
				const { clientWidth, scrollWidth } = document.documentElement;
				const pressed = [...document.querySelectorAll('button, a[href], input:not([hidden])')];
				const isInside = (element: Element): boolean => element.getBoundingClientRect().right <= clientWidth;
				return scrollWidth <= clientWidth && pressed.every(isInside);
			});
		await expect.poll(noSideways).toBe(true);
		expect((await targets(page)).filter(({ width, height }) => Math.min(width, height) < 24)).toEqual([]);
		const rowBox = await app.row('Photos').boundingBox();
		expect(rowBox?.height).toBeGreaterThanOrEqual(44);

		await app.button('Folders').tap();
		await expect(page.getByRole('dialog', { name: 'Folders' })).toBeVisible();
		await page.getByRole('dialog', { name: 'Folders' }).getByRole('link', { name: 'All folders' }).tap();
		await expect(page.getByRole('heading', { name: 'All folders' })).toBeVisible();
		await expect.poll(noSideways).toBe(true);
		await page
			.getByRole('link', { name: /Sample/ })
			.last()
			.tap();
		await app.row('Photos').tap();
		await app.row('2024 Alps').tap();
		await expect(app.grid).toHaveAttribute('aria-rowcount', '30');

		const [first, second] = [app.rows.nth(0), app.rows.nth(2)];
		await first.dispatchEvent('pointerdown', { pointerType: 'touch', bubbles: true });
		await expect(first).toHaveAttribute('aria-selected', 'true');
		await first.dispatchEvent('pointerup', { pointerType: 'touch', bubbles: true });
		await second.tap();
		await expect(app.status).toContainText('2 selected');

		await app.search.fill('harbour');
		await expect(app.row('Harbour bells.wav')).toBeVisible();
		await expect.poll(noSideways).toBe(true);
		await page.goto('/settings');
		await expect(page.getByRole('heading', { name: 'Settings' })).toBeVisible();
		await expect.poll(noSideways).toBe(true);
	});
});
