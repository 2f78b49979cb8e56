import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FilesPort, RootRef } from '#core/ports';
import { createClock } from '../../peer/host/clock.ts';
import { createCompute } from '../../peer/host/compute.ts';
import { createDatabase } from '../../peer/host/database.ts';
import { createFileChanges } from '../../peer/host/file-changes.ts';
import { createFiles } from '../../peer/host/files.ts';
import { createRandom } from '../../peer/host/random.ts';
import { createSecrets } from '../../peer/host/secrets.ts';
import { createVolumes } from '../../peer/host/volumes.ts';
import type { Disposable } from './expectation.ts';
import type { StepsWorld } from './file-steps.ts';
import { platformName, type Tree } from './files.ts';
import {
	clockConformance,
	computeConformance,
	databaseConformance,
	fileChangesConformance,
	filesConformance,
	fileStepsConformance,
	randomConformance,
	secretsConformance,
	volumesConformance
} from './suites.ts';

async function inFolder<World>(make: (folder: string) => World): Promise<Disposable<World>> {
	const folder = mkdtempSync(join(tmpdir(), 'atoll-'));
	return { world: make(folder), dispose: async () => rmSync(folder, { recursive: true, force: true }) };
}

function plant(path: string, tree: Tree): void {
	mkdirSync(path, { recursive: true });
	for (const [name, what] of Object.entries(tree)) {
		if (typeof what === 'number') writeFileSync(join(path, name), new Uint8Array(what));
		else if (what instanceof Uint8Array) writeFileSync(join(path, name), what);
		else plant(join(path, name), what);
	}
}

databaseConformance('Node', () =>
	inFolder((base) => ({
		port: createDatabase(base),
		otherPort: createDatabase(base),
		folder: join(base, 'one.sdlibrary'),
		otherFolder: join(base, 'two.sdlibrary')
	}))
);

const stepsWorld =
	(port: FilesPort) =>
	(base: string): StepsWorld => ({
		port,
		changes: createFileChanges(),
		compute: createCompute(),
		clock: createClock(),
		keepsTimes: true,
		async plant(name, tree) {
			plant(join(base, name), tree);
			return join(base, name) as RootRef;
		},
		below: async (root, path) => join(root, ...path.map(platformName)) as RootRef,
		remove: async (root, path) => rmSync(join(root, ...path.map(platformName)), { recursive: true }),
		write: async (root, path, bytes) => writeFileSync(join(root, ...path.map(platformName)), bytes)
	});

const filesWorld = (port: FilesPort) => () => inFolder(stepsWorld(port));
filesConformance('Node', filesWorld(createFiles()));
filesConformance('Node, listed in a thread of its own', filesWorld(createFiles({ hereMax: 0 })));
fileChangesConformance('Node', filesWorld(createFiles()));
fileStepsConformance('Node', filesWorld(createFiles()));

clockConformance('Node', async () => ({
	world: { port: createClock(), pass: async () => undefined },
	dispose: async () => undefined
}));

randomConformance('Node', async () => ({ world: { port: createRandom() }, dispose: async () => undefined }));

secretsConformance('Node', () =>
	inFolder((base) => ({
		port: createSecrets(join(base, 'secrets')),
		later: createSecrets(join(base, 'secrets'))
	}))
);

computeConformance('Node', async () => ({ world: { port: createCompute() }, dispose: async () => undefined }));

volumesConformance('Node', () =>
	inFolder((base) => ({
		port: createVolumes(),
		async plant(name, tree) {
			plant(join(base, name), tree);
			return join(base, name) as RootRef;
		},
		below: async (root, path) => join(root, ...path) as RootRef,
		remove: async (root) => rmSync(root, { recursive: true }),
		canFind: process.platform === 'linux'
	}))
);
