import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { build, preview, type Plugin } from 'vite';

const firstPort = 4470;

export type Site = { readonly origin: string; close(): Promise<void> };

/** A change of one source of the core's worker: the product without one of its protections, for negative controls. */
export type Sabotage = { readonly file: string; readonly edits: Readonly<Record<string, string>> };

function sabotagePlugin({ file, edits }: Sabotage, onFound: (text: string) => void): Plugin {
	return {
		name: 'sabotage',
		enforce: 'pre',
		transform(code, id) {
			if (!id.endsWith(file)) return null;
			let changed = code;
			for (const [from, to] of Object.entries(edits)) {
				if (changed.includes(from)) onFound(from);
				changed = changed.replaceAll(from, () => to);
			}
			return changed;
		}
	};
}

/** Builds the test page as the app is built (bundled workers, the same target) and serves it at the next free port. */
export async function serveSite(sabotage: Sabotage | null = null): Promise<Site> {
	const folder = mkdtempSync(join(tmpdir(), 'atoll-durability-'));
	const common = {
		configFile: false,
		root: fileURLToPath(new URL('page', import.meta.url)),
		logLevel: 'error',
		build: { target: 'es2023', outDir: folder, emptyOutDir: true }
	} as const;
	const found = new Set<string>();
	await build({
		...common,
		plugins: [svelte({ configFile: false, compilerOptions: { runes: true } })],
		worker: {
			format: 'es',
			plugins: () => (sabotage === null ? [] : [sabotagePlugin(sabotage, (text) => found.add(text))])
		}
	});
	for (const text of Object.keys(sabotage?.edits ?? {}))
		if (!found.has(text)) throw new Error(`${sabotage?.file} does not hold ${text}`);
	const server = await preview({ ...common, preview: { port: firstPort } });
	const at = server.httpServer.address();
	if (at === null || typeof at === 'string') throw new Error('the page is not served');
	return {
		origin: `http://localhost:${at.port}`,
		close: async () => {
			await server.close();
			rmSync(folder, { recursive: true, force: true });
		}
	};
}
