/** The ways into the app: each makes a library where there is none, and leads to the folder that was asked for. */
import type { EntryId } from '#core/kernel';
import { folderPath } from '#ui/files/address.ts';
import type { App } from '#ui/shell/app.svelte.ts';
import { pickFolder } from './pick-folder.ts';

/** Goes to a place of the app. */
export type Go = (path: string) => Promise<void>;

const libraryName = 'My library';

/**
 * Makes a library without a password where there is none. Its recovery code is not shown now: the reminder offers
 * one later. False when that failed and was told.
 */
async function ensureLibrary(app: App): Promise<boolean> {
	if (app.phase === 'open') return true;
	const created = await app.do('library.create', { name: libraryName, password: null });
	if (!created.ok) return false;
	app.reminder.remember(created.value.id);
	app.refresh();
	return true;
}

async function open(app: App, go: Go, busy: 'folder' | 'sample', work: () => Promise<EntryId | null>): Promise<void> {
	app.folders.busy = busy;
	app.folders.beginning = app.phase !== 'open';
	try {
		const entry = await work();
		if (entry !== null) await go(folderPath(entry));
	} finally {
		app.folders.busy = null;
		app.folders.beginning = false;
	}
}

/** Opens a folder that was picked or dropped. */
export function openHandle(app: App, go: Go, handle: FileSystemDirectoryHandle): Promise<void> {
	return open(app, go, 'folder', async () => ((await ensureLibrary(app)) ? app.folders.add(handle) : null));
}

/** Lets the person pick a folder and opens it. To be called from a click. */
export async function openFolder(app: App, go: Go): Promise<void> {
	const picked = await pickFolder();
	if (picked.ok) await openHandle(app, go, picked.value);
	else app.tell(picked.failure);
}

/** Makes the sample and opens it. */
export function openSample(app: App, go: Go): Promise<void> {
	return open(app, go, 'sample', async () => ((await ensureLibrary(app)) ? app.folders.addSample() : null));
}

/** Makes the library of a backup; it is locked then. */
export async function restoreBackup(app: App, file: File): Promise<boolean> {
	const restored = await app.client.restoreBackup(file, new AbortController().signal);
	if (!restored.ok) app.tell(restored.failure);
	else app.refresh();
	return restored.ok;
}

/** Where the marks of an archive in the format of backups (ustar) lie in its first block. */
const markAt = 257;
const mark = 'ustar';

/** Takes away a library that cannot be used and makes that of a backup; what is plainly no backup removes nothing. */
export async function replaceFromBackup(app: App, file: File): Promise<void> {
	const found = await file.slice(markAt, markAt + mark.length).text();
	if (found !== mark) return app.tell({ type: 'BackupUnreadable', detail: 'no archive' });
	const removed = await app.ask('library.remove', {});
	if (removed.ok || removed.failure.type === 'LibraryMissing') await restoreBackup(app, file);
	else app.tell(removed.failure);
}

function dateStamp(): string {
	return new Date().toISOString().slice(0, 10);
}

/** Saves the library as one encrypted file where the browser puts downloads. */
export async function saveBackup(app: App): Promise<void> {
	const signal = new AbortController().signal;
	const made = await app.client.makeBackup(signal);
	if (!made.ok) return app.tell(made.failure, () => void saveBackup(app));
	const url = URL.createObjectURL(made.value);
	const link = document.createElement('a');
	link.href = url;
	link.download = `atoll-backup-${dateStamp()}.tar`;
	link.click();
	app.notices.tell('The backup is in your downloads.');
	// the browser reads the file while it saves it: it is given up with the next backup or with this tab
	setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
