import type { Page } from '@playwright/test';
import { expect, stubPicker, test } from './support/app.ts';

/** Files of the browser's private file system with something in them. */
async function fill(page: Page, folder: string, sizes: Readonly<Record<string, number>>): Promise<void> {
	await page.evaluate(
		async ([name, files]) => {
			const root = await (await navigator.storage.getDirectory()).getDirectoryHandle(name, { create: true });
			for (const [path, sizeBytes] of Object.entries(files)) {
				const parts = path.split('/');
				let parent = root;
				for (const part of parts.slice(0, -1)) parent = await parent.getDirectoryHandle(part, { create: true });
				const writable = await (await parent.getFileHandle(parts.at(-1) ?? '', { create: true })).createWritable();
				await writable.write(new Uint8Array(sizeBytes));
				await writable.close();
			}
		},
		[folder, sizes] as const
	);
}

const map = (page: Page) => page.getByRole('region', { name: 'Size map' });

test('what takes the room is seen as a map, gone through by keys and clicks, and there again after a reload', async ({
	page,
	app
}) => {
	await stubPicker(page, 'Media');
	await page.goto('/');
	await fill(page, 'Media', {
		'Films/harbour.mkv': 400_000,
		'Films/Old/pier.mkv': 200_000,
		'Sound/waves.flac': 150_000,
		'letter.pdf': 50_000,
		'empty.txt': 0
	});
	await app.button('Open folder').click();
	await expect(app.row('letter.pdf')).toBeVisible();
	await expect(app.status).toContainText('5 files in all');
	await app.button('Size map').click();
	const film = map(page).getByRole('button', { name: /harbour\.mkv/ });
	const sound = map(page).getByRole('button', { name: /waves\.flac/ });
	await expect(film).toContainText('400 kB');
	await expect(map(page).getByRole('button', { name: /empty/ })).toHaveCount(0);
	const [large, small] = [await film.boundingBox(), await sound.boundingBox()];
	expect((large?.width ?? 0) * (large?.height ?? 0)).toBeGreaterThan(2 * (small?.width ?? 0) * (small?.height ?? 0));
	await film.hover();
	await expect(map(page)).toContainText('Films / harbour.mkv');
	await expect(map(page)).toContainText('400 kB, 50% of this folder');

	await map(page)
		.getByRole('button', { name: /^Films/ })
		.focus();
	await page.keyboard.press('Enter');
	await expect(map(page).getByRole('button', { name: /waves/ })).toHaveCount(0);
	await expect(map(page).getByRole('button', { name: /harbour/ })).toBeVisible();
	await page.keyboard.press('End');
	await expect(map(page).getByRole('button').last()).toBeFocused();
	await page.reload();
	await expect(map(page).getByRole('button', { name: /pier\.mkv/ })).toBeVisible();
	await page.goBack();
	await expect(map(page).getByRole('button', { name: /waves/ })).toBeVisible();

	// A file is shown where it lies.
	await map(page).getByRole('button', { name: /waves/ }).click();
	await expect(app.row('waves.flac')).toHaveAttribute('aria-selected', 'true');
	await expect(map(page)).toHaveCount(0);
});
