import { err, ok } from '#core/kernel';
import type { DiskEntry, FilesPort } from '#core/ports';
import { fileName } from './names.ts';
import { createChance } from './random.ts';

/** As the port says. */
const pageMax = 1_000;
/** Folders go so deep; each but the deepest holds `foldersPerFolder`: in all some 1,000,000 entries. */
const depthMax = 5;
const foldersPerFolder = 10;
const filesPerFolder = 8;

/** The number of a folder, breadth first: each name ends in a digit. */
function numberOf(path: readonly string[]): number {
	return Number(`1${path.map((name) => name.slice(-1)).join('')}`);
}

/** What the folder at `path` holds: made when it is asked for, the same each time. */
function entriesOf(path: readonly string[]): DiskEntry[] {
	const number = numberOf(path);
	const chance = createChance(number);
	const folders = path.length < depthMax ? foldersPerFolder : 0;
	return Array.from({ length: folders + filesPerFolder }, (_, at): DiskEntry => {
		const modifiedMs = chance.within(946_684_800, 1_790_000_000) * 1_000;
		// As on a disk that was filled folder by folder.
		const inode = number * 64 + at;
		return at < folders
			? { name: `folder ${at}`, kind: 'directory', sizeBytes: 0, modifiedMs, inode }
			: { name: `${at} ${fileName(chance)}`, kind: 'file', sizeBytes: chance.within(0, 2 ** 24), modifiedMs, inode };
	});
}

/** A tree that takes no memory, for measuring what those need who read it. Its files cannot be opened. */
export function createEndlessFiles(): FilesPort {
	return {
		async *list(_root, path, signal) {
			signal.throwIfAborted();
			const entries = entriesOf(path);
			for (let at = 0; at < entries.length; at += pageMax)
				yield ok({ entries: entries.slice(at, at + pageMax), skipped: [] });
		},
		look: async (_root, path) => ok(entriesOf(path.slice(0, -1)).find(({ name }) => name === path.at(-1)) ?? null),
		async *watch() {
			yield { ok: false, failure: { type: 'WatchUnsupported', retry: 'never' } };
		},
		open: async () => err({ type: 'FileMissing', retry: 'when-online' }),
		createHasher: null,
		rootName: async (root) => ok(root),
		relation: async (a, b) => ok(a === b ? 'same' : 'apart')
	};
}
