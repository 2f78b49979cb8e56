import type { RootRef } from '#core/ports';
import type { World, WorldFolder } from '../conformance/core-world.ts';
import type { SimFiles } from './host/files.ts';
import { createSimHost, type SimHost } from './host/sim-host.ts';

function simFolder(files: SimFiles, root: RootRef): WorldFolder {
	const put = (path: readonly string[], last: (folder: string, name: string) => void) => {
		const name = path.at(-1) ?? '';
		last([root, ...path.slice(0, -1)].join('/'), name);
	};
	return {
		root,
		write: async (path, what) => put(path, (folder, name) => void files.put(folder, { [name]: what })),
		makeDirectory: async (path) => put(path, (folder, name) => void files.put(folder, { [name]: {} })),
		remove: async (path) => files.remove([root, ...path].join('/')),
		takeAway: async () => {
			files.at(root).fault = 'vanishes';
		},
		bringBack: async () => {
			files.at(root).fault = null;
		}
	};
}

export type SimWorld = World & { readonly host: SimHost };

/** A device in memory for the suites that run on every host. */
export function createSimWorld(seed: number, host: SimHost = createSimHost(seed)): SimWorld {
	let folders = 0;
	return {
		host,
		libraryFolder: (n) => `library${n}.sdlibrary`,
		makeFolder: async () => simFolder(host.files, host.files.put(`/files/folder${++folders}`, {})),
		settle: () => host.clock.advance(10_000),
		close: async () => undefined
	};
}
