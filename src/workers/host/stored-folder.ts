import type { SyncFile } from './sqlite/library-vfs.ts';

declare global {
	interface FileSystemFileHandle {
		/** Renames within the folder, replacing what has that name. In the platform, not yet in TypeScript's library. */
		move(name: string): Promise<void>;
	}
}

/** The part of the browser's private file system (OPFS) that libraries are kept in; the simulator has one as well. */
export interface StoredFolder {
	getDirectoryHandle(name: string, options?: { readonly create?: boolean }): Promise<StoredFolder>;
	getFileHandle(name: string, options?: { readonly create?: boolean }): Promise<StoredFile>;
	removeEntry(name: string, options?: { readonly recursive?: boolean }): Promise<void>;
	keys(): AsyncIterable<string>;
}

export interface StoredFile {
	getFile(): Promise<Blob>;
	/** Opens the file for this thread alone. */
	createSyncAccessHandle(): Promise<SyncFile>;
	move(name: string): Promise<void>;
}

/** The platform's name for what went wrong, such as `NotFoundError`. Anything else is a defect and is thrown on. */
export function exceptionName(error: unknown): string {
	if (error instanceof DOMException) return error.name;
	throw error;
}

export async function findFile(folder: StoredFolder, name: string): Promise<StoredFile | null> {
	try {
		return await folder.getFileHandle(name);
	} catch (error) {
		if (exceptionName(error) === 'NotFoundError') return null;
		throw error;
	}
}

export async function findFolder(folder: StoredFolder, name: string): Promise<StoredFolder | null> {
	try {
		return await folder.getDirectoryHandle(name);
	} catch (error) {
		if (exceptionName(error) === 'NotFoundError') return null;
		throw error;
	}
}

/** Removes `name` with all that is in it; nothing there is fine. */
export async function removeIfThere(folder: StoredFolder, name: string): Promise<void> {
	try {
		await folder.removeEntry(name, { recursive: true });
	} catch (error) {
		if (exceptionName(error) !== 'NotFoundError') throw error;
	}
}

/** Writes `chunks` as the whole content of `name`, flushed. A write that the disk takes in part counts as refused. */
export async function writeFlushed(
	folder: StoredFolder,
	name: string,
	chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
	signal: AbortSignal
): Promise<StoredFile> {
	const file = await folder.getFileHandle(name, { create: true });
	const handle = await file.createSyncAccessHandle();
	try {
		handle.truncate(0);
		let at = 0;
		for await (const chunk of chunks) {
			signal.throwIfAborted();
			if (handle.write(new Uint8Array(chunk), { at }) !== chunk.length)
				throw new DOMException('short write', 'QuotaExceededError');
			at += chunk.length;
		}
		handle.flush();
	} finally {
		handle.close();
	}
	return file;
}
