import type { CDPSession } from '@playwright/test';
import { chromiumLaunch } from '../chromium.ts';
import { expect, test as base, type AppScreen } from './support/app.ts';
import { LibraryPeer } from './support/library-peer.ts';

/*
 * T46: the app comes from a public address, as far as Chromium knows, and what it dials is on this machine. Chromium 156 asks
 * for that before WebSockets by itself, and before WebRTC only so.
 */
const port = Number(process.env['PORT'] ?? 4173);
const { args, ...launch } = chromiumLaunch();
const asking = [
	`--ip-address-space-overrides=127.0.0.1:${port}=public,[::1]:${port}=public`,
	'--enable-features=LocalNetworkAccessChecksWebRTC'
];

type Leave = (setting: PermissionState) => Promise<void>;
const test = base.extend<{ peer: LibraryPeer; leave: Leave }>({
	peer: async ({}, use) => {
		const peer = new LibraryPeer();
		await use(peer);
		await peer.remove();
	},
	/** What a person says, in the question of the browser or in the settings of the site. */
	leave: async ({ page, browser, baseURL }, use) => {
		const session: CDPSession = await browser.newBrowserCDPSession();
		const own = await page.context().newCDPSession(page);
		const { targetInfo } = await own.send('Target.getTargetInfo');
		await use(async (setting) => {
			await session.send('Browser.setPermission', {
				permission: { name: 'loopback-network' },
				setting,
				origin: baseURL ?? '',
				...(targetInfo.browserContextId === undefined ? {} : { browserContextId: targetInfo.browserContextId })
			});
		});
	}
});
test.use({ launchOptions: { ...launch, args: [...args, ...asking] } });

async function join(app: AppScreen, link: string): Promise<void> {
	await app.page.goto('/');
	await app.button('Join another device').click();
	await app.page.getByRole('textbox', { name: 'Link, words or code' }).fill(link);
	await app.button('Join').click();
}

test('T46: a page that the browser keeps out of the network says so and how to let it in, which helps', async ({
	peer,
	app,
	page,
	leave
}) => {
	await peer.start();
	const { given } = await peer.pair('link');
	await leave('denied');
	await join(app, given);
	await expect(page.getByRole('alert')).toContainText('This browser keeps the page out of your network');
	await leave('granted');
	await app.button('Join').click();
	await expect(page.getByLabel('Words to compare')).toBeVisible();
});

test(
	'T46: while the browser asks, the app says what to choose; that it was chosen is enough',
	{ tag: '@nightly' },
	async ({ peer, app, page, leave }) => {
		await peer.start();
		const { given } = await peer.pair('link');
		await leave('prompt');
		await join(app, given);
		const asked = page.getByRole('status').filter({ hasText: 'Your browser asks' });
		await expect(asked).toContainText('Choose Allow');
		await leave('granted');
		await expect(page.getByLabel('Words to compare')).toBeVisible();
		await expect(asked).toHaveCount(0);
	}
);

test(
	'T46: a question that nobody answers ends within 70 seconds, and can be put again',
	{ tag: '@nightly' },
	async ({ peer, app, page, leave }) => {
		test.setTimeout(150_000);
		await peer.start();
		const { given } = await peer.pair('link');
		await leave('prompt');
		await join(app, given);
		const alert = page.getByRole('alert');
		await expect(alert).toContainText('The browser still waits for your answer', { timeout: 70_000 });
		await expect(page.getByText('Looking for the other device')).toHaveCount(0);
		await leave('granted');
		await app.button('Join').click();
		await expect(page.getByLabel('Words to compare')).toBeVisible();
	}
);

test(
	'T46: a device that is silent where the page may look is told as that, within 15 seconds',
	{ tag: '@nightly' },
	async ({ peer, app, page, leave }) => {
		await peer.start();
		const { given } = await peer.pair('link');
		await leave('granted');
		await peer.stop();
		await join(app, given);
		await expect(page.getByRole('alert')).toContainText('The other device does not answer');
		await expect(page.getByRole('alert')).toContainText('switched off');
		// It is there again, with another offer.
		await peer.start();
		await page.getByRole('textbox', { name: 'Link, words or code' }).fill((await peer.pair('link')).given);
		await app.button('Join').click();
		await expect(page.getByLabel('Words to compare')).toBeVisible();
	}
);
