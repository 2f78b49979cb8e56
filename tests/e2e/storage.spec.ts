import { readFileSync } from 'node:fs';
import { expect, test } from './support/app.ts';

test.use({ serviceWorkers: 'allow' });

test('F05: storage that the browser may clear is said to be so, with the reason and the next step', async ({
	page,
	app
}) => {
	await page.addInitScript(() => {
		navigator.storage.persist = async () => false;
		navigator.storage.persisted = async () => false;
	});
	await page.goto('/');
	await app.button('Try a sample').click();
	const banner = page.getByRole('region', { name: 'Not protected.' });
	await expect(banner).toContainText('may clear this library');
	const download = page.waitForEvent('download');
	await banner.getByRole('button', { name: 'Back up' }).click();
	const backup = await download;
	expect(backup.suggestedFilename()).toMatch(/^atoll-backup-\d{4}-\d\d-\d\d\.tar$/);
	expect(
		readFileSync(await backup.path())
			.subarray(257, 262)
			.toString()
	).toBe('ustar');

	await page.getByRole('link', { name: 'Not protected' }).click();
	await expect(page.getByText('The browser may clear the library when the disk runs low.')).toBeVisible();
	await expect(app.button('Ask again')).toBeVisible();
});

test(
	'storage that the browser has promised to keep is said to be so, and nothing warns',
	{ tag: '@nightly' },
	async ({ page, app }) => {
		await page.addInitScript(() => {
			navigator.storage.persist = async () => true;
			navigator.storage.persisted = async () => true;
		});
		await page.goto('/');
		await app.button('Try a sample').click();
		await expect(page.getByRole('link', { name: 'Protected', exact: true })).toBeVisible();
		await expect(page.getByRole('region', { name: 'Not protected.' })).toHaveCount(0);
	}
);

test('storage that is nearly full is told', async ({ page, app }) => {
	await page.addInitScript(() => {
		navigator.storage.estimate = async () => ({ usage: 8_500_000_000, quota: 10_000_000_000 });
	});
	await page.goto('/');
	await app.button('Try a sample').click();
	await expect(page.getByRole('region', { name: 'Storage is nearly full.' })).toContainText('8.5 GB of 10 GB');
});

test('F04: the app can be installed, and offers it', async ({ profile }) => {
	const page = profile.pages()[0] ?? (await profile.newPage());
	await page.goto('/');
	await page.evaluate(() => navigator.serviceWorker.ready.then(() => null));
	const devtools = await profile.newCDPSession(page);
	const { installabilityErrors } = await devtools.send('Page.getInstallabilityErrors');
	expect(installabilityErrors).toEqual([]);
	const { errors } = await devtools.send('Page.getAppManifest');
	expect(errors).toEqual([]);

	await page.getByRole('button', { name: 'Try a sample' }).click();
	await page.getByRole('grid').waitFor();
	await page.evaluate(() => {
		const offer = new Event('beforeinstallprompt', { cancelable: true });
		Object.assign(offer, { prompt: async () => void (document.body.dataset['prompted'] = 'yes') });
		window.dispatchEvent(offer);
	});
	await page.getByRole('button', { name: 'Install' }).click();
	await expect(page.locator('body')).toHaveAttribute('data-prompted', 'yes');
});

test('the manifest names real pictures of the right sizes', async ({ page, baseURL }) => {
	await page.goto('/');
	const manifest = await (await page.request.get('/manifest.webmanifest')).json();
	expect(manifest).toMatchObject({
		id: '/',
		scope: '/',
		lang: 'en',
		dir: 'ltr',
		display: 'standalone',
		start_url: '/'
	});
	expect(manifest.icons.map(({ purpose }: { purpose: string }) => purpose)).toContain('maskable');
	const shots = manifest.screenshots as { form_factor: string }[];
	for (const form of ['wide', 'narrow'])
		expect(shots.filter(({ form_factor }) => form_factor === form).length).toBeGreaterThanOrEqual(2);
	const pictures = [...manifest.icons, ...manifest.screenshots].filter(({ sizes }) => sizes !== 'any');
	for (const { src, sizes } of pictures) {
		const size = await page.evaluate(async (url) => {
			const picture = await createImageBitmap(await (await fetch(url)).blob());
			return `${picture.width}x${picture.height}`;
		}, new URL(src, baseURL).href);
		expect(`${src} ${size}`).toBe(`${src} ${sizes}`);
	}
});

test('F62: it starts without a network, within a second and a half', { tag: '@timed' }, async ({ profile }) => {
	const first = profile.pages()[0] ?? (await profile.newPage());
	await first.goto('/');
	await first.getByRole('button', { name: 'Try a sample' }).click();
	await first.getByRole('gridcell', { name: 'Photos' }).waitFor();
	const url = first.url();
	await first.evaluate(() => navigator.serviceWorker.ready.then(() => null));
	await first.close();
	await profile.setOffline(true);
	const took: number[] = [];
	for (let start = 0; start < 3; start++) {
		const page = await profile.newPage();
		const startedMs = Date.now();
		await page.goto(url);
		await page.getByRole('gridcell', { name: 'Photos' }).waitFor();
		took.push(Date.now() - startedMs);
		await page.close();
	}
	expect(Math.min(...took)).toBeLessThan(1500);
});
