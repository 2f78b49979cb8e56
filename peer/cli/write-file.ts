import { randomBytes } from 'node:crypto';
import { access, link, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { err, ok, type Result } from '#core/kernel';
import { flushFolder, privateFile } from '../host/replace-file.ts';
import { errorCode } from '../host/system-error.ts';
import type { AnyFailure, CliFailure } from './failure.ts';

export type Write = (chunk: Uint8Array) => Promise<void>;

/** Carries what the disk said out of the core, which knows no files of the person's. */
class WriteFailed extends Error {
	override readonly name = 'WriteFailed';
	readonly code: string;
	constructor(code: string) {
		super(code);
		this.code = code;
	}
}

async function exists(file: string): Promise<boolean> {
	return access(file).then(
		() => true,
		() => false
	);
}

/** Disks without hard links (FAT, some network shares) answer with one of these. */
const noLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

/** Gives `made` its name. A file that came to be there meanwhile is not replaced unless `force`. */
async function giveName(made: string, file: string, force: boolean): Promise<Result<null, CliFailure>> {
	if (force) {
		await rename(made, file);
		return ok(null);
	}
	try {
		await link(made, file);
		await rm(made);
		return ok(null);
	} catch (thrown) {
		const code = errorCode(thrown);
		if (code === 'EEXIST') return err({ type: 'FileExists', file });
		if (!noLinks.has(code)) throw thrown;
	}
	if (await exists(file)) return err({ type: 'FileExists', file });
	await rename(made, file);
	return ok(null);
}

async function writeAll(handle: FileHandle, chunk: Uint8Array): Promise<void> {
	try {
		for (let at = 0; at < chunk.length;) at += (await handle.write(chunk, at)).bytesWritten;
	} catch (thrown) {
		throw new WriteFailed(errorCode(thrown));
	}
}

/** `T` of `fill`, with its file flushed and closed. */
async function fillFile<T>(
	made: string,
	fill: (write: Write) => Promise<Result<T, AnyFailure>>
): Promise<Result<T, AnyFailure>> {
	const handle = await open(made, 'wx', privateFile);
	try {
		const filled = await fill((chunk) => writeAll(handle, chunk));
		if (filled.ok) await handle.sync();
		return filled;
	} finally {
		await handle.close();
	}
}

/**
 * Makes `file` out of what `fill` writes, whole and flushed, or not at all: the bytes go to a name beside it
 * first. An existing file is replaced only with `force`.
 */
export async function writeFile<T>(
	file: string,
	force: boolean,
	fill: (write: Write) => Promise<Result<T, AnyFailure>>
): Promise<Result<T, AnyFailure>> {
	if (!force && (await exists(file))) return err({ type: 'FileExists', file });
	const made = `${file}.${randomBytes(6).toString('hex')}.part`;
	try {
		const filled = await fillFile(made, fill);
		if (!filled.ok) return filled;
		const named = await giveName(made, file, force);
		if (!named.ok) return named;
		await flushFolder(dirname(file));
		return filled;
	} catch (thrown) {
		const code = thrown instanceof WriteFailed ? thrown.code : errorCode(thrown);
		return err({ type: 'FileUnwritable', file, code });
	} finally {
		await rm(made, { force: true });
	}
}
