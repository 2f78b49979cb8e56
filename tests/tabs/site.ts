import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { build, preview, type PreviewServer } from 'vite';

const firstPort = 4420;

export type Site = { readonly origin: string; readonly port: number; close(): Promise<void> };

function address(server: PreviewServer): { readonly origin: string; readonly port: number } {
	const at = server.httpServer.address();
	if (at === null || typeof at === 'string') throw new Error('the page is not served');
	return { origin: `http://localhost:${at.port}`, port: at.port };
}

/** Builds the test page as the app is built (bundled workers, the same target) and serves it at the next free port. */
export async function serveSite(): Promise<Site> {
	const folder = mkdtempSync(join(tmpdir(), 'atoll-tabs-'));
	const common = {
		configFile: false,
		root: fileURLToPath(new URL('page', import.meta.url)),
		logLevel: 'error',
		build: { target: 'es2023', outDir: folder, emptyOutDir: true }
	} as const;
	await build({
		...common,
		plugins: [svelte({ configFile: false, compilerOptions: { runes: true } })],
		worker: { format: 'es' }
	});
	const server = await preview({ ...common, preview: { port: firstPort, host: true, allowedHosts: ['atoll.test'] } });
	return {
		...address(server),
		close: async () => {
			await server.close();
			rmSync(folder, { recursive: true, force: true });
		}
	};
}
