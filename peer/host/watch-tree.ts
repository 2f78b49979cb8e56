import { lstatSync, readdirSync, statSync, watch, type FSWatcher } from 'node:fs';
import { FolderChanges } from '#core/kernel';
import type { ChangedFolders } from '#core/ports';
import { childPath, diskPath, maybeRaw, pathFromBytes, type DiskPath } from './disk-path.ts';
import { isPseudoFileSystem } from './pseudo-file-systems.ts';
import { errorCode } from './system-error.ts';

/** How often directories beyond the system's limit of watches are looked at. */
const pollMs = 5_000;
/** Other work of this thread waits no longer than this while a tree is walked. */
const holdMsMax = 8;

/** A directory that is watched, with those in it. */
type Watched = {
	readonly path: readonly string[];
	readonly inode: number;
	/** Null beyond the system's limit: it is polled. */
	readonly watcher: FSWatcher | null;
	modifiedMs: number;
	readonly children: Map<string, Watched>;
};

/** Names of the directories in a directory; symlinks are none. */
function subfolders(path: DiskPath): string[] {
	if (isPseudoFileSystem(path)) return [];
	const found = readdirSync(path, { withFileTypes: true });
	if (!found.some(({ name }) => maybeRaw(name)))
		return found.filter((entry) => entry.isDirectory()).map(({ name }) => name);
	return readdirSync(path, { withFileTypes: true, encoding: 'buffer' })
		.filter((entry) => entry.isDirectory())
		.map(({ name }) => pathFromBytes(name));
}

/**
 * Watches every directory of a tree by itself, and says which have changed; what has changed in them is for the reader
 * to find out. One watch for a whole tree is quicker to set and was seen to lose files in directories that are new.
 */
export class TreeWatch {
	readonly #root: string;
	#top: Watched | null = null;
	readonly #changes = new FolderChanges();
	readonly #unwatched = new Set<Watched>();
	#poll: ReturnType<typeof setInterval> | null = null;
	#heldSinceMs = performance.now();

	constructor(root: string) {
		this.#root = root;
	}

	/** Sets the watches; throws the system's error where the root cannot be read. */
	async start(signal: AbortSignal): Promise<void> {
		subfolders(diskPath(this.#root, []));
		this.#top = await this.#add([], signal);
	}

	/** Waits for changes; what is new in the directories that are told is watched by then. */
	async next(signal: AbortSignal): Promise<ChangedFolders> {
		const changed = await this.#changes.next(signal);
		for (const path of changed ?? []) await this.#follow(path, signal);
		return changed;
	}

	close(): void {
		if (this.#top !== null) this.#drop(this.#top);
		if (this.#poll !== null) clearInterval(this.#poll);
	}

	/** Watches the directory, then what is in it: what is made later tells of itself. Null where it is gone or not ours to read. */
	async #add(path: readonly string[], signal: AbortSignal): Promise<Watched | null> {
		await this.#breathe(signal);
		const at = diskPath(this.#root, path);
		let added: Watched | null = null;
		try {
			const { ino, mtimeMs } = statSync(at);
			added = { path, inode: ino, watcher: this.#watch(path, at), modifiedMs: mtimeMs, children: new Map() };
			if (added.watcher === null) this.#unwatched.add(added);
			for (const name of subfolders(at)) {
				const child = await this.#add([...path, name], signal);
				if (child !== null) added.children.set(name, child);
			}
			return added;
		} catch (error) {
			if (added !== null) this.#drop(added);
			if (signal.aborted) throw error;
			return null;
		}
	}

	#watch(path: readonly string[], at: DiskPath): FSWatcher | null {
		try {
			const watcher = watch(at, { persistent: false }, () => this.#changes.note(path));
			watcher.on('error', () => this.#changes.note(path));
			return watcher;
		} catch (error) {
			if (errorCode(error) !== 'ENOSPC' && errorCode(error) !== 'EMFILE') throw error;
			this.#poll ??= setInterval(() => this.#lookAtUnwatched(), pollMs).unref();
			return null;
		}
	}

	#lookAtUnwatched(): void {
		for (const watched of this.#unwatched) {
			const modifiedMs = modifiedAt(diskPath(this.#root, watched.path));
			if (modifiedMs !== watched.modifiedMs) this.#changes.note(watched.path);
			watched.modifiedMs = modifiedMs;
		}
	}

	/** Watches what is new in a directory, and lets go of what has left it. */
	async #follow(path: readonly string[], signal: AbortSignal): Promise<void> {
		const folder = this.#find(path);
		// Its parent has dropped it, or will add it.
		if (folder === null) return;
		const at = diskPath(this.#root, path);
		const there = namesIn(at);
		for (const [name, child] of folder.children) {
			if (there.has(name) && child.inode === inodeOf(childPath(at, name))) continue;
			this.#drop(child);
			folder.children.delete(name);
		}
		for (const name of there) {
			if (folder.children.has(name)) continue;
			const child = await this.#add([...path, name], signal);
			if (child !== null) folder.children.set(name, child);
		}
	}

	#find(path: readonly string[]): Watched | null {
		let at: Watched | null | undefined = this.#top;
		for (const name of path) at = at?.children.get(name);
		return at ?? null;
	}

	#drop(watched: Watched): void {
		watched.watcher?.close();
		this.#unwatched.delete(watched);
		for (const child of watched.children.values()) this.#drop(child);
	}

	async #breathe(signal: AbortSignal): Promise<void> {
		if (performance.now() - this.#heldSinceMs >= holdMsMax) {
			await new Promise((resolve) => setImmediate(resolve));
			this.#heldSinceMs = performance.now();
		}
		signal.throwIfAborted();
	}
}

/** None where the directory cannot be read. */
function namesIn(path: DiskPath): ReadonlySet<string> {
	try {
		return new Set(subfolders(path));
	} catch {
		return new Set();
	}
}

/** -1 where nothing is there. */
function inodeOf(path: DiskPath): number {
	return lstatSync(path, { throwIfNoEntry: false })?.ino ?? -1;
}

/** -1 where the directory is gone. */
function modifiedAt(path: DiskPath): number {
	return lstatSync(path, { throwIfNoEntry: false })?.mtimeMs ?? -1;
}
