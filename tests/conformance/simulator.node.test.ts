import type { RootRef } from '#core/ports';
import { createSimClock } from '../sim/host/clock.ts';
import { createSimCompute } from '../sim/host/compute.ts';
import { SimDisk } from '../sim/host/disk.ts';
import { SimFileChanges } from '../sim/host/file-changes.ts';
import { SimFiles } from '../sim/host/files.ts';
import { createSimLink } from '../sim/host/network.ts';
import { createSimRandom, testSeed } from '../sim/host/random.ts';
import { createSimSecrets } from '../sim/host/secrets.ts';
import { createSimDatabase } from '../sim/host/sim-host.ts';
import { SimVolumes } from '../sim/host/volumes.ts';
import type { Disposable } from './expectation.ts';
import type { StepsWorld } from './file-steps.ts';
import { secureBoth } from './secured.ts';
import { kernelName, type Tree } from './files.ts';
import {
	clockConformance,
	computeConformance,
	databaseConformance,
	fileChangesConformance,
	filesConformance,
	fileStepsConformance,
	linkConformance,
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

function stepsWorld(): StepsWorld {
	const clock = createSimClock();
	const port = new SimFiles(clock);
	return {
		port,
		changes: new SimFileChanges(port, createSimRandom(seed)),
		compute: createSimCompute(),
		clock,
		keepsTimes: true,
		plant: async (name, tree) => port.put(`/home/${name}`, named(tree)),
		below: async (root, path) => [root, ...path].join('/') as RootRef,
		remove: async (root, path) => port.remove([root, ...path].join('/')),
		write: async (root, path, bytes) => port.overwrite([root, ...path].join('/'), bytes)
	};
}

filesConformance('the simulator', () => kept(stepsWorld()));
fileChangesConformance('the simulator', () => kept(stepsWorld()));
fileStepsConformance('the simulator', () => kept(stepsWorld()));

/** A simulated browser: no inodes, no times kept, no folders renamed. */
function browserLike(): StepsWorld {
	const world = stepsWorld();
	const { port, changes } = world;
	if (port instanceof SimFiles) port.hasInodes = false;
	if (changes instanceof SimFileChanges) [changes.renamesFolders, changes.keepsTimes] = [false, false];
	return { ...world, keepsTimes: false };
}

fileChangesConformance('a simulated browser', () => kept(browserLike()));
fileStepsConformance('a simulated browser', () => kept(browserLike()));

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

for (const most of [0, 40]) {
	linkConformance(`the simulator, of up to ${most} ms`, () => {
		const clock = createSimClock();
		const { ends, cut } = createSimLink(clock, createSimRandom(seed), { delayMs: [0, most] });
		return kept({ ends, cut, pass: () => clock.advance(1_000) });
	});
}

for (const messageBytesMax of [1_200, 65_536]) {
	linkConformance(`a secured link over the simulator's, of messages up to ${messageBytesMax} bytes`, async () => {
		const clock = createSimClock();
		const random = createSimRandom(seed);
		const { ends, cut } = createSimLink(clock, random, { delayMs: [0, 5], messageBytesMax });
		const pass = () => clock.advance(1_000);
		const [one, two] = await secureBoth(ends, { clock, random, aead: null }, pass);
		return kept({ ends: [one.link, two.link], cut, pass });
	});
}
