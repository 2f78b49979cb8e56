import { err, ok, type Result } from '#core/kernel';
import type { ChangeFailure, PartFile } from '#core/ports';

export type PartWays = {
	/** Whether it lies in the browser's own storage (OPFS). */
	isPrivate(handle: FileSystemHandle): Promise<boolean>;
	/** Whether everything is written as outside that storage. */
	readonly byStream: boolean;
};

type ToFailure = (error: unknown) => ChangeFailure;

async function tried(work: () => void | Promise<void>, toFailure: ToFailure): Promise<Result<null, ChangeFailure>> {
	try {
		await work();
		return ok(null);
	} catch (error) {
		return err(toFailure(error));
	}
}

/** Opens `file` for writing. Throws the platform's exceptions. */
export async function openPart(file: FileSystemFileHandle, ways: PartWays, toFailure: ToFailure): Promise<PartFile> {
	if (!ways.byStream && (await ways.isPrivate(file)))
		return new HandlePart(await file.createSyncAccessHandle(), toFailure);
	return new StreamPart(await file.createWritable({ keepExistingData: false }), toFailure);
}

/** Written in place: what an end in the middle leaves can be gone on with. */
class HandlePart implements PartFile {
	readonly sizeBytes: number;
	readonly #handle: FileSystemSyncAccessHandle;
	readonly #toFailure: ToFailure;

	constructor(handle: FileSystemSyncAccessHandle, toFailure: ToFailure) {
		this.#handle = handle;
		this.#toFailure = toFailure;
		this.sizeBytes = handle.getSize();
	}

	async write(offset: number, bytes: Uint8Array, signal: AbortSignal): Promise<Result<null, ChangeFailure>> {
		signal.throwIfAborted();
		return tried(() => {
			// A disk without room takes a part, or answers with nonsense.
			if (this.#handle.write(new Uint8Array(bytes), { at: offset }) !== bytes.length)
				throw new DOMException('short write', 'QuotaExceededError');
		}, this.#toFailure);
	}

	async finish(sizeBytes: number, _like: unknown, signal: AbortSignal): Promise<Result<null, ChangeFailure>> {
		signal.throwIfAborted();
		const done = await tried(() => {
			if (this.#handle.getSize() !== sizeBytes) this.#handle.truncate(sizeBytes);
			this.#handle.flush();
		}, this.#toFailure);
		this.#handle.close();
		return done;
	}

	async close(): Promise<void> {
		this.#handle.close();
	}
}

/** Written beside the file, which becomes it only in the end: what an end in the middle leaves is lost. */
class StreamPart implements PartFile {
	readonly sizeBytes = 0;
	readonly #stream: FileSystemWritableFileStream;
	readonly #toFailure: ToFailure;
	#isOpen = true;

	constructor(stream: FileSystemWritableFileStream, toFailure: ToFailure) {
		this.#stream = stream;
		this.#toFailure = toFailure;
	}

	async write(offset: number, bytes: Uint8Array, signal: AbortSignal): Promise<Result<null, ChangeFailure>> {
		signal.throwIfAborted();
		const data = new Uint8Array(bytes);
		return tried(() => this.#stream.write({ type: 'write', position: offset, data }), this.#toFailure);
	}

	async finish(sizeBytes: number, _like: unknown, signal: AbortSignal): Promise<Result<null, ChangeFailure>> {
		signal.throwIfAborted();
		const done = await tried(async () => {
			await this.#stream.truncate(sizeBytes);
			await this.#stream.close();
		}, this.#toFailure);
		this.#isOpen = !done.ok;
		return done;
	}

	async close(): Promise<void> {
		if (!this.#isOpen) return;
		this.#isOpen = false;
		// After a failed write the stream is broken already.
		await this.#stream.abort().catch(() => undefined);
	}
}
