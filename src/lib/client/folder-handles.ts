/**
 * The folders that a person has picked: kept by the page, which alone can pick them and ask for them again, and read by
 * the core's host (`src/workers/host/folder-handles.ts`), which shares these names.
 */
import type { RootRef } from '#core/ports';
import type { StoreName } from '../../workers/host/device-store.ts';

const databaseName = 'atoll';
const version = 1;
const storeNames: readonly StoreName[] = ['folders', 'secrets'];
const folders: StoreName = 'folders';
const refBytes = 16;

function answer<T>(request: IDBRequest<T>): Promise<T> {
	const { promise, resolve, reject } = Promise.withResolvers<T>();
	request.onsuccess = () => resolve(request.result);
	request.onerror = () => reject(request.error ?? new DOMException('no reason given', 'UnknownError'));
	return promise;
}

async function inFolders<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
	const request = indexedDB.open(databaseName, version);
	request.onupgradeneeded = () => {
		for (const name of storeNames) request.result.createObjectStore(name);
	};
	const database = await answer(request);
	try {
		const transaction = database.transaction(folders, mode, { durability: 'strict' });
		const complete = new Promise<void>((resolve, reject) => {
			transaction.oncomplete = () => resolve();
			transaction.onabort = () => reject(transaction.error ?? new DOMException('no reason given', 'AbortError'));
		});
		const [value] = await Promise.all([answer(work(transaction.objectStore(folders))), complete]);
		return value;
	} finally {
		database.close();
	}
}

/** Keeps a folder under a key by chance, which is what the core knows it by. */
export async function putFolder(handle: FileSystemDirectoryHandle): Promise<RootRef> {
	const bytes = crypto.getRandomValues(new Uint8Array(refBytes));
	const ref = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
	await inFolders('readwrite', (store) => store.put(handle, ref));
	// The one place where the page makes a reference.
	return ref as RootRef;
}

/** The folder kept under `root`, or null where the browser has forgotten it. */
export async function getFolder(root: RootRef): Promise<FileSystemDirectoryHandle | null> {
	const kept: unknown = await inFolders('readonly', (store) => store.get(root));
	return kept instanceof FileSystemDirectoryHandle ? kept : null;
}

/** Forgets the folder; nothing there is fine. */
export async function removeFolder(root: RootRef): Promise<void> {
	await inFolders('readwrite', (store) => store.delete(root));
}
