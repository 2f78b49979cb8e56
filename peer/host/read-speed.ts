import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import type { ReadLimits, ReadSpeed } from '#core/ports';
import { childPath } from './disk-path.ts';
import { openDirectory } from './open-directory.ts';
import { errorCode } from './system-error.ts';

const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
/** Reads past the page cache, where the system has it and the filesystem takes it. */
const O_DIRECT = process.platform === 'linux' ? constants.O_DIRECT : 0;
const chunkBytes = 1_048_576;
/** What a direct read's memory must be aligned to, at most. */
const alignmentBytes = 4_096;
/** Node places its memory on multiples of this. */
const stepBytes = 16;

type Opened = { readonly file: FileHandle; readonly isDirect: boolean };

/** Opens a plain file, past the cache where that can be; null for anything else. */
async function openPlain(root: string, path: readonly string[]): Promise<Opened | null> {
	const folder = openDirectory(root, path.slice(0, -1));
	try {
		const name = childPath(folder.held, path.at(-1) ?? '');
		// A pipe would wait for its writer.
		const flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK;
		const direct = O_DIRECT === 0 ? null : await openOrNull(name, flags | O_DIRECT);
		const file = direct ?? (await open(name, flags));
		const stats = await file.stat();
		// A hole is read from nowhere.
		if (stats.isFile() && stats.blocks * 512 >= stats.size / 2) return { file, isDirect: direct !== null };
		await file.close();
		return null;
	} finally {
		folder.close();
	}
}

async function openOrNull(name: string | Buffer, flags: number): Promise<FileHandle | null> {
	try {
		return await open(name, flags);
	} catch (error) {
		if (errorCode(error) === 'EINVAL') return null;
		throw error;
	}
}

/** Where in `memory` direct reads are taken; nobody tells the address, so it is tried out. Null where nowhere. */
async function findAlignment({ file }: Opened, memory: Buffer): Promise<number | null> {
	for (let offset = 0; offset < alignmentBytes; offset += stepBytes) {
		try {
			await file.read(memory, offset, alignmentBytes, 0);
			return offset;
		} catch (error) {
			if (errorCode(error) !== 'EINVAL') throw error;
		}
	}
	return null;
}

type Reading = {
	readonly memory: Buffer;
	/** Null before it was found. */
	offset: number | null;
	sizeBytes: number;
	durationMs: number;
	isDirect: boolean;
};

async function readFile(reading: Reading, opened: Opened, limits: ReadLimits, signal: AbortSignal): Promise<void> {
	if (!opened.isDirect) reading.isDirect = false;
	else reading.offset ??= await findAlignment(opened, reading.memory);
	const offset = reading.offset ?? 0;
	for (let at = 0; ; at += chunkBytes) {
		signal.throwIfAborted();
		if (reading.sizeBytes >= limits.bytesMax || reading.durationMs >= limits.durationMsMax) return;
		const beganMs = performance.now();
		const { bytesRead } = await opened.file.read(reading.memory, offset, chunkBytes, at);
		reading.durationMs += performance.now() - beganMs;
		reading.sizeBytes += bytesRead;
		if (bytesRead < chunkBytes) return;
	}
}

/** As the port says. Opens files one at a time and writes nothing. */
export async function readSpeed(
	root: string,
	files: readonly (readonly string[])[],
	limits: ReadLimits,
	signal: AbortSignal
): Promise<ReadSpeed> {
	const memory = Buffer.allocUnsafeSlow(chunkBytes + alignmentBytes);
	const reading: Reading = { memory, offset: null, sizeBytes: 0, durationMs: 0, isDirect: true };
	for (const path of files) {
		if (reading.sizeBytes >= limits.bytesMax || reading.durationMs >= limits.durationMsMax) break;
		signal.throwIfAborted();
		let opened: Opened | null = null;
		try {
			opened = await openPlain(root, path);
			if (opened !== null) await readFile(reading, opened, limits, signal);
		} catch (error) {
			signal.throwIfAborted();
			// It went away, was replaced or is not ours to read: the next one will do.
			errorCode(error);
		} finally {
			await opened?.file.close();
		}
	}
	const { sizeBytes, durationMs, isDirect } = reading;
	return { sizeBytes, durationMs, isDirect: isDirect && sizeBytes > 0 };
}
