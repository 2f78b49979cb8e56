import { readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { sveltekit } from '@sveltejs/kit/vite';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import type { Connect, Plugin } from 'vite';
import { chromiumLaunch } from './tests/chromium.ts';

const isolation = {
	'Cross-Origin-Opener-Policy': 'same-origin',
	'Cross-Origin-Embedder-Policy': 'require-corp',
	'Cross-Origin-Resource-Policy': 'same-origin'
};

/** Puts the isolation headers on every dev and preview answer, and serves or emits the manifest of the top level. */
function shell(): Plugin {
	const file = new URL('./manifest.webmanifest', import.meta.url);
	const use = (server: { middlewares: Connect.Server }) => {
		server.middlewares.use((request, response, next) => {
			for (const [name, value] of Object.entries(isolation)) response.setHeader(name, value);
			if (request.url !== '/manifest.webmanifest') return next();
			response.setHeader('Content-Type', 'application/manifest+json');
			response.end(readFileSync(file));
		});
	};
	return {
		name: 'shell',
		configureServer: use,
		configurePreviewServer: use,
		generateBundle() {
			if (this.environment.name !== 'client') return;
			this.emitFile({ type: 'asset', fileName: 'manifest.webmanifest', source: readFileSync(file) });
		}
	};
}

/** A profile on disk, new for every run: an incognito context keeps OPFS in memory, which is not what people have. */
const profile = join(tmpdir(), `atoll-vitest-${process.pid}`);
if (process.env['VITEST']) process.on('exit', () => rmSync(profile, { recursive: true, force: true }));

/** What whoever runs the tests may choose. */
const chosen = { ATOLL_TIER: process.env['ATOLL_TIER'], ATOLL_SEED: process.env['ATOLL_SEED'] };

/** When a test counts as hanging: no measure of speed, as the machine may have other work. */
const patience = { testTimeout: 60_000, hookTimeout: 60_000 };

export default defineConfig({
	plugins: [shell(), sveltekit()],
	worker: { format: 'es' },
	build: { target: 'es2023' },
	optimizeDeps: {
		// Found late, a dependency reloads the page in the middle of a test; bundled, the engine loses its .wasm.
		include: [
			'hash-wasm',
			'@noble/hashes/*.js',
			'@noble/ciphers/*.js',
			'@noble/curves/ed25519.js',
			'@noble/curves/utils.js',
			'@scure/base',
			'@scure/bip39',
			'@scure/bip39/wordlists/english.js',
			'comlink',
			'ignore',
			'kysely',
			'valibot'
		],
		exclude: ['@journeyapps/wa-sqlite']
	},
	server: { headers: isolation }, // Vitest's browser pages get them only from here
	test: {
		projects: [
			{
				extends: true,
				test: {
					name: 'node',
					environment: 'node',
					...patience,
					include: ['src/**/*.test.ts', 'peer/**/*.test.ts', 'tests/**/*.test.ts'],
					exclude: ['**/node_modules/**', '**/*.browser.test.ts', 'tests/gates/**'],
					setupFiles: ['tests/properties.ts'],
					isolate: false, // no test changes what others share; to load every module for each file took a tenth of the time
					maxWorkers: Math.max(2, availableParallelism() - 1) // by itself one fewer than cores, which on two is one
				}
			},
			{
				extends: true,
				test: { name: 'gates', environment: 'node', include: ['tests/gates/**/*.test.ts'], ...patience }
			},
			{
				extends: true,
				define: { 'process.env': JSON.stringify(chosen) }, // a page has no environment
				test: {
					name: 'browser',
					...patience,
					globalSetup: ['tests/conformance/link-server.ts'],
					include: ['src/**/*.browser.test.ts', 'tests/**/*.browser.test.ts'],
					fileParallelism: false,
					browser: {
						enabled: true,
						headless: true,
						screenshotFailures: false,
						provider: playwright({ launchOptions: chromiumLaunch(), persistentContext: profile }),
						instances: [{ browser: 'chromium' }]
					}
				}
			}
		]
	}
});
