import type { SqliteModule } from '@journeyapps/wa-sqlite/dist/mc-wa-sqlite.mjs';
import { sqliteCantOpen, sqliteFull, sqliteIoError, sqliteNotFound, sqliteOk, undeletableWhenOpen } from './codes.ts';

/** A file that is read and written at once, without waiting: what OPFS gives a worker, and the simulator's disk. */
export interface SyncFile {
	read(into: Uint8Array<ArrayBuffer>, options: { readonly at: number }): number;
	/** The number of bytes written; fewer than given when the disk is full. */
	write(from: Uint8Array<ArrayBuffer>, options: { readonly at: number }): number;
	truncate(sizeBytes: number): void;
	/** Returns when all that was written will be there after a loss of power. */
	flush(): void;
	getSize(): number;
	close(): void;
}

/** Takes everything and keeps nothing: the journal of a file that is thrown away when writing it fails. */
export const forgetfulFile: SyncFile = {
	read: () => 0,
	write: (from) => from.length,
	truncate: () => undefined,
	flush: () => undefined,
	getSize: () => 0,
	close: () => undefined
};

const twoTo32 = 0x1_0000_0000;
const unixEpochJulianMs = 210_866_760_000_000;

/** A 64-bit integer that comes as two signed halves. */
export function joinHalves(low: number, high: number): number {
	return high * twoTo32 + (low >>> 0);
}

export type VfsSources = {
	readonly randomBytes: (length: number) => Uint8Array;
	readonly nowMs: () => number;
};

/**
 * SQLite's disk, made of files that are admitted under a path and open already. Guarantees:
 * - nothing else exists: a temporary file, which would hold decrypted rows, cannot be opened;
 * - a write counts only when all of its bytes were taken, and a full disk is told as such;
 * - no exception crosses SQLite, which could not clean up after it.
 * A file exists for SQLite when it holds a byte, and deleting empties it: names never change, so neither needs a wait.
 */
export class LibraryVfs {
	readonly name = 'atoll';
	readonly mxPathname = 64;
	readonly #module: SqliteModule;
	readonly #sources: VfsSources;
	readonly #admitted = new Map<string, SyncFile>();
	readonly #open = new Map<number, SyncFile>();
	#lastError = '';

	constructor(module: SqliteModule, sources: VfsSources) {
		this.#module = module;
		this.#sources = sources;
	}

	admit(path: string, file: SyncFile): void {
		this.#admitted.set(path, file);
	}

	withdraw(path: string): void {
		this.#admitted.delete(path);
	}

	/** The message of the last exception of a file, for the log. */
	takeLastError(): string {
		const message = this.#lastError;
		this.#lastError = '';
		return message;
	}

	hasAsyncMethod(): boolean {
		return false;
	}

	xOpen(_vfs: number, name: number, file: number, flags: number, flagsOut: number): number {
		return this.#guarded(sqliteCantOpen, () => {
			const admitted = name === 0 ? undefined : this.#admitted.get(this.#module.UTF8ToString(name));
			if (!admitted) return sqliteCantOpen;
			this.#open.set(file, admitted);
			if (flagsOut !== 0) this.#module.HEAP32[flagsOut >> 2] = flags;
			return sqliteOk;
		});
	}

	xDelete(_vfs: number, name: number): number {
		return this.#guarded(sqliteIoError.delete, () => {
			const file = this.#admitted.get(this.#module.UTF8ToString(name));
			file?.truncate(0);
			// Deleting the journal is what commits a transaction.
			file?.flush();
			return sqliteOk;
		});
	}

	xAccess(_vfs: number, name: number, _flags: number, found: number): number {
		return this.#guarded(sqliteIoError.access, () => {
			const file = this.#admitted.get(this.#module.UTF8ToString(name));
			this.#module.HEAP32[found >> 2] = file && file.getSize() > 0 ? 1 : 0;
			return sqliteOk;
		});
	}

	xFullPathname(_vfs: number, name: number, length: number, out: number): number {
		const heap = this.#module.HEAPU8;
		const end = heap.indexOf(0, name);
		if (end < 0 || end - name >= length) return sqliteCantOpen;
		heap.copyWithin(out, name, end + 1);
		return sqliteOk;
	}

	xRandomness(_vfs: number, length: number, out: number): number {
		this.#module.HEAPU8.set(this.#sources.randomBytes(length), out);
		return length;
	}

	xSleep(): number {
		return 0;
	}

	xGetLastError(): number {
		return sqliteOk;
	}

	xCurrentTimeInt64(_vfs: number, out: number): number {
		this.#setInt64(out, unixEpochJulianMs + Math.floor(this.#sources.nowMs()));
		return sqliteOk;
	}

	xClose(file: number): number {
		this.#open.delete(file);
		return sqliteOk;
	}

	xRead(file: number, into: number, length: number, low: number, high: number): number {
		return this.#guarded(sqliteIoError.read, () => {
			const bytes = this.#module.HEAPU8.subarray(into, into + length);
			const filled = this.#file(file).read(bytes, { at: joinHalves(low, high) });
			if (filled >= length) return sqliteOk;
			bytes.fill(0, filled);
			return sqliteIoError.shortRead;
		});
	}

	xWrite(file: number, from: number, length: number, low: number, high: number): number {
		return this.#guarded(sqliteIoError.write, () => {
			const bytes = this.#module.HEAPU8.subarray(from, from + length);
			const written = this.#file(file).write(bytes, { at: joinHalves(low, high) });
			return written === length ? sqliteOk : sqliteFull;
		});
	}

	xTruncate(file: number, low: number, high: number): number {
		return this.#guarded(sqliteIoError.truncate, () => {
			this.#file(file).truncate(joinHalves(low, high));
			return sqliteOk;
		});
	}

	xSync(file: number): number {
		return this.#guarded(sqliteIoError.fsync, () => {
			this.#file(file).flush();
			return sqliteOk;
		});
	}

	xFileSize(file: number, out: number): number {
		return this.#guarded(sqliteIoError.fstat, () => {
			this.#setInt64(out, this.#file(file).getSize());
			return sqliteOk;
		});
	}

	/** Whoever made the files holds them exclusively, so that SQLite's locks have nobody to keep out. */
	xLock(): number {
		return sqliteOk;
	}

	xUnlock(): number {
		return sqliteOk;
	}

	xCheckReservedLock(_file: number, reserved: number): number {
		this.#module.HEAP32[reserved >> 2] = 0;
		return sqliteOk;
	}

	xFileControl(): number {
		return sqliteNotFound;
	}

	/**
	 * Must differ from the page size. The cipher encrypts every write to the journal that is as long as a page, and
	 * with sectors of that length the journal's header is one: after a crash nothing could be rolled back.
	 */
	xSectorSize(_file: number): number {
		return 512;
	}

	xDeviceCharacteristics(_file: number): number {
		return undeletableWhenOpen;
	}

	#file(pointer: number): SyncFile {
		const file = this.#open.get(pointer);
		if (!file) throw new Error('defect: SQLite used a file that is not open');
		return file;
	}

	#setInt64(out: number, value: number): void {
		this.#module.HEAP32[out >> 2] = (value % twoTo32) | 0;
		this.#module.HEAP32[(out >> 2) + 1] = Math.floor(value / twoTo32);
	}

	#guarded(failed: number, work: () => number): number {
		try {
			return work();
		} catch (error) {
			this.#lastError = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
			return error instanceof Error && error.name === 'QuotaExceededError' ? sqliteFull : failed;
		}
	}
}
