/** What this browser keeps outside any library, in IndexedDB: folder handles and sealed secrets. */
const databaseName = 'atoll';
const version = 1;

export type StoreName = 'folders' | 'secrets';
const storeNames: readonly StoreName[] = ['folders', 'secrets'];

function answer<T>(request: IDBRequest<T>): Promise<T> {
	return new Promise((resolve, reject) => {
		request.onsuccess = () => resolve(request.result);
		request.onerror = () => reject(request.error ?? new DOMException('no reason given', 'UnknownError'));
	});
}

async function openStores(): Promise<IDBDatabase> {
	const request = indexedDB.open(databaseName, version);
	request.onupgradeneeded = () => {
		for (const name of storeNames) request.result.createObjectStore(name);
	};
	return answer(request);
}

/**
 * Runs `work` in one transaction on `name` and waits until it is on disk. Rejects with the platform's exception.
 * The database is open only meanwhile, so that no tab keeps another from clearing or upgrading it.
 */
async function inTransaction<T>(
	name: StoreName,
	mode: IDBTransactionMode,
	work: (store: IDBObjectStore) => Promise<T>
): Promise<T> {
	const database = await openStores();
	try {
		const transaction = database.transaction(name, mode, { durability: 'strict' });
		const complete = new Promise<void>((resolve, reject) => {
			transaction.oncomplete = () => resolve();
			transaction.onabort = () => reject(transaction.error ?? new DOMException('no reason given', 'AbortError'));
		});
		const [value] = await Promise.all([work(transaction.objectStore(name)), complete]);
		return value;
	} finally {
		database.close();
	}
}

/** What is kept under `key`, or undefined. */
export function recall(name: StoreName, key: string): Promise<unknown> {
	return inTransaction(name, 'readonly', (store) => answer<unknown>(store.get(key)));
}

/** Keeps `value` under `key`, replacing. */
export async function keep(name: StoreName, key: string, value: unknown): Promise<void> {
	await inTransaction(name, 'readwrite', (store) => answer(store.put(value, key)));
}

/** Keeps `value` under `key` unless something is there already, and answers what is there then. */
export function keepFirst(name: StoreName, key: string, value: unknown): Promise<unknown> {
	return inTransaction(name, 'readwrite', async (store) => {
		const present = await answer<unknown>(store.get(key));
		if (present !== undefined) return present;
		await answer(store.put(value, key));
		return value;
	});
}

/** Removes what is kept under `key`; nothing there is fine. */
export async function forget(name: StoreName, key: string): Promise<void> {
	await inTransaction(name, 'readwrite', (store) => answer(store.delete(key)));
}
