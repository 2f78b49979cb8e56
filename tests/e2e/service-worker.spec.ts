import { expect, test as base, type Page } from '@playwright/test';
import { aboutTheBuild, ServedBuild } from './served-build.ts';

const test = base.extend<{ build: ServedBuild }>({
	build: async ({}, use) => {
		const build = new ServedBuild();
		await use(build);
		await build.remove();
	}
});

test.use({ serviceWorkers: 'allow' });

/** Opens the app and registers the worker, as the app itself does. */
async function open(page: Page, build: ServedBuild): Promise<void> {
	await page.goto(build.origin);
	await page.evaluate(() =>
		navigator.serviceWorker.register('/service-worker.js', { type: 'module', updateViaCache: 'none' })
	);
}

async function openKept(page: Page, build: ServedBuild): Promise<void> {
	await open(page, build);
	await page.evaluate(async () => {
		await navigator.serviceWorker.ready;
		if (navigator.serviceWorker.controller !== null) return;
		await new Promise((resolve) =>
			navigator.serviceWorker.addEventListener('controllerchange', resolve, { once: true })
		);
	});
}

/** The state in which the worker of the next build ends up, once the browser has looked for it. */
function lookForUpdate(page: Page): Promise<string> {
	return page.evaluate(async () => {
		const registration = await navigator.serviceWorker.ready;
		const found = new Promise<ServiceWorker | null>((resolve) =>
			registration.addEventListener('updatefound', () => resolve(registration.installing), { once: true })
		);
		await registration.update();
		const coming = await found;
		if (coming === null) return 'none';
		while (coming.state === 'installing')
			await new Promise((resolve) => coming.addEventListener('statechange', resolve, { once: true }));
		return coming.state;
	});
}

function publishNext(build: ServedBuild): void {
	build.change('index.html', '<head>', '<head><meta name="build" content="next">');
	build.change('service-worker.js', /`app-[^`]*`|"app-[^"]*"|'app-[^']*'/, '"app-next"');
}

const buildOf = (page: Page): Promise<number> => page.locator('meta[name=build][content=next]').count();
const cacheNames = (page: Page): Promise<string[]> => page.evaluate(async () => (await caches.keys()).toSorted());

test('every file of the build is kept, and the app starts without its server on any address', async ({
	page,
	build
}) => {
	await build.start();
	await openKept(page, build);
	const kept = await page.evaluate(async () => {
		const [name = ''] = await caches.keys();
		const requests = await (await caches.open(name)).keys();
		return requests.map((request) => new URL(request.url).pathname).toSorted();
	});
	expect(kept).toEqual(build.paths());

	await build.stop();
	const lost: string[] = [];
	page.on('requestfailed', (request) => lost.push(request.url()));
	for (const path of ['/', '/some/deep/address?and=more']) {
		await page.goto(build.origin + path, { waitUntil: 'networkidle' });
		await expect(page).toHaveTitle('Atoll');
		expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
	}
	expect(lost.filter((url) => !aboutTheBuild.includes(new URL(url).pathname))).toEqual([]);
});

test('a build that is not complete never serves', async ({ page, build }) => {
	build.change('precache.json', '[', '["/_app/immutable/chunks/gone.js",');
	await build.start();
	await open(page, build);
	const state = await page.evaluate(async () => {
		const registration = await navigator.serviceWorker.getRegistration();
		const coming = registration?.installing ?? registration?.waiting ?? registration?.active;
		while (coming && !['redundant', 'activated'].includes(coming.state))
			await new Promise((resolve) => coming.addEventListener('statechange', resolve, { once: true }));
		return coming?.state ?? 'redundant';
	});
	expect(state).toBe('redundant');
});

test('a newer build waits until it is asked for, then takes over and clears the old one away', async ({
	page,
	build
}) => {
	await build.start();
	await openKept(page, build);
	await page.evaluate(() => caches.open('of-somebody-else'));
	const before = await cacheNames(page);

	await build.stop();
	publishNext(build);
	await build.start();
	expect(await lookForUpdate(page)).toBe('installed');
	await page.reload();
	expect(await buildOf(page)).toBe(0);
	expect(await cacheNames(page)).toEqual([...before, 'app-next'].toSorted());

	await page.evaluate(async () => {
		const registration = await navigator.serviceWorker.ready;
		const changed = new Promise((resolve) =>
			navigator.serviceWorker.addEventListener('controllerchange', resolve, { once: true })
		);
		registration.waiting?.postMessage({ type: 'something-else' });
		registration.waiting?.postMessage({ type: 'activate-update' });
		await changed;
	});
	await page.reload();
	expect(await buildOf(page)).toBe(1);
	expect(await cacheNames(page)).toEqual(['app-next', 'of-somebody-else']);
});

test('what the server answers under /api/ is never taken from the cache', async ({ page, build }) => {
	await build.start();
	await openKept(page, build);
	const answers = await page.evaluate(async () => {
		const [name = ''] = await caches.keys();
		const cache = await caches.open(name);
		for (const path of ['/api/old', '/old']) await cache.put(path, new Response('from the cache'));
		const read = async (path: string) => (await (await fetch(path)).text()).trim();
		return [await read('/old'), await read('/api/old')];
	});
	expect(answers).toEqual(['from the cache', 'not found']);
});
