import { err, ok } from '#core/kernel';
import type { DiskEntry, FilesPort, RootRef, VolumesPort } from '#core/ports';
import { fileName, folderName } from './names.ts';
import { createChance, type Chance } from './random.ts';

/** As the port says. */
const pageMax = 1_000;
/** Share of directories among all entries: what source trees, homes and /usr have in common. */
const folderShare = 0.1;
const depthMax = 8;

/** A directory that exists in memory only. */
export type MemoryFolder = { readonly entries: DiskEntry[]; readonly folders: Map<string, MemoryFolder> };

function emptyFolder(): MemoryFolder {
	return { entries: [], folders: new Map() };
}

/** The names of one folder, each with how often it was wanted. */
type Taken = Map<string, number>;

/** Another name where `name` is taken: what every file manager does. */
function freeName(taken: Taken, name: string): string {
	const dot = name.lastIndexOf('.');
	for (let copy = taken.get(name) ?? 1; ; copy++) {
		const ending = ` ${copy}`;
		const next = copy === 1 ? name : dot > 0 ? name.slice(0, dot) + ending + name.slice(dot) : name + ending;
		if (copy > 1 && taken.has(next)) continue;
		taken.set(name, copy + 1);
		if (copy > 1) taken.set(next, 2);
		return next;
	}
}

function createWriter(chance: Chance) {
	let inode = 1_000;
	const names = new Map<MemoryFolder, Taken>();
	const place = (folder: MemoryFolder, wanted: string) => {
		const taken = names.get(folder) ?? new Map();
		names.set(folder, taken);
		return freeName(taken, wanted);
	};
	const modifiedMs = () => chance.within(946_684_800, 1_790_000_000) * 1_000;
	return {
		addFile: (folder: MemoryFolder) => {
			const name = place(folder, fileName(chance));
			const sizeBytes = Math.floor(2 ** (chance.next() * 24));
			folder.entries.push({ name, kind: 'file', sizeBytes, modifiedMs: modifiedMs(), inode: ++inode });
		},
		addFolder: (folder: MemoryFolder, wanted: string) => {
			const name = place(folder, wanted);
			const made = emptyFolder();
			folder.folders.set(name, made);
			folder.entries.push({ name, kind: 'directory', sizeBytes: 0, modifiedMs: modifiedMs(), inode: ++inode });
			return made;
		}
	};
}

/** A tree of `entries` files and directories with names like real ones; the same for the same `seed`. */
export function makeTree(seed: number, entries: number): MemoryFolder {
	const chance = createChance(seed);
	const writer = createWriter(chance);
	const root = emptyFolder();
	const open: { folder: MemoryFolder; depth: number }[] = [{ folder: root, depth: 0 }];
	for (let made = 0; made < entries; made++) {
		const { folder, depth } = chance.pick(open);
		if (depth < depthMax && (made < 20 || chance.next() < folderShare))
			open.push({ folder: writer.addFolder(folder, folderName(chance)), depth: depth + 1 });
		else writer.addFile(folder);
	}
	return root;
}

/** A folder that holds one folder of `entries` files, and a small one beside it to come from. */
export function makeFlat(seed: number, entries: number): MemoryFolder {
	const chance = createChance(seed);
	const writer = createWriter(chance);
	const root = emptyFolder();
	const small = writer.addFolder(root, 'Small');
	for (let made = 0; made < 20; made++) writer.addFile(small);
	const large = writer.addFolder(root, 'Large');
	for (let made = 0; made < entries; made++) writer.addFile(large);
	return root;
}

/** Folders in memory lie on no disk. */
export const noVolumes: VolumesPort = {
	placeOf: async () => err({ type: 'FolderMissing', retry: 'when-online' }),
	findRoot: async () => null,
	readSpeed: async () => err({ type: 'FolderMissing', retry: 'when-online' })
};

/** Folders in memory as a host lends them; a root is the name under which a tree was given. `onPage` runs before each page. */
export function createMemoryFiles(
	trees: Readonly<Record<string, MemoryFolder>>,
	onPage: (entries: number) => void = () => undefined
): FilesPort {
	const find = (root: RootRef, path: readonly string[]) =>
		path.reduce<MemoryFolder | undefined>((at, name) => at?.folders.get(name), trees[root]);
	return {
		async *list(root, path, signal) {
			signal.throwIfAborted();
			const folder = find(root, path);
			if (folder === undefined) {
				yield err({ type: 'FolderMissing', retry: 'when-online' });
				return;
			}
			for (let at = 0; at < folder.entries.length; at += pageMax) {
				const entries = folder.entries.slice(at, at + pageMax);
				onPage(entries.length);
				yield ok({ entries, skipped: [] });
			}
		},
		look: async (root, path) =>
			ok(find(root, path.slice(0, -1))?.entries.find(({ name }) => name === path.at(-1)) ?? null),
		async *watch() {
			yield { ok: false, failure: { type: 'WatchUnsupported', retry: 'never' } };
		},
		// Trees for speed have names only.
		open: async () => err({ type: 'FileMissing', retry: 'when-online' }),
		createHasher: null,
		rootName: async (root) => ok(root),
		relation: async (a, b) => ok(a === b ? 'same' : 'apart')
	};
}
