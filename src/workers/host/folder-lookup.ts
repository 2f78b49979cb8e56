import type { RootRef } from '#core/ports';
import { handleName } from './carried-name.ts';
import { getFolder } from './folder-handles.ts';

declare global {
	interface FileSystemHandle {
		/** In the platform, not yet in TypeScript's library. */
		queryPermission(descriptor: { readonly mode: 'read' | 'readwrite' }): Promise<PermissionState>;
	}
}

/** Folders on the way to one that was listed lately: each step of a path costs a message to the browser. */
const handlesMax = 512;
/** No name holds it, so that paths cannot be confused. */
const joint = '\0';

/** Finds folders by their path below a root that the person allowed, remembering the way. */
export class FolderLookup {
	readonly #kept = new Map<string, FileSystemDirectoryHandle>();

	/** Null where the browser has forgotten the root; throws the platform's exceptions. */
	async find(root: RootRef, path: readonly string[]): Promise<FileSystemDirectoryHandle | null> {
		const key = [root, ...path].join(joint);
		const known = this.#kept.get(key);
		if (known) return known;
		const found = await this.#ask(root, path);
		if (found) this.#keep(key, found);
		return found;
	}

	/** Whether the person still lets us read the root. */
	async hasConsent(root: RootRef): Promise<boolean> {
		const handle = await this.find(root, []);
		return handle !== null && (await handle.queryPermission({ mode: 'read' })) === 'granted';
	}

	/** Whether the person lets us change what is in the root. */
	async mayWrite(root: RootRef): Promise<boolean> {
		// Asked before each change: reading what is stored takes ten times as long.
		const handle = await this.find(root, []);
		return handle !== null && (await handle.queryPermission({ mode: 'readwrite' })) === 'granted';
	}

	/** Asks anew for everything below `root` from now on. */
	forget(root: RootRef): void {
		for (const key of this.#kept.keys()) if (key === root || key.startsWith(root + joint)) this.#kept.delete(key);
	}

	async #ask(root: RootRef, path: readonly string[]): Promise<FileSystemDirectoryHandle | null> {
		const name = path.at(-1);
		if (name === undefined) return getFolder(root);
		const above = await this.find(root, path.slice(0, -1));
		return above && above.getDirectoryHandle(handleName(name));
	}

	#keep(key: string, handle: FileSystemDirectoryHandle): void {
		this.#kept.set(key, handle);
		const [oldest] = this.#kept.keys();
		if (this.#kept.size > handlesMax && oldest !== undefined) this.#kept.delete(oldest);
	}
}
