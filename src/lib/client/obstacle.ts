import type { FailedReason } from './connection.svelte.ts';

/** The first reason why the core cannot run in this browser, or null. */
export async function findObstacle(): Promise<FailedReason | null> {
	if (!isSecureContext) return 'insecure-context';
	if (!('Worker' in globalThis && 'BroadcastChannel' in globalThis)) return 'no-workers';
	if (!('locks' in navigator)) return 'no-web-locks';
	if (!('storage' in navigator && 'getDirectory' in navigator.storage)) return 'no-file-system';
	try {
		await navigator.storage.getDirectory();
		return null;
	} catch {
		return 'storage-blocked';
	}
}
