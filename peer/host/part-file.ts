import { closeSync, constants, fstatSync, ftruncateSync, openSync, write, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import { err, ok, type Result } from '#core/kernel';
import type { ChangeFailure, DiskPlace, OpenFile, PartFile } from '#core/ports';
import { atNewPlace, atPlace, changeFailure, changing, Refused, refusals } from './change-failure.ts';
import { descriptorOf } from './files.ts';
import type { DiskPath } from './disk-path.ts';
import { keepFacts, newFileMode } from './keep-facts.ts';

const writeLater = promisify(write);
const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK } = constants;
const careful = O_WRONLY | (O_NOFOLLOW ?? 0);

/** From here on a write goes to another thread, so that the next bytes are read and hashed meanwhile. */
const writeLaterBytes = 256 * 1024;
/** Zeros of this length and more are left out of a file's end: it then has a hole there, as its source may have. */
const holeBytesMin = 64 * 1024;
const zeros = Buffer.alloc(1024 * 1024);

/** Whether these bytes, at the end of a file, can be left out. */
export function isHole(bytes: Buffer): boolean {
	return bytes.length >= holeBytesMin && isZeros(bytes);
}

function isZeros(bytes: Buffer): boolean {
	for (let at = 0; at < bytes.length; at += zeros.length) {
		const piece = bytes.subarray(at, at + zeros.length);
		if (zeros.compare(piece, 0, piece.length, 0, piece.length) !== 0) return false;
	}
	return true;
}

function openAgain(at: DiskPath): { descriptor: number; size: number } {
	const descriptor = openSync(at, careful | (O_NONBLOCK ?? 0));
	const { size, nlink, ...stats } = fstatSync(descriptor);
	// Under a second name it may be a finished file, which nobody may write to.
	if ((stats.mode & constants.S_IFMT) === constants.S_IFREG && nlink === 1) return { descriptor, size };
	closeSync(descriptor);
	throw new Refused(refusals.changed);
}

/** Opens a new file. Until it has the rights of its source it is for nobody else. */
export function openNew(at: DiskPath): number {
	return openSync(at, careful | O_CREAT | O_EXCL, 0o600);
}

/** Throws what `changeFailure` knows. */
export function openPart(place: DiskPlace, mode: 'new' | 'again'): PartFile {
	if (mode === 'new') return new NodePart(atNewPlace(place, openNew), 0);
	const { descriptor, size } = atPlace(place, openAgain);
	return new NodePart(descriptor, size);
}

class NodePart implements PartFile {
	readonly sizeBytes: number;
	#descriptor: number | null;
	#size: number;

	constructor(descriptor: number, size: number) {
		this.#descriptor = descriptor;
		this.sizeBytes = size;
		this.#size = size;
	}

	async write(offset: number, bytes: Uint8Array, signal: AbortSignal): Promise<Result<null, ChangeFailure>> {
		signal.throwIfAborted();
		const from = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
		if (offset >= this.#size && isHole(from)) return ok(null);
		try {
			for (let done = 0; done < from.length;) done += await this.#put(from.subarray(done), offset + done);
			this.#size = Math.max(this.#size, offset + from.length);
			return ok(null);
		} catch (error) {
			return err(changeFailure(error));
		}
	}

	async finish(sizeBytes: number, like: OpenFile | null, signal: AbortSignal): Promise<Result<null, ChangeFailure>> {
		signal.throwIfAborted();
		const done = changing(() => {
			if (this.#size !== sizeBytes) ftruncateSync(this.#open, sizeBytes);
			if (like === null) newFileMode(this.#open);
			else keepFacts(this.#open, descriptorOf(like).stats);
			return null;
		});
		await this.close();
		return done;
	}

	async close(): Promise<void> {
		const descriptor = this.#descriptor;
		this.#descriptor = null;
		if (descriptor !== null) closeSync(descriptor);
	}

	get #open(): number {
		if (this.#descriptor === null) throw new Error('defect: the file is closed');
		return this.#descriptor;
	}

	async #put(bytes: Buffer, offset: number): Promise<number> {
		if (bytes.length < writeLaterBytes) return writeSync(this.#open, bytes, 0, bytes.length, offset);
		return (await writeLater(this.#open, bytes, 0, bytes.length, offset)).bytesWritten;
	}
}
