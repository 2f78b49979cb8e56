/** Runs the cases of the whole core where a browser's file handles live: in a dedicated worker. */
import { createBrowserHost } from '../../src/workers/host/browser-host.ts';
import { putFolder } from '../../src/workers/host/folder-handles.ts';
import { coreCases } from './core.ts';
import type { World, WorldFolder } from './core-world.ts';

type Files = Map<string, number | null>;

async function directoryAt(root: FileSystemDirectoryHandle, path: readonly string[]) {
	let at = root;
	for (const name of path) at = await at.getDirectoryHandle(name, { create: true });
	return at;
}

async function writeFile(
	root: FileSystemDirectoryHandle,
	path: readonly string[],
	what: Uint8Array | number
): Promise<void> {
	const folder = await directoryAt(root, path.slice(0, -1));
	const file = await folder.getFileHandle(path.at(-1) ?? '', { create: true });
	const handle = await file.createSyncAccessHandle();
	handle.truncate(typeof what === 'number' ? what : what.length);
	if (typeof what !== 'number') handle.write(new Uint8Array(what), { at: 0 });
	handle.close();
}

/** Every path below `root`, with the size of files and null for directories. */
async function snapshot(root: FileSystemDirectoryHandle, above = ''): Promise<Files> {
	const found: Files = new Map();
	for await (const [name, handle] of root.entries()) {
		const path = `${above}/${name}`;
		if (handle.kind === 'file') found.set(path, (await handle.getFile()).size);
		else {
			found.set(path, null);
			for (const entry of await snapshot(handle, path)) found.set(...entry);
		}
	}
	return found;
}

const segments = (path: string) => path.split('/').filter((segment) => segment !== '');

async function makeFolder(base: FileSystemDirectoryHandle, name: string): Promise<WorldFolder> {
	const root = await base.getDirectoryHandle(name, { create: true });
	let away: Files = new Map();
	return {
		root: await putFolder(root),
		write: (path, what) => writeFile(root, path, what),
		makeDirectory: async (path) => void (await directoryAt(root, path)),
		remove: async (path) => {
			const folder = await directoryAt(root, path.slice(0, -1));
			await folder.removeEntry(path.at(-1) ?? '', { recursive: true });
		},
		takeAway: async () => {
			away = await snapshot(root);
			await base.removeEntry(name, { recursive: true });
		},
		bringBack: async () => {
			await base.getDirectoryHandle(name, { create: true });
			for (const [path, sizeBytes] of away) {
				if (sizeBytes === null) await directoryAt(root, segments(path));
				else await writeFile(root, segments(path), sizeBytes);
			}
		}
	};
}

async function makeWorld(): Promise<World> {
	const top = await navigator.storage.getDirectory();
	const id = crypto.randomUUID();
	const base = await top.getDirectoryHandle(`conformance-${id}`, { create: true });
	let folders = 0;
	return {
		host: createBrowserHost(),
		libraryFolder: (n) => `${id}-${n}.sdlibrary`,
		makeFolder: () => makeFolder(base, `folder${++folders}`),
		close: () => top.removeEntry(`conformance-${id}`, { recursive: true })
	};
}

type Ask = { readonly title: string; readonly seed: number };

/** Null where the case passed, else why it did not. */
async function failureOf({ title, seed }: Ask): Promise<string | null> {
	try {
		const found = coreCases.find((one) => one.title === title);
		if (found === undefined) throw new Error(`no case ${title}`);
		const world = await makeWorld();
		await found.run(world, seed);
		await world.close();
		return null;
	} catch (thrown) {
		return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
	}
}

addEventListener('message', ({ data }: MessageEvent<Ask>) => {
	void failureOf(data).then((failure) => postMessage({ failure }));
});
