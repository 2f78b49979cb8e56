import type { RootRef } from '#core/ports';
import { createSimClock } from '../sim/host/clock.ts';
import { createSimCompute } from '../sim/host/compute.ts';
import { SimDisk } from '../sim/host/disk.ts';
import { SimFiles } from '../sim/host/files.ts';
import { createSimRandom, testSeed } from '../sim/host/random.ts';
import { createSimSecrets } from '../sim/host/secrets.ts';
import { createSimDatabase } from '../sim/host/sim-host.ts';
import { SimVolumes } from '../sim/host/volumes.ts';
import type { Disposable } from './expectation.ts';
import { kernelName, type Tree } from './files.ts';
import {
	clockConformance,
	computeConformance,
	databaseConformance,
	filesConformance,
	randomConformance,
	secretsConformance,
	volumesConformance
} from './suites.ts';

const seed = testSeed('conformance of the simulator');

async function kept<World>(world: World): Promise<Disposable<World>> {
	return { world, dispose: async () => undefined };
}

/** The simulated disk takes the kernel's names. */
function named(tree: Tree): Tree {
	return Object.fromEntries(
		Object.entries(tree).map(([name, what]) => [
			kernelName(name),
			typeof what === 'number' || what instanceof Uint8Array ? what : named(what)
		])
	);
}

databaseConformance('the simulator', () => {
	const disk = new SimDisk(createSimRandom(seed));
	const clock = createSimClock();
	return kept({
		port: createSimDatabase(disk, clock),
		otherPort: createSimDatabase(disk, clock),
		folder: 'one.sdlibrary',
		otherFolder: 'two.sdlibrary'
	});
});

filesConformance('the simulator', () => {
	const port = new SimFiles(createSimClock());
	return kept({
		port,
		plant: async (name, tree) => port.put(`/home/${name}`, named(tree)),
		below: async (root, path) => [root, ...path].join('/') as RootRef,
		remove: async (root, path) => port.remove([root, ...path].join('/')),
		write: async (root, path, bytes) => port.overwrite([root, ...path].join('/'), bytes)
	});
});

clockConformance('the simulator', () => {
	const port = createSimClock();
	return kept({ port, pass: (delayMs) => port.advance(delayMs) });
});

randomConformance('the simulator', () => kept({ port: createSimRandom(seed) }));

secretsConformance('the simulator', () => {
	const port = createSimSecrets();
	return kept({ port, later: port });
});

computeConformance('the simulator', () => kept({ port: createSimCompute() }));

volumesConformance('the simulator', () => {
	const files = new SimFiles(createSimClock());
	return kept({
		port: new SimVolumes(files),
		plant: async (name, tree) => files.put(`/home/${name}`, named(tree)),
		below: async (root, path) => [root, ...path].join('/') as RootRef,
		remove: async (root) => files.remove(root),
		canFind: true
	});
});
