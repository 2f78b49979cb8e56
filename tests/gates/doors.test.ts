import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { build } from 'vite';
import { afterAll, describe, expect, test } from 'vitest';
import { plantHouse } from './planted-house.ts';

const door = `import { greet } from '#core/kernel'; console.log(greet);\n`;
const deep = `import { greet } from '#core/kernel/result.ts'; console.log(greet);\n`;
const startWorker = (file: string) => `new Worker(new URL('${file}', import.meta.url), { type: 'module' });\n`;

const house = plantHouse({
	'src/lib/core/core.ts': `export { greet as createCore } from '#core/kernel';\n`,
	'src/lib/core/kernel/mod.ts': `export { greet } from './result.ts';\n`,
	'src/lib/core/kernel/result.ts': `export const greet = 'through the door';\n`,
	'src/lib/client/mod.ts': `export const client = 'client';\n`,
	'src/lib/ui/words/words.ts': `export const words = 'words';\n`,
	'src/door.ts': door,
	'src/deep.ts': deep,
	'src/workers/door.worker.ts': door,
	'src/workers/deep.worker.ts': deep,
	'src/starts-door.ts': startWorker('./workers/door.worker.ts'),
	'src/starts-deep.ts': startWorker('./workers/deep.worker.ts'),
	'src/all-names.ts': `import { createCore } from '#core'; import { client } from '#client/mod.ts'; import { words } from '#ui/words/words.ts'; console.log(createCore, client, words);\n`,
	'peer/door.ts': door,
	'peer/deep.ts': deep
});
afterAll(() => house.remove());

async function bundleWithVite(entry: string): Promise<string> {
	const built = await build({
		root: house.folder,
		configFile: false,
		logLevel: 'silent',
		worker: { format: 'es' },
		build: { write: false, minify: false, rolldownOptions: { input: join(house.folder, entry) } }
	});
	const outputs = Array.isArray(built) ? built : [built];
	return outputs
		.flatMap((output) => ('output' in output ? output.output : []))
		.map((file) => (file.type === 'chunk' ? file.code : String(file.source)))
		.join('\n');
}

async function bundleForPeer(entry: string): Promise<string> {
	const { default: config } = await import('../../peer/rolldown.config.js');
	const bundle = await rolldown({ ...config, cwd: house.folder, input: entry });
	const { output } = await bundle.generate({ format: 'esm' });
	return output.map((file) => (file.type === 'chunk' ? file.code : '')).join('\n');
}

describe('a room is entered by its door', () => {
	test('in Node, with types stripped', () => {
		expect(house.run(process.execPath, 'peer/door.ts')).toMatchObject({ code: 0, said: 'through the door\n' });
		const inside = house.run(process.execPath, 'peer/deep.ts');
		expect(inside.code).toBe(1);
		expect(inside.said).toContain('ERR_MODULE_NOT_FOUND');
	});

	test('in TypeScript', () => {
		expect(house.typeErrors('peer').filter((error) => error.endsWith('TS2307'))).toEqual(['peer/deep.ts: TS2307']);
		expect(house.typeErrors('src/workers').filter((error) => error.endsWith('TS2307'))).toEqual([
			'src/workers/deep.worker.ts: TS2307'
		]);
	});

	test('in the app that Vite bundles', async () => {
		expect(await bundleWithVite('src/door.ts')).toContain('through the door');
		await expect(bundleWithVite('src/deep.ts')).rejects.toThrow('#core/kernel/result.ts');
	});

	test('in a worker that Vite bundles', async () => {
		expect(await bundleWithVite('src/starts-door.ts')).toContain('through the door');
		await expect(bundleWithVite('src/starts-deep.ts')).rejects.toThrow('#core/kernel/result.ts');
	});

	test('in the peer that rolldown bundles', async () => {
		expect(await bundleForPeer('peer/door.ts')).toContain('through the door');
		await expect(bundleForPeer('peer/deep.ts')).rejects.toThrow('#core/kernel/result.ts');
	});

	test('in Vitest', async () => {
		const named = (specifier: string): Promise<unknown> => import(/* @vite-ignore */ specifier);
		await expect(named('#core/kernel')).resolves.toHaveProperty('ok');
		await expect(named('#core/kernel/result.ts')).rejects.toThrow('#core/kernel/result.ts');
	});
});

test('the names of the core, the client and the interface resolve', async () => {
	const bundled = await bundleWithVite('src/all-names.ts');
	for (const said of ['through the door', 'client', 'words']) expect(bundled).toContain(said);
});
