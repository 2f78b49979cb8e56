import type { Result } from '#core/kernel';
import type { HandleFailure } from '#ui/words/failures.ts';

type Permission = { mode: 'read' | 'readwrite' };
/** Part of Chromium's File System Access that TypeScript's DOM does not have. */
type AskableHandle = FileSystemDirectoryHandle & {
	queryPermission(wanted: Permission): Promise<PermissionState>;
	requestPermission(wanted: Permission): Promise<PermissionState>;
};

export type Picked = Result<FileSystemDirectoryHandle, HandleFailure | { readonly type: 'Cancelled' }>;

function canAsk(handle: FileSystemDirectoryHandle): handle is AskableHandle {
	return 'queryPermission' in handle && 'requestPermission' in handle;
}

export function canPickFolders(): boolean {
	return 'showDirectoryPicker' in window;
}

/**
 * Asks for reading and writing; a refusal of writing leaves reading, and the first change asks again.
 * Whether the folder may be read now.
 */
export async function askForFolder(handle: FileSystemDirectoryHandle): Promise<boolean> {
	if (!canAsk(handle)) return true;
	try {
		if ((await handle.requestPermission({ mode: 'readwrite' })) === 'granted') return true;
		return (await handle.queryPermission({ mode: 'read' })) === 'granted';
	} catch {
		// no person's gesture left to ask with: what was allowed before still holds
		return (await handle.queryPermission({ mode: 'read' })) === 'granted';
	}
}

/** Whether a folder may be written to now; asks nobody. */
export async function mayWrite(handle: FileSystemDirectoryHandle): Promise<boolean> {
	return !canAsk(handle) || (await handle.queryPermission({ mode: 'readwrite' })) === 'granted';
}

/** Whether a folder may not be written to, and the browser does not ask for it again; asks nobody. */
export async function isReadOnly(handle: FileSystemDirectoryHandle): Promise<boolean> {
	return canAsk(handle) && (await handle.queryPermission({ mode: 'readwrite' })) === 'denied';
}

/** Asks for writing; must be called from a person's gesture. Whether the folder may be written to now. */
export async function askForWriting(handle: FileSystemDirectoryHandle): Promise<boolean> {
	if (!canAsk(handle)) return true;
	try {
		return (await handle.requestPermission({ mode: 'readwrite' })) === 'granted';
	} catch {
		return mayWrite(handle);
	}
}

/**
 * Lets the person choose a folder. The picker is called without a mode and writing is asked for after it: passing
 * the mode to the picker makes Chrome ask again on every visit.
 */
export async function pickFolder(): Promise<Picked> {
	if (!canPickFolders()) return { ok: false, failure: { type: 'PickerMissing' } };
	try {
		const handle = await window.showDirectoryPicker();
		await askForFolder(handle);
		return { ok: true, value: handle };
	} catch (error) {
		if (error instanceof DOMException && error.name === 'AbortError')
			return { ok: false, failure: { type: 'Cancelled' } };
		throw error;
	}
}

/** The folders among what was dropped. Must be called inside the drop event: the browser forgets the items after it. */
export function droppedFolders(transfer: DataTransfer): Promise<readonly FileSystemDirectoryHandle[]> {
	const items = [...transfer.items].filter((item) => item.kind === 'file' && 'getAsFileSystemHandle' in item);
	const asked = items.map((item) => item.getAsFileSystemHandle().catch(() => null));
	return Promise.all(asked).then((handles) =>
		handles.filter((handle): handle is FileSystemDirectoryHandle => handle?.kind === 'directory')
	);
}
