import { ask } from './browser.ts';
import { expect, test } from './tabs.ts';

const lacking = {
	'no-web-locks': () => Reflect.deleteProperty(Navigator.prototype, 'locks'),
	'no-file-system': () => Reflect.deleteProperty(StorageManager.prototype, 'getDirectory'),
	'no-workers': () => Reflect.deleteProperty(globalThis, 'BroadcastChannel'),
	'storage-blocked': () => {
		StorageManager.prototype.getDirectory = () => Promise.reject(new DOMException('blocked', 'SecurityError'));
	},
	'core-failed': () => {}
};

for (const [reason, remove] of Object.entries(lacking)) {
	test(`says ${reason} and leaves no call waiting`, async ({ tabs }) => {
		const page = await tabs.context.newPage();
		if (reason === 'core-failed') await tabs.context.route('**/*.worker-*.js', (route) => route.abort());
		await page.addInitScript(remove);
		await page.goto(`${tabs.site.origin}/?core=stand-in`);
		await page.waitForFunction(() => window.atoll.client.connection.state === 'failed');
		expect(await page.evaluate(() => window.atoll.client.connection.reason)).toBe(reason);
		const answer = await page.evaluate(() => window.atoll.call('library.status', {}, new AbortController().signal));
		expect(answer).toEqual({ ok: false, failure: { type: 'Disconnected', reason } });
	});
}

test('says insecure-context at an address that is neither https nor localhost', async ({ tabs }) => {
	const page = await tabs.context.newPage();
	await page.goto(`http://atoll.test:${tabs.site.port}/?core=stand-in`);
	await page.waitForFunction(() => window.atoll.client.connection.state === 'failed');
	expect(await page.evaluate(() => window.atoll.client.connection.reason)).toBe('insecure-context');
});

test('a tab of another version is refused while the other leads, and works when that one has gone', async ({
	tabs
}) => {
	const old = await tabs.open();
	await ask(old, 'library.create');
	const page = await tabs.context.newPage();
	await page.goto(`${tabs.site.origin}/?core=other-version`);
	await page.waitForFunction(() => window.atoll.client.connection.state === 'failed');
	expect(await page.evaluate(() => window.atoll.client.connection.reason)).toBe('other-version');
	await old.close();
	await page.waitForFunction(() => window.atoll.client.connection.state === 'leader');
	expect(await ask(page, 'library.status')).toMatchObject({ state: 'open' });
});
