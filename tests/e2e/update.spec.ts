import { expect, test as base } from './support/app.ts';
import { ServedBuild } from './served-build.ts';

const test = base.extend<{ build: ServedBuild }>({
	build: async ({}, use) => {
		const build = new ServedBuild();
		await use(build);
		await build.remove();
	}
});

test.use({ serviceWorkers: 'allow' });

test('F08: an update is offered and never forced', { tag: '@nightly' }, async ({ page, app, build }) => {
	await build.start();
	await page.goto(build.origin);
	await app.button('Try a sample').click();
	await expect(app.row('Photos')).toBeVisible();
	await page.evaluate(() => navigator.serviceWorker.ready.then(() => null));
	await page.reload();
	await expect(app.row('Photos')).toBeVisible();

	await build.stop();
	build.change('index.html', '<head>', '<head><meta name="build" content="next">');
	build.change('service-worker.js', /`app-[^`]*`|"app-[^"]*"|'app-[^']*'/, '"app-next"');
	await build.start();
	await page.evaluate(async () => void (await (await navigator.serviceWorker.ready).update()));
	const card = page.getByRole('region', { name: 'Update ready' });
	await expect(card).toBeVisible();
	await expect(page.locator('meta[name=build]')).toHaveCount(0);
	await card.getByRole('button', { name: 'Reload' }).click();
	await expect(page.locator('meta[name=build][content=next]')).toHaveCount(1);
	await expect(app.row('Photos')).toBeVisible();
	await expect(card).toBeHidden();
});
