import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test as base, type Page } from '@playwright/test';
import { ServedBuild } from './served-build.ts';

/** The smallest module there is: the magic number and the version (WebAssembly core specification, 5.5.16). */
const smallestModule = '0, 97, 115, 109, 1, 0, 0, 0';

/** What a script of this origin tries; the answers are the names of what worked. */
const attempts = (elsewhere: string): string => `
	async function attempt() {
		const worked = [];
		const tries = {
			wasm: () => WebAssembly.compile(new Uint8Array([${smallestModule}])),
			own: async () => { if (!(await fetch('/manifest.webmanifest')).ok) throw 0; },
			eval: () => (0, eval)('1'),
			elsewhere: () => fetch('${elsewhere}'),
			blob: () => import(URL.createObjectURL(new Blob([''], { type: 'text/javascript' })))
		};
		for (const [name, run] of Object.entries(tries)) {
			try { await run(); worked.push(name); } catch {}
		}
		return worked;
	}`;

type Fixtures = { build: ServedBuild; elsewhere: string; page: Page };

async function listen(server: Server): Promise<string> {
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const address = server.address();
	return `http://localhost:${typeof address === 'object' && address !== null ? address.port : 0}`;
}

const test = base.extend<Fixtures>({
	/** Another origin that would gladly take whatever comes. */
	elsewhere: async ({}, use) => {
		const server = createServer((_, response) => {
			response.setHeader('Access-Control-Allow-Origin', '*');
			response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
			response.end('taken');
		});
		await use(await listen(server));
		server.closeAllConnections();
		server.close();
	},
	build: async ({ elsewhere }, use) => {
		const build = new ServedBuild();
		build.add('attempt-in-worker.js', `${attempts(elsewhere)}\nattempt().then((worked) => postMessage(worked));`);
		build.add('attempt-in-page.js', `${attempts(elsewhere)}\nexport const worked = await attempt();`);
		await use(build);
		await build.remove();
	}
});

function tryInPage(page: Page): Promise<unknown> {
	return page.evaluate(async () => {
		const path = '/attempt-in-page.js';
		const module: { readonly worked: unknown } = await import(path);
		return module.worked;
	});
}

function tryInWorker(page: Page): Promise<unknown> {
	return page.evaluate(async () => {
		const worker = new Worker('/attempt-in-worker.js', { type: 'module' });
		const answer = await new Promise<MessageEvent>((resolve) =>
			worker.addEventListener('message', resolve, { once: true })
		);
		return answer.data;
	});
}

function tryInline(page: Page): Promise<boolean> {
	return page.evaluate(() => {
		const script = document.createElement('script');
		script.textContent = 'document.body.dataset.inline = "ran"';
		document.body.append(script);
		return document.body.dataset['inline'] === 'ran';
	});
}

test('page and worker run their own code and WebAssembly, and reach their own origin only', async ({ page, build }) => {
	await build.start();
	await page.goto(build.origin);
	expect(await tryInPage(page)).toEqual(['wasm', 'own']);
	expect(await tryInWorker(page)).toEqual(['wasm', 'own']);
	expect(await tryInline(page)).toBe(false);
});

test('the app is in nobody’s frame', async ({ page, build }) => {
	await build.start();
	const framing = createServer((_, response) => {
		response.setHeader('Content-Type', 'text/html');
		response.end(`<iframe src="${build.origin}"></iframe>`);
	});
	await page.goto(await listen(framing), { waitUntil: 'networkidle' });
	const framed = page.frames().find((frame) => frame !== page.mainFrame());
	expect(await framed?.title()).not.toBe('Atoll');
	expect(framed?.url()).toBe('chrome-error://chromewebdata/');
	framing.closeAllConnections();
	framing.close();
});

test('without the policies all of it would have worked', async ({ page, build }) => {
	const open = createServer((request, response) => {
		const path = request.url === '/' ? '/index.html' : (request.url ?? '');
		const file = existsSync(join(build.folder, path)) ? readFileSync(join(build.folder, path), 'utf8') : '';
		response.setHeader('Content-Type', path.endsWith('.html') ? 'text/html' : 'text/javascript');
		response.end(file.replace(/<meta http-equiv="content-security-policy"[^>]*>/, ''));
	});
	await page.goto(await listen(open));
	expect(await tryInPage(page)).toEqual(['wasm', 'own', 'eval', 'elsewhere', 'blob']);
	expect(await tryInWorker(page)).toEqual(['wasm', 'own', 'eval', 'elsewhere', 'blob']);
	expect(await tryInline(page)).toBe(true);
	open.closeAllConnections();
	open.close();
});
