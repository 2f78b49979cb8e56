import { fileURLToPath } from 'node:url';
import { chromium, type BrowserContext, type Page } from '@playwright/test';
import { build, preview } from 'vite';
import type {} from './page/main.ts';
import { chromiumLaunch } from '../../chromium.ts';
import { temporaryFolder } from '../node/node-library.ts';

const firstPort = 4460;

/** A browser with a profile on disk, as people have, gone after `close`. */
export async function openBrowser(
	options: { readonly deviceScaleFactor?: number; readonly baseURL?: string } = {}
): Promise<{ readonly context: BrowserContext; readonly close: () => Promise<void> }> {
	const profile = temporaryFolder();
	const viewport = { width: 1280, height: 800 };
	const context = await chromium.launchPersistentContext(profile.path, { ...chromiumLaunch(), viewport, ...options });
	return {
		context,
		close: async () => {
			await context.close();
			profile.remove();
		}
	};
}

/** Runs `work` in the page whose worker measures the core alone, built as the app is built. */
export async function onMeasuredPage<T>(work: (page: Page) => Promise<T>): Promise<T> {
	const folder = temporaryFolder();
	const common = {
		configFile: false,
		root: fileURLToPath(new URL('page', import.meta.url)),
		logLevel: 'error',
		build: { target: 'es2023', outDir: folder.path, emptyOutDir: true },
		worker: { format: 'es' }
	} as const;
	await build(common);
	const server = await preview({ ...common, preview: { port: firstPort } });
	const browser = await openBrowser();
	try {
		const page = await browser.context.newPage();
		await page.goto(server.resolvedUrls?.local[0] ?? '');
		await page.waitForFunction(() => 'measured' in window);
		return await work(page);
	} finally {
		await browser.close();
		await server.close();
		folder.remove();
	}
}
