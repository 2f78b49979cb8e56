import { err, ok, type Result } from '#core/kernel';
import type { FileFailure, OpenFile } from '#core/ports';
import { exceptionName } from './stored-folder.ts';

function failure(error: unknown): FileFailure {
	const code = exceptionName(error);
	switch (code) {
		case 'NotFoundError':
			return { type: 'FileMissing', retry: 'when-online' };
		case 'NotAllowedError':
		case 'SecurityError':
			return { type: 'FileDenied', retry: 'when-online' };
		case 'TypeMismatchError':
			return { type: 'NotAFile', retry: 'never' };
		default:
			return { type: 'FileUnreadable', code, retry: 'soon' };
	}
}

/** What `work` answers; the platform's exceptions become failures. */
export async function readingFile<T>(
	signal: AbortSignal,
	work: () => Promise<Result<T, FileFailure>>
): Promise<Result<T, FileFailure>> {
	signal.throwIfAborted();
	try {
		return await work();
	} catch (error) {
		if (signal.aborted) throw error;
		return err(failure(error));
	}
}

/**
 * The file behind `handle` as it is now. Nothing is opened yet: each read opens the file, and the browser refuses
 * (`NotReadableError`) where it has changed since.
 */
export async function openHandle(handle: FileSystemFileHandle): Promise<OpenFile> {
	const file = await handle.getFile();
	return {
		sizeBytes: file.size,
		modifiedMs: file.lastModified,
		inode: null,
		read: (offset, into, signal) =>
			readingFile(signal, async () => {
				const end = Math.min(file.size, offset + into.length);
				// A pipe shows as a file of 0 bytes, and opening it would wait for a writer.
				if (end <= offset) return ok(0);
				const bytes = new Uint8Array(await file.slice(offset, end).arrayBuffer());
				signal.throwIfAborted();
				into.set(bytes);
				return ok(bytes.length);
			}),
		isUnchanged: (signal) =>
			readingFile(signal, async () => {
				const now = await handle.getFile();
				return ok(now.size === file.size && now.lastModified === file.lastModified);
			}),
		close: async () => undefined
	};
}
