import { closeSync, constants, fstatSync, ftruncateSync, openSync, write, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import { err, ok, type Result } from '#core/kernel';
import type { ChangeFailure, DiskPlace, OpenFile, PartFile } from '#core/ports';
import { atNewPlace, atPlace, changeFailure, changing, Refused, refusals } from './change-failure.ts';
import { descriptorOf } from './files.ts';
import type { DiskPath } from './disk-path.ts';
import { keepFacts, newFileMode } from './keep-facts.ts';
import { isHole, openNew } from './new-file.ts';

const writeLater = promisify(write);
const { O_WRONLY, O_NOFOLLOW, O_NONBLOCK } = constants;

/** From here on a write goes to another thread, so that the next bytes are read and hashed meanwhile. */
const writeLaterBytes = 256 * 1024;
function openAgain(at: DiskPath): { descriptor: number; size: number } {
	const descriptor = openSync(at, O_WRONLY | (O_NOFOLLOW ?? 0) | (O_NONBLOCK ?? 0));
	const { size, nlink, ...stats } = fstatSync(descriptor);
	// Under a second name it may be a finished file, which nobody may write to.
	if ((stats.mode & constants.S_IFMT) === constants.S_IFREG && nlink === 1) return { descriptor, size };
	closeSync(descriptor);
	throw new Refused(refusals.changed);
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
			else keepFacts(this.#open, descriptorOf(like));
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
