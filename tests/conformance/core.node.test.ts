import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, test } from 'vitest';
import type { RootRef } from '#core/ports';
import { createNodeHost } from '../../peer/host/node-host.ts';
import { testSeed } from '../sim/host/random.ts';
import { coreCases } from './core.ts';
import type { World, WorldFolder } from './core-world.ts';

async function makeWorld(): Promise<World> {
	const base = await mkdtemp(join(tmpdir(), 'atoll-core-'));
	let folders = 0;
	const makeFolder = async (): Promise<WorldFolder> => {
		const root = join(base, 'files', `folder${++folders}`);
		await mkdir(root, { recursive: true });
		const at = (path: readonly string[]) => join(root, ...path);
		return {
			root: root as RootRef,
			write: async (path, what) => {
				await mkdir(dirname(at(path)), { recursive: true });
				await writeFile(at(path), typeof what === 'number' ? new Uint8Array(what) : what);
			},
			makeDirectory: async (path) => void (await mkdir(at(path), { recursive: true })),
			remove: (path) => rm(at(path), { recursive: true }),
			takeAway: () => rename(root, `${root}.away`),
			bringBack: () => rename(`${root}.away`, root)
		};
	};
	return {
		host: createNodeHost({ secretsFolder: join(base, 'secrets') }),
		libraryFolder: (n) => join(base, `library${n}.sdlibrary`),
		makeFolder,
		close: () => rm(base, { recursive: true, force: true })
	};
}

describe('the core on Node', () => {
	for (const { title, run } of coreCases) {
		test(title, async () => {
			const world = await makeWorld();
			try {
				await run(world, testSeed(title));
			} finally {
				await world.close();
			}
		});
	}
});
