import { open } from 'node:fs/promises';
import { err, ok, type Result } from '#core/kernel';
import type { ByteSource } from '#core/ports';
import { errorCode } from '../host/system-error.ts';
import type { CliFailure } from './failure.ts';

/** A file of the person's as bytes that can be read anywhere; only a plain file is one. */
export async function openFileSource(file: string): Promise<Result<ByteSource, CliFailure>> {
	try {
		const handle = await open(file, 'r');
		const stat = await handle.stat();
		if (!stat.isFile()) {
			await handle.close();
			return err({ type: 'FileUnreadable', file, code: stat.isDirectory() ? 'EISDIR' : 'not a plain file' });
		}
		return ok({
			sizeBytes: stat.size,
			close: () => handle.close(),
			read: async (offset, length, signal) => {
				signal.throwIfAborted();
				const bytes = new Uint8Array(Math.max(0, Math.min(length, stat.size - offset)));
				try {
					let filled = 0;
					while (filled < bytes.length) {
						const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, offset + filled);
						if (bytesRead === 0) return err({ type: 'StorageFailed', code: 'ShortRead', retry: 'soon' });
						filled += bytesRead;
					}
					return ok(bytes);
				} catch (thrown) {
					return err({ type: 'StorageFailed', code: errorCode(thrown), retry: 'soon' });
				}
			}
		});
	} catch (thrown) {
		return err({ type: 'FileUnreadable', file, code: errorCode(thrown) });
	}
}
