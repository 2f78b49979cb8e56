import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test as base, type Page } from '@playwright/test';
import type { Link } from '#core/net';
import { serveApp, type AppServer } from '../../peer/http/app-server.ts';

/** Asks for a link as the core's worker does, and says what came of it. */
const script = `onmessage = ({ data: url }) => {
	try {
		const socket = new WebSocket(url, 'atoll.1');
		socket.onopen = () => postMessage('open');
		socket.onerror = () => postMessage('refused');
	} catch { postMessage('refused'); }
};`;

type Peer = { readonly server: AppServer; readonly links: Link[] };
type Fixtures = {
	/** A peer that answers whom it should. */
	peer: Peer;
	/** A site of its own, which says nothing of what its pages may do. */
	elsewhere: number;
	/** A peer that lets pages of `peer` and of `elsewhere` in. */
	open: Peer;
};

async function servePeer(webFolder: string, origins: readonly string[]): Promise<Peer> {
	const links: Link[] = [];
	const where = { webFolder, host: '127.0.0.1', port: 0, hostNames: [], nextFree: false, isReady: () => true };
	const server = await serveApp({ ...where, links: { origins, onLink: (link) => links.push(link) } });
	if (!server.ok) throw new Error(server.failure.type);
	return { server: server.value, links };
}

const webFolder = mkdtempSync(join(tmpdir(), 'atoll-links-'));

const test = base.extend<Fixtures>({
	peer: async ({}, use) => {
		const peer = await servePeer(webFolder, []);
		await use(peer);
		await peer.server.close();
	},
	elsewhere: async ({}, use) => {
		const server: Server = createServer(({ url }, response) => {
			const isScript = url?.endsWith('.js') === true;
			response.setHeader('Content-Type', isScript ? 'text/javascript' : 'text/html');
			response.end(isScript ? script : '<title>elsewhere</title>');
		});
		server.listen(0, '127.0.0.1');
		await once(server, 'listening');
		await use((server.address() as AddressInfo).port);
		server.closeAllConnections();
		server.close();
	},
	open: async ({ peer, elsewhere }, use) => {
		const origins = [peer.server.port, elsewhere].map((port) => `http://localhost:${port}`);
		const open = await servePeer(webFolder, origins);
		await use(open);
		await open.server.close();
	}
});

test.beforeAll(() => {
	writeFileSync(join(webFolder, 'index.html'), '<title>peer</title>');
	writeFileSync(join(webFolder, 'asking.js'), script);
});
test.afterAll(() => rmSync(webFolder, { recursive: true }));

/** What comes of asking for a link in a worker of the page. */
function askIn(page: Page, url: string): Promise<unknown> {
	return page.evaluate(async (asked) => {
		const worker = new Worker('/asking.js');
		const answer = new Promise<MessageEvent>((resolve) => worker.addEventListener('message', resolve, { once: true }));
		worker.postMessage(asked);
		return (await answer).data;
	}, url);
}

const urlOf = (port: number, host = 'localhost') => `ws://${host}:${port}/link`;

test('the app’s worker reaches the peer that served it, and by its policy no other', async ({ page, peer, open }) => {
	await page.goto(`http://localhost:${peer.server.port}`);
	expect(await askIn(page, urlOf(peer.server.port))).toBe('open');
	expect(await askIn(page, urlOf(open.server.port))).toBe('refused');
	expect([peer.links.length, open.links.length]).toEqual([1, 0]);
});

test('a page of another site reaches no peer that does not name it, nor by a name of its own', async ({
	page,
	peer,
	open,
	elsewhere
}) => {
	await page.goto(`http://localhost:${elsewhere}`);
	expect(await askIn(page, urlOf(peer.server.port))).toBe('refused');
	expect(await askIn(page, urlOf(open.server.port)), 'control: one that names it').toBe('open');
	await page.goto(`http://evil.localhost:${elsewhere}`);
	expect(await askIn(page, urlOf(open.server.port)), 'the same site under another name').toBe('refused');
	expect(await askIn(page, urlOf(peer.server.port, 'evil.localhost')), 'DNS rebinding').toBe('refused');
	expect([peer.links.length, open.links.length]).toEqual([0, 1]);
});
