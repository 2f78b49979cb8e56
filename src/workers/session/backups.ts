import type { Core } from '#core';
import { ok, type Failure, type Result } from '#core/kernel';
import type { ByteSource } from '#core/ports';
import { browserStorage, storageFailure } from '../host/storage-failure.ts';
import { removeIfThere } from '../host/stored-folder.ts';
import type { CallContext } from './calls.ts';
import { heldAfter } from './locks.ts';
import type { TabLock } from './protocol.ts';

const folderName = 'backups';
const suffix = '.tar';

async function backupFolder(): Promise<FileSystemDirectoryHandle> {
	const root = await navigator.storage.getDirectory();
	return root.getDirectoryHandle(folderName, { create: true });
}

/** Writes all of `bytes` at `at`; a write that the disk takes in part counts as refused. */
function writeWhole(handle: FileSystemSyncAccessHandle, bytes: Uint8Array, at: number): void {
	if (handle.write(new Uint8Array(bytes), { at }) !== bytes.length)
		throw new DOMException('short write', 'QuotaExceededError');
}

async function writeBackup(
	core: Core,
	file: FileSystemFileHandle,
	context: CallContext
): Promise<Result<unknown, Failure>> {
	const handle = await file.createSyncAccessHandle();
	try {
		handle.truncate(0);
		let at = 0;
		const write = async (chunk: Uint8Array): Promise<void> => {
			writeWhole(handle, chunk, at);
			at += chunk.length;
		};
		const written = await core.commands['library.export']({ write }, context);
		if (written.ok) handle.flush();
		return written;
	} finally {
		handle.close();
	}
}

/** Writes `tab`'s backup, encrypted as the library is, into this browser's storage and returns the file. */
export async function makeBackup(core: Core, tab: string, context: CallContext): Promise<Result<File, Failure>> {
	try {
		const file = await (await backupFolder()).getFileHandle(tab + suffix, { create: true });
		const written = await writeBackup(core, file, context);
		if (written.ok) return ok(await file.getFile());
		await discardBackup(tab);
		return written;
	} catch (thrown) {
		await discardBackup(tab);
		// The disk refused what the core gave us to write; anything else is thrown on.
		return storageFailure(thrown, browserStorage);
	}
}

/** Removes `tab`'s backup from this browser's storage; none there is fine. */
export async function discardBackup(tab: string): Promise<void> {
	await removeIfThere(await backupFolder(), tab + suffix);
}

/** Removes the backups of tabs that live no more. */
export async function sweepBackups(): Promise<void> {
	const living = new Set(await heldAfter('atoll:tab:' satisfies TabLock));
	const folder = await backupFolder();
	for await (const name of folder.keys())
		if (!living.has(name.slice(0, -suffix.length))) await removeIfThere(folder, name);
}

/** A file that a person chose, as the core reads it. */
function fileSource(file: File): ByteSource {
	return {
		sizeBytes: file.size,
		async read(offset, length, signal) {
			signal.throwIfAborted();
			try {
				return ok(new Uint8Array(await file.slice(offset, offset + length).arrayBuffer()));
			} catch (thrown) {
				return storageFailure(thrown, browserStorage);
			}
		},
		async close() {}
	};
}

/** Makes the library of the backup `file`; the core refuses where a library is. */
export function restoreBackup(core: Core, file: File, context: CallContext): Promise<Result<unknown, Failure>> {
	return core.commands['library.import']({ source: fileSource(file) }, context);
}
