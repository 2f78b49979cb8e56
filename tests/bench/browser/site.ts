import { fileURLToPath } from 'node:url';
import { chromium, type BrowserContext, type Page } from '@playwright/test';
import { build, preview } from 'vite';
import type {} from './page/main.ts';
import { chromiumLaunch } from '../../chromium.ts';
import { temporaryFolder } from '../node/node-library.ts';

const firstPort = 4460;

type BrowserOptions = { readonly deviceScaleFactor?: number; readonly baseURL?: string };

/** A profile on disk, as people have one, with which a browser can be started again and again. */
export type Profile = {
	readonly start: (options?: BrowserOptions) => Promise<BrowserContext>;
	readonly remove: () => void;
};

export function openProfile(): Profile {
	const folder = temporaryFolder();
	const viewport = { width: 1280, height: 800 };
	return {
		start: (options = {}) =>
			chromium.launchPersistentContext(folder.path, { ...chromiumLaunch(), viewport, ...options }),
		remove: folder.remove
	};
}

/** A browser with a profile of its own, gone after `work`. */
export async function withBrowser<T>(
	options: BrowserOptions,
	work: (context: BrowserContext) => Promise<T>
): Promise<T> {
	const profile = openProfile();
	const context = await profile.start(options);
	try {
		return await work(context);
	} finally {
		await context.close();
		profile.remove();
	}
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
	try {
		return await withBrowser({}, async (context) => {
			const page = await context.newPage();
			await page.goto(server.resolvedUrls?.local[0] ?? '');
			await page.waitForFunction(() => 'measured' in window);
			return work(page);
		});
	} finally {
		await server.close();
		folder.remove();
	}
}
