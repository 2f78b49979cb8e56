/** Runs one case of one suite where a library lives in the browser: in a dedicated worker, over the real OPFS. */
import wasmUrl from '@journeyapps/wa-sqlite/dist/mc-wa-sqlite.wasm?url';
import type { RootRef } from '#core/ports';
import { createClock } from '../../src/workers/host/clock.ts';
import { createCompute } from '../../src/workers/host/compute.ts';
import { createDatabase } from '../../src/workers/host/database.ts';
import { createFileChanges } from '../../src/workers/host/file-changes.ts';
import { createFiles } from '../../src/workers/host/files.ts';
import { getFolder, putFolder } from '../../src/workers/host/folder-handles.ts';
import { createRandom } from '../../src/workers/host/random.ts';
import { createSecrets } from '../../src/workers/host/secrets.ts';
import { createSqliteEngine } from '../../src/workers/host/sqlite/engine.ts';
import { createVolumes } from '../../src/workers/host/volumes.ts';
import { clockCases } from './clock.ts';
import { computeCases } from './compute.ts';
import { databaseCases, type DatabaseWorld } from './database.ts';
import { holds, type Cases, type Disposable } from './expectation.ts';
import { fileChangesCases } from './file-changes.ts';
import { fileStepsCases, type StepsWorld } from './file-steps.ts';
import { filesCases, platformName, type FilesWorld, type Tree } from './files.ts';
import { randomCases } from './random.ts';
import { secretsCases } from './secrets.ts';
import { volumesCases, type VolumesWorld } from './volumes.ts';

const clock = createClock();
const random = createRandom();
const engine = createSqliteEngine({
	wasm: { url: wasmUrl },
	randomBytes: (length) => random.bytes(length),
	nowMs: () => clock.nowMs()
});

/** A folder of the private file system that is gone when the case ends. */
async function inFolder<World>(make: (folder: FileSystemDirectoryHandle) => World): Promise<Disposable<World>> {
	const root = await navigator.storage.getDirectory();
	const name = `conformance-${crypto.randomUUID()}`;
	const folder = await root.getDirectoryHandle(name, { create: true });
	return { world: make(folder), dispose: () => root.removeEntry(name, { recursive: true }) };
}

function databaseWorld(libraries: FileSystemDirectoryHandle): DatabaseWorld {
	const port = () =>
		createDatabase({
			libraries: async () => libraries,
			engine: () => engine,
			clock,
			patienceMs: 0,
			where: 'browser storage'
		});
	return { port: port(), otherPort: port(), folder: 'one.sdlibrary', otherFolder: 'two.sdlibrary' };
}

async function plant(folder: FileSystemDirectoryHandle, tree: Tree): Promise<void> {
	await Promise.all(Object.entries(tree).map(([name, what]) => plantOne(folder, name, what)));
}

async function plantOne(
	folder: FileSystemDirectoryHandle,
	name: string,
	what: Tree | Uint8Array | number
): Promise<void> {
	if (what instanceof Uint8Array) return writeOne(folder, name, what);
	if (typeof what !== 'number') return plant(await folder.getDirectoryHandle(name, { create: true }), what);
	const file = await folder.getFileHandle(name, { create: true });
	if (what === 0) return;
	const handle = await file.createSyncAccessHandle();
	handle.truncate(what);
	handle.close();
}

async function writeOne(folder: FileSystemDirectoryHandle, name: string, bytes: Uint8Array): Promise<void> {
	const file = await folder.getFileHandle(name, { create: true });
	const handle = await file.createSyncAccessHandle();
	handle.truncate(bytes.length);
	handle.write(new Uint8Array(bytes), { at: 0 });
	handle.close();
}

async function walk(from: FileSystemDirectoryHandle, path: readonly string[]): Promise<FileSystemDirectoryHandle> {
	let at = from;
	for (const name of path) at = await at.getDirectoryHandle(platformName(name));
	return at;
}

function filesWorld(home: FileSystemDirectoryHandle): FilesWorld {
	const handleOf = async (root: RootRef) => {
		const handle = await getFolder(root);
		holds(handle, 'the folder is kept');
		return handle;
	};
	return {
		port: createFiles(),
		async plant(name, tree) {
			const folder = await home.getDirectoryHandle(name, { create: true });
			await plant(folder, tree);
			return putFolder(folder);
		},
		below: async (root, path) => putFolder(await walk(await handleOf(root), path)),
		async write(root, path, bytes) {
			const folder = await walk(await handleOf(root), path.slice(0, -1));
			await writeOne(folder, platformName(path.at(-1) ?? ''), bytes);
		},
		async remove(root, path) {
			const handle = await handleOf(root);
			const name = path.at(-1);
			if (name === undefined) return home.removeEntry(handle.name, { recursive: true });
			await (await walk(handle, path.slice(0, -1))).removeEntry(platformName(name), { recursive: true });
		}
	};
}

function stepsWorld(home: FileSystemDirectoryHandle, byStream = false): StepsWorld {
	const changes = createFileChanges(byStream);
	return { ...filesWorld(home), changes, compute: createCompute(), clock, keepsTimes: false };
}

/** As outside the browser's own storage. */
function streamWorld(home: FileSystemDirectoryHandle): StepsWorld {
	return stepsWorld(home, true);
}

function volumesWorld(home: FileSystemDirectoryHandle): VolumesWorld {
	const { plant, below, remove } = filesWorld(home);
	return { port: createVolumes(), plant, below, remove: (root) => remove(root, []), canFind: false };
}

async function runCase<World>(cases: Cases<World>, name: string, made: Promise<Disposable<World>>): Promise<void> {
	const run = cases[name];
	holds(run, `there is a case ${name}`);
	const { world, dispose } = await made;
	try {
		await run(world);
	} finally {
		await dispose();
	}
}

async function kept<World>(world: World): Promise<Disposable<World>> {
	return { world, dispose: async () => undefined };
}

const suites: Readonly<Record<string, (name: string) => Promise<void>>> = {
	database: (name) => runCase(databaseCases, name, inFolder(databaseWorld)),
	files: (name) => runCase(filesCases, name, inFolder(filesWorld)),
	'file changes': (name) =>
		runCase(
			fileChangesCases,
			name,
			inFolder((home) => stepsWorld(home))
		),
	'file changes by stream': (name) => runCase(fileChangesCases, name, inFolder(streamWorld)),
	'file steps': (name) =>
		runCase(
			fileStepsCases,
			name,
			inFolder((home) => stepsWorld(home))
		),
	'file steps by stream': (name) => runCase(fileStepsCases, name, inFolder(streamWorld)),
	clock: (name) => runCase(clockCases, name, kept({ port: clock, pass: async () => undefined })),
	random: (name) => runCase(randomCases, name, kept({ port: random })),
	secrets: (name) => runCase(secretsCases, name, kept({ port: createSecrets(), later: createSecrets() })),
	compute: (name) => runCase(computeCases, name, kept({ port: createCompute() })),
	volumes: (name) => runCase(volumesCases, name, inFolder(volumesWorld))
};

type Request = { readonly suite: string; readonly name: string };

self.onmessage = async ({ data }: MessageEvent<Request>) => {
	try {
		await suites[data.suite]?.(data.name);
		self.postMessage(null);
	} catch (error) {
		self.postMessage(error instanceof Error ? `${error.name}: ${error.message}\n${error.stack ?? ''}` : String(error));
	}
};
