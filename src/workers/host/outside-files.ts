import { err, ok, type Result } from '#core/kernel';
import type { ClockPort, DiskEntry, DiskPage, FilesFailure, FilesPort, OpenFile, RootRef } from '#core/ports';
import type { OutsideFile, OutsideRoot } from '../session/protocol.ts';
import { readingFile } from './open-file.ts';
import { exceptionName } from './stored-folder.ts';

/** How long a page may take to say again what it has, after the core has moved to another tab. */
const patienceMs = 10_000;
/** As the port says. */
const pageMax = 1_000;
const prefix: OutsideRoot = 'outside:';

const gone = err({ type: 'FolderMissing', retry: 'when-online' });
const missing = err({ type: 'FileMissing', retry: 'when-online' });

/** Names of a folder; a folder in it is a map again. */
type Held = Map<string, Held | File>;

function entryOf(name: string, held: Held | File): DiskEntry {
	return held instanceof File
		? { name, kind: 'file', sizeBytes: held.size, modifiedMs: held.lastModified, inode: null }
		: { name, kind: 'directory', sizeBytes: 0, modifiedMs: null, inode: null };
}

/** A file as the page was given it. The browser refuses to read it once it is another on its disk. */
function openFile(file: File): OpenFile {
	return {
		sizeBytes: file.size,
		modifiedMs: file.lastModified,
		inode: null,
		read: (offset, into, signal) =>
			readingFile(signal, async () => {
				const end = Math.min(file.size, offset + into.length);
				if (end <= offset) return ok(0);
				const bytes = new Uint8Array(await file.slice(offset, end).arrayBuffer());
				signal.throwIfAborted();
				into.set(bytes);
				return ok(bytes.length);
			}),
		isUnchanged: (signal) =>
			readingFile(signal, async () => {
				try {
					await file.slice(0, 1).arrayBuffer();
					return ok(true);
				} catch (error) {
					if (!['NotReadableError', 'NotFoundError'].includes(exceptionName(error))) throw error;
					return ok(false);
				}
			}),
		close: async () => undefined
	};
}

/** Files that pages were given, by a drop, a paste or a choice: as folders that can be read as long as they are held. */
export class OutsideFiles {
	readonly #clock: ClockPort;
	readonly #roots = new Map<RootRef, Held>();
	/** What has come of roots that are not whole yet. */
	readonly #coming = new Map<RootRef, Held>();
	readonly #waiting = new Map<RootRef, Promise<Held | null>>();
	readonly #changed = new EventTarget();

	constructor(clock: ClockPort) {
		this.#clock = clock;
	}

	/** Takes some of the files of a root; the same again changes nothing. */
	hold(root: RootRef, files: readonly OutsideFile[]): void {
		const top = this.#coming.get(root) ?? new Map();
		this.#coming.set(root, top);
		for (const { path, file } of files) {
			const name = path.at(-1);
			if (name === undefined) continue;
			let folder: Held = top;
			for (const above of path.slice(0, -1)) {
				const found = folder.get(above);
				const next: Held = found instanceof Map ? found : new Map();
				folder.set(above, next);
				folder = next;
			}
			if (file !== null) folder.set(name, file);
			else if (!folder.has(name)) folder.set(name, new Map());
		}
	}

	/** All of a root was taken: from now on it is read. */
	complete(root: RootRef): void {
		this.#roots.set(root, this.#coming.get(root) ?? new Map());
		this.#coming.delete(root);
		this.#waiting.delete(root);
		this.#changed.dispatchEvent(new Event(root));
	}

	release(root: RootRef): void {
		this.#roots.delete(root);
		this.#coming.delete(root);
	}

	/** `files`, with what is held here as further roots. */
	over(files: FilesPort): FilesPort {
		const isOurs = (root: RootRef) => root.startsWith(prefix);
		return {
			...files,
			list: (root, path, signal) => (isOurs(root) ? this.#list(root, path, signal) : files.list(root, path, signal)),
			look: async (root, path, signal) => {
				if (!isOurs(root)) return files.look(root, path, signal);
				const found = await this.#find(root, path, signal);
				if (!found.ok) return found;
				return ok(found.value === null ? null : entryOf(path.at(-1) ?? '', found.value));
			},
			open: async (root, path, signal) => {
				if (!isOurs(root)) return files.open(root, path, signal);
				const found = await this.#find(root, path, signal);
				if (!found.ok || found.value === null) return missing;
				return found.value instanceof File ? ok(openFile(found.value)) : err({ type: 'NotAFile', retry: 'never' });
			},
			rootName: async (root, signal) => {
				if (!isOurs(root)) return files.rootName(root, signal);
				const found = await this.#find(root, [], signal);
				return found.ok ? ok('') : found;
			}
		};
	}

	async *#list(
		root: RootRef,
		path: readonly string[],
		signal: AbortSignal
	): AsyncGenerator<Result<DiskPage, FilesFailure>> {
		const found = await this.#find(root, path, signal);
		if (!found.ok) return yield found;
		if (!(found.value instanceof Map)) return yield err({ type: 'NotAFolder', retry: 'never' });
		const entries = [...found.value].map(([name, held]) => entryOf(name, held));
		for (let from = 0; from < entries.length; from += pageMax)
			yield ok({ entries: entries.slice(from, from + pageMax), skipped: [] });
	}

	/** Null where the path leads to nothing. */
	async #find(
		root: RootRef,
		path: readonly string[],
		signal: AbortSignal
	): Promise<Result<Held | File | null, FilesFailure>> {
		signal.throwIfAborted();
		let found: Held | File | null | undefined = this.#roots.get(root) ?? (await this.#waitFor(root, signal));
		if (found === null) return gone;
		for (const name of path) found = found instanceof Map ? found.get(name) : undefined;
		return ok(found ?? null);
	}

	/** What a page says that it has; null where none does in time. Nobody waits for the same twice. */
	#waitFor(root: RootRef, signal: AbortSignal): Promise<Held | null> {
		const waiting = this.#waiting.get(root) ?? this.#wait(root, signal);
		this.#waiting.set(root, waiting);
		return waiting;
	}

	async #wait(root: RootRef, signal: AbortSignal): Promise<Held | null> {
		const done = new AbortController();
		const stop = () => done.abort();
		this.#changed.addEventListener(root, stop, { signal: done.signal });
		await this.#clock.wait(patienceMs, AbortSignal.any([signal, done.signal]));
		stop();
		// Whoever asks after a break waits anew.
		if (signal.aborted) this.#waiting.delete(root);
		signal.throwIfAborted();
		return this.#roots.get(root) ?? null;
	}
}
