import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode } from './system-error.ts';

/** Only the person who runs the peer may read what it stores. */
export const privateFile = 0o600;
export const privateFolder = 0o700;

/** Makes `folder` and its parents where absent, readable by this person only. */
export async function makePrivateFolder(folder: string): Promise<void> {
	try {
		await mkdir(folder, { recursive: true, mode: privateFolder });
	} catch (error) {
		// On a read-only disk the recursive way says that nothing is there; the plain one says why.
		if (errorCode(error) !== 'ENOENT') throw error;
		await mkdir(folder, { mode: privateFolder });
	}
}

/** Makes the names in `folder` durable. */
export async function flushFolder(folder: string): Promise<void> {
	// Windows opens no directory for writing and needs no flush: its rename is in the journal.
	if (process.platform === 'win32') return;
	const handle = await open(folder, 'r');
	try {
		await handle.sync();
	} finally {
		await handle.close();
	}
}

/**
 * Replaces `path` by `chunks` so that a crash at any point leaves the old bytes or the new, flushed. The same
 * `path` must not be replaced twice at the same time: the bytes on the way are in `path` + `.new`.
 */
export async function replaceFile(
	path: string,
	chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
	signal: AbortSignal
): Promise<void> {
	const next = `${path}.new`;
	try {
		await writeFlushed(next, chunks, signal);
		await rename(next, path);
	} catch (error) {
		// On a full disk the half-written bytes would take the room that the person is making.
		await rm(next, { force: true });
		throw error;
	}
	await flushFolder(dirname(path));
}

async function writeFlushed(
	path: string,
	chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
	signal: AbortSignal
): Promise<void> {
	const handle = await open(path, 'w', privateFile);
	try {
		for await (const chunk of chunks) {
			signal.throwIfAborted();
			await handle.writeFile(chunk);
		}
		await handle.sync();
	} finally {
		await handle.close();
	}
}
