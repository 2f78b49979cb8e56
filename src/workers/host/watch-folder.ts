import { FolderChanges } from '#core/kernel';
import type { ChangedFolders } from '#core/ports';
import { carriedName } from './carried-name.ts';

/** In Chromium, not yet in TypeScript's library: https://github.com/whatwg/fs/blob/main/proposals/FileSystemObserver.md */
type ChangeRecord = {
	readonly type: 'appeared' | 'disappeared' | 'errored' | 'modified' | 'moved' | 'unknown';
	readonly relativePathComponents: readonly string[];
	readonly relativePathMovedFrom: readonly string[] | null;
};
type Observer = {
	observe(handle: FileSystemDirectoryHandle, options: { readonly recursive: boolean }): Promise<void>;
	disconnect(): void;
};
declare global {
	var FileSystemObserver: (new (callback: (records: readonly ChangeRecord[]) => void) => Observer) | undefined;
}

/** Which directories below a picked folder may have changed, as the browser tells it. */
export class FolderWatch {
	readonly #observer: Observer;
	readonly #changes = new FolderChanges();
	/** The browser has given up: nothing more will be told. */
	hasEnded = false;

	private constructor(create: NonNullable<typeof globalThis.FileSystemObserver>) {
		this.#observer = new create((records) => records.forEach((record) => this.#note(record)));
	}

	/** Null where the browser tells of no changes; throws its exceptions. */
	static async start(folder: FileSystemDirectoryHandle): Promise<FolderWatch | null> {
		if (globalThis.FileSystemObserver === undefined) return null;
		const watch = new FolderWatch(globalThis.FileSystemObserver);
		await watch.#observer.observe(folder, { recursive: true });
		return watch;
	}

	next(signal: AbortSignal): Promise<ChangedFolders> {
		return this.#changes.next(signal);
	}

	close(): void {
		this.#observer.disconnect();
	}

	#note({ type, relativePathComponents, relativePathMovedFrom }: ChangeRecord): void {
		if (type === 'errored') this.hasEnded = true;
		if (type === 'errored' || type === 'unknown') return this.#changes.noteAll();
		for (const path of [relativePathComponents, relativePathMovedFrom])
			if (path) this.#changes.note(path.slice(0, -1).map(carriedName));
	}
}
