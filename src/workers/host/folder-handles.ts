import type { RootRef } from '#core/ports';
import { forget, keep, recall } from './device-store.ts';

const refBytes = 16;

/** Keeps a folder that the person picked, under a key by chance: its name says nothing on disk but to the browser. */
export async function putFolder(handle: FileSystemDirectoryHandle): Promise<RootRef> {
	const bytes = crypto.getRandomValues(new Uint8Array(refBytes));
	const ref = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
	await keep('folders', ref, handle);
	// The one place where this host makes a reference.
	return ref as RootRef;
}

/** The folder kept under `root`, or null where the browser has forgotten it. */
export async function getFolder(root: RootRef): Promise<FileSystemDirectoryHandle | null> {
	const kept = await recall('folders', root);
	return kept instanceof FileSystemDirectoryHandle ? kept : null;
}

/** Forgets the folder; nothing there is fine. */
export function removeFolder(root: RootRef): Promise<void> {
	return forget('folders', root);
}
