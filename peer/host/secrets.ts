import { createHash, pbkdf2 } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { err, ok, type Result } from '#core/kernel';
import type { SecretsFailure, SecretsPort } from '#core/ports';
import { errorCode, storageFailure } from './system-error.ts';
import { flushFolder, makePrivateFolder, replaceFile } from './replace-file.ts';

const keyBytes = 32;
const derive = promisify(pbkdf2);

function failed(error: unknown, folder: string): Result<never, SecretsFailure> {
	const stored = storageFailure(error, folder);
	if (stored.failure.type === 'DiskFull') return err(stored.failure);
	const code = errorCode(error);
	const retry = code === 'EACCES' || code === 'EPERM' || code === 'EROFS' ? 'never' : 'soon';
	return err({ type: 'SecretStoreFailed', code, retry });
}

/**
 * Keeps each secret in one file of `folder` that only this person may read. A name of any letters becomes a file
 * name by its SHA-256, so that it never leads out of the folder.
 */
export function createSecrets(folder: string): SecretsPort {
	const fileOf = (name: string) => join(folder, createHash('sha256').update(name).digest('hex'));
	return {
		async stretch(password, salt, rounds, signal) {
			signal.throwIfAborted();
			const key = await derive(password, salt, rounds, keyBytes, 'sha512');
			signal.throwIfAborted();
			return new Uint8Array(key);
		},
		async keep(name, secret, signal) {
			signal.throwIfAborted();
			try {
				await makePrivateFolder(folder);
				await replaceFile(fileOf(name), [secret], signal);
				return ok(undefined);
			} catch (error) {
				return failed(error, folder);
			}
		},
		async recall(name, signal) {
			signal.throwIfAborted();
			try {
				return ok(new Uint8Array(await readFile(fileOf(name))));
			} catch (error) {
				return errorCode(error) === 'ENOENT' ? ok(null) : failed(error, folder);
			}
		},
		async forget(name, signal) {
			signal.throwIfAborted();
			try {
				await rm(fileOf(name), { force: true });
				await rm(`${fileOf(name)}.new`, { force: true });
				await flushFolder(folder);
				return ok(undefined);
			} catch (error) {
				return errorCode(error) === 'ENOENT' ? ok(undefined) : failed(error, folder);
			}
		}
	};
}
