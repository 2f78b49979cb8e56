import type { OutsideFile } from '#client/mod.ts';

/** One of the things that `files.ingest` is told of; a folder comes before what lies in it. */
export type OutsideItem = {
	readonly name: string;
	readonly kind: 'directory' | 'file';
	/** The folder that it lies in, by its place among the items. */
	readonly parent: number | null;
	readonly sizeBytes: number;
	readonly modifiedMs: number | null;
	/** Of an item at the top: no two of these lie at one place, though they may be called alike. */
	readonly path?: readonly string[];
};

/** What a person brings from outside of the app. */
export type Outside = {
	readonly items: readonly OutsideItem[];
	readonly files: readonly OutsideFile[];
	/** Names that could not be read, and those that a browser cannot keep as they are. */
	readonly left: readonly string[];
};

/** Files that are asked for at the same time. */
const askedAtOnce = 64;

/** What a browser would take for a path, or keep as another name. */
function isUsable(name: string): boolean {
	return name !== '' && !/[\\/\0]/.test(name) && name.isWellFormed();
}

/** Things from outside as they are put together, each folder before what lies in it. */
class Collection implements Outside {
	readonly items: OutsideItem[] = [];
	readonly files: OutsideFile[] = [];
	readonly left: string[] = [];
	readonly #paths: (readonly string[])[] = [];

	/** The place of the new item among all; null where its name is of no use. */
	add(name: string, file: File | null, parent: number | null): number | null {
		if (!isUsable(name)) {
			this.left.push(name);
			return null;
		}
		const at = this.items.length;
		const above = parent === null ? [String(at)] : (this.#paths[parent] ?? []);
		const path = [...above, name];
		this.#paths.push(path);
		this.files.push({ path, file });
		const facts =
			file === null
				? ({ kind: 'directory', sizeBytes: 0, modifiedMs: null } as const)
				: ({ kind: 'file', sizeBytes: file.size, modifiedMs: file.lastModified } as const);
		this.items.push({ name, ...facts, parent, ...(parent === null ? { path } : {}) });
		return at;
	}
}

/** Files that were chosen or pasted; those of a chosen folder with the folders on the way to them. */
export function outsideOf(files: readonly File[]): Outside {
	const collection = new Collection();
	const folders = new Map<string, number | null>();
	for (const file of files) {
		const above = file.webkitRelativePath.split('/').slice(0, -1);
		let parent: number | null = null;
		let isLost = false;
		for (const [depth, name] of above.entries()) {
			const key = above.slice(0, depth + 1).join('/');
			if (!folders.has(key)) folders.set(key, collection.add(name, null, parent));
			parent = folders.get(key) ?? null;
			isLost ||= parent === null;
			if (isLost) break;
		}
		if (!isLost) collection.add(file.name, file, parent);
	}
	return collection;
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
	return entry.isDirectory;
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
	return entry.isFile;
}

/** All that lies in a folder that was dropped: the browser gives it in parts. */
async function entriesIn(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
	const reader = folder.createReader();
	const entries: FileSystemEntry[] = [];
	for (;;) {
		const part = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
		if (part.length === 0) return entries;
		entries.push(...part);
	}
}

async function addFiles(
	collection: Collection,
	entries: readonly FileSystemFileEntry[],
	parent: number | null
): Promise<void> {
	for (let from = 0; from < entries.length; from += askedAtOnce) {
		const part = entries.slice(from, from + askedAtOnce);
		const asked = part.map((entry) => new Promise<File>((resolve, reject) => entry.file(resolve, reject)));
		for (const [at, found] of (await Promise.allSettled(asked)).entries()) {
			const name = part[at]?.name ?? '';
			if (found.status === 'fulfilled') collection.add(name, found.value, parent);
			else collection.left.push(name);
		}
	}
}

async function addEntries(
	collection: Collection,
	entries: readonly FileSystemEntry[],
	parent: number | null
): Promise<void> {
	await addFiles(collection, entries.filter(isFile), parent);
	for (const folder of entries.filter(isFolder)) {
		const at = collection.add(folder.name, null, parent);
		if (at === null) continue;
		const below = await entriesIn(folder).catch(() => null);
		if (below === null) collection.left.push(folder.name);
		else await addEntries(collection, below, at);
	}
}

/**
 * What was dropped or pasted, folders with all that lies in them. Must be called inside the event: the browser forgets
 * the items after it.
 */
export function outsideIn(transfer: DataTransfer): Promise<Outside> {
	const items = [...transfer.items].filter(({ kind }) => kind === 'file');
	const entries = items.map((item) => item.webkitGetAsEntry());
	// What a page or a clipboard has made has no place on a disk.
	const loose = items.flatMap((item, at) => {
		const file = entries[at] === null ? item.getAsFile() : null;
		return file === null ? [] : [file];
	});
	const collection = new Collection();
	for (const file of loose) collection.add(file.name, file, null);
	const placed = entries.filter((entry) => entry !== null);
	return addEntries(collection, placed, null).then(() => collection);
}
