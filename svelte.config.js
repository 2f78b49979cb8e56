import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import adapter from '@sveltejs/adapter-static';
import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';
import { appSources, filesBelow, sourceHash } from './peer/sources.mjs';

const pages = 'build/web';
const site = adapter({ pages, fallback: 'index.html', precompress: true });

/** $service-worker's `build` omits nested workers, worker chunks and worker assets (sveltejs/kit#12438): list what was written. */
function writePrecacheList() {
	const files = filesBelow(pages)
		.filter((path) => !/(\.(br|gz|map)|\/(service-worker\.js|precache\.json|version\.json))$/.test(path))
		.map((path) => path.slice(pages.length))
		.map((path) => (path === '/index.html' ? '/' : path));
	writeFileSync(join(pages, 'precache.json'), JSON.stringify(files));
}

/** @type {import('@sveltejs/kit').Config} */
export default {
	preprocess: vitePreprocess(),
	compilerOptions: { runes: true },
	kit: {
		adapter: {
			...site,
			async adapt(builder) {
				await site.adapt(builder);
				writePrecacheList();
			}
		},
		csp: {
			// Written into the page as a <meta> tag. It does not reach workers nor frame-ancestors: the peer sends those as headers.
			mode: 'hash',
			directives: {
				'default-src': ['self'],
				'script-src': ['self', 'wasm-unsafe-eval'],
				'style-src': ['self', 'unsafe-inline'],
				'img-src': ['self', 'blob:', 'data:'],
				'connect-src': ['self'],
				'worker-src': ['self'],
				'object-src': ['none'],
				'base-uri': ['none'],
				'form-action': ['none']
			}
		},
		files: { serviceWorker: 'src/workers/service-worker' },
		serviceWorker: { register: false }, // Kit's own registration lacks updateViaCache: 'none'
		typescript: {
			config(config) {
				config.compilerOptions.paths['#ui/*'] = ['../src/lib/ui/*']; // svelte-check finds components by paths, not by `imports`
				config.include.push('../playwright.config.ts', '../peer/**/*.d.ts', '../peer/**/*.test.ts');
				config.exclude.push('../src/lib/core/globals.d.ts'); // the DOM's types declare the same names
				return config;
			}
		},
		// Named after what goes into it: the same sources give the same bytes, other sources another cache.
		version: { name: process.env.APP_VERSION ?? sourceHash(appSources) }
	}
};
