import type { StoredFile, StoredFolder } from '../../../src/workers/host/stored-folder.ts';
import type { SyncFile } from '../../../src/workers/host/sqlite/library-vfs.ts';
import type { SimRandom } from './random.ts';

/** What a disk writes in one piece: after a loss of power a sector is old or new, never half. */
export const sectorBytes = 512;

/** How a disk without room says so: three ways that are seen in browsers, and for negative controls not at all. */
export type FullManner = 'throws' | 'short' | 'nonsense' | 'lies';

type Node =
	{ readonly kind: 'file'; readonly bytes: DiskBytes } | { readonly kind: 'folder'; readonly entries: Entries };
type Entries = Map<string, Node>;

/** One file's content: as written, and as it is sure to be after a loss of power. */
class DiskBytes {
	written = new Uint8Array(0);
	size = 0;
	/** Sectors written since the last flush, with what they held then. */
	readonly unsynced = new Map<number, Uint8Array>();
	syncedSize = 0;
	isHeld = false;

	read(into: Uint8Array, at: number): number {
		const length = Math.max(0, Math.min(into.length, this.size - at));
		into.set(this.written.subarray(at, at + length));
		return length;
	}

	write(from: Uint8Array, at: number): void {
		this.#touch(at, at + from.length);
		this.#grow(at + from.length);
		this.written.set(from, at);
		this.size = Math.max(this.size, at + from.length);
	}

	resize(size: number): void {
		this.#touch(Math.min(size, this.size), Math.max(size, this.size));
		this.#grow(size);
		this.written.fill(0, Math.min(size, this.size), Math.max(size, this.size));
		this.size = size;
	}

	flush(): void {
		this.unsynced.clear();
		this.syncedSize = this.size;
	}

	/** The power goes: each unsynced sector, and the size, is what it was or what was written. */
	lose(random: SimRandom): void {
		for (const [sector, before] of this.unsynced)
			if (random.chance(0.5)) this.written.set(before, sector * sectorBytes);
		if (random.chance(0.5)) this.size = this.syncedSize;
		this.flush();
	}

	content(): Uint8Array<ArrayBuffer> {
		return this.written.slice(0, this.size);
	}

	#touch(from: number, to: number): void {
		this.#grow(to);
		for (let sector = Math.floor(from / sectorBytes); sector * sectorBytes < to; sector++) {
			const start = sector * sectorBytes;
			if (!this.unsynced.has(sector)) this.unsynced.set(sector, this.written.slice(start, start + sectorBytes));
		}
	}

	#grow(size: number): void {
		const whole = Math.ceil(size / sectorBytes) * sectorBytes;
		if (whole <= this.written.length) return;
		const grown = new Uint8Array(Math.max(whole, this.written.length * 2));
		grown.set(this.written);
		this.written = grown;
	}
}

/**
 * A disk in memory with the faults of a real one. Files are held by one opener, as in a browser's private file
 * system. Every write, resize and flush is one operation; faults are set by counting them.
 */
export class SimDisk {
	readonly root: StoredFolder;
	/** Operations so far. */
	operations = 0;
	/** How often the power went. */
	losses = 0;
	/** The operation at which the power goes, half of the time after it was written. */
	powerLossAt: number | null = null;
	/** The operation that fails once as if the device had an error. */
	failAt: number | null = null;
	/** All that fits; a write beyond it is refused. */
	capacityBytes = Infinity;
	fullManner: FullManner = 'throws';
	/** For negative controls: a flush that returns and does nothing, as on a disk that lies. */
	flushes = true;
	readonly #random: SimRandom;
	readonly #entries: Entries = new Map();
	/** Counts losses of power: what was opened before is dead. */
	#era = 0;

	constructor(random: SimRandom) {
		this.#random = random;
		this.root = this.#folder(this.#entries);
	}

	/** The power goes now: unsynced sectors are kept or lost by chance, and everything open is dead. */
	crash(): void {
		this.losses++;
		for (const [, bytes] of this.#all) bytes.lose(this.#random);
		this.kill();
	}

	/** The process ends now: everything open is dead, and nothing written is lost. */
	kill(): void {
		this.#era++;
		this.powerLossAt = null;
		this.failAt = null;
		for (const [, bytes] of this.#all) bytes.isHeld = false;
	}

	/** Bytes of every file, by path: what a thief of the disk sees. */
	contents(): ReadonlyMap<string, Uint8Array> {
		return new Map(this.#all.map(([path, bytes]) => [path, bytes.content()]));
	}

	/** Changes the bytes of one file behind everybody's back. */
	tamper(path: string, change: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>): void {
		const found = this.#all.find(([name]) => name === path);
		if (!found) throw new Error(`no file ${path}`);
		const changed = change(found[1].content());
		found[1].resize(0);
		found[1].write(changed, 0);
		found[1].flush();
	}

	get #all(): readonly (readonly [string, DiskBytes])[] {
		const walk = (entries: Entries, above: string): [string, DiskBytes][] =>
			[...entries].flatMap(([name, node]) =>
				node.kind === 'file' ? [[above + name, node.bytes]] : walk(node.entries, `${above}${name}/`)
			);
		return walk(this.#entries, '');
	}

	#folder(entries: Entries): StoredFolder {
		return {
			getDirectoryHandle: async (name, options) => {
				const found = entries.get(name) ?? (options?.create ? { kind: 'folder' as const, entries: new Map() } : null);
				if (!found) throw new DOMException(name, 'NotFoundError');
				if (found.kind !== 'folder') throw new DOMException(name, 'TypeMismatchError');
				entries.set(name, found);
				return this.#folder(found.entries);
			},
			getFileHandle: async (name, options) => {
				const found = entries.get(name) ?? (options?.create ? { kind: 'file' as const, bytes: new DiskBytes() } : null);
				if (!found) throw new DOMException(name, 'NotFoundError');
				if (found.kind !== 'file') throw new DOMException(name, 'TypeMismatchError');
				entries.set(name, found);
				return this.#file(entries, name, found.bytes);
			},
			removeEntry: async (name, options) => {
				const found = entries.get(name);
				if (!found) throw new DOMException(name, 'NotFoundError');
				if (found.kind === 'file' && found.bytes.isHeld) throw new DOMException(name, 'NoModificationAllowedError');
				if (found.kind === 'folder' && found.entries.size > 0 && !options?.recursive)
					throw new DOMException(name, 'InvalidModificationError');
				this.#count();
				entries.delete(name);
			},
			keys: () => namesOf(entries)
		};
	}

	#file(entries: Entries, firstName: string, bytes: DiskBytes): StoredFile {
		let name = firstName;
		return {
			getFile: async () => new Blob([bytes.content()]),
			createSyncAccessHandle: async () => {
				if (bytes.isHeld) throw new DOMException(name, 'NoModificationAllowedError');
				bytes.isHeld = true;
				return this.#handle(bytes);
			},
			move: async (next) => {
				const replaced = entries.get(next);
				const held = bytes.isHeld || (replaced?.kind === 'file' && replaced.bytes.isHeld);
				if (held) throw new DOMException(name, 'NoModificationAllowedError');
				this.#count();
				entries.delete(name);
				entries.set(next, { kind: 'file', bytes });
				name = next;
			}
		};
	}

	#handle(bytes: DiskBytes): SyncFile {
		const era = this.#era;
		let isOpen = true;
		const check = () => {
			if (!isOpen || era !== this.#era) throw new DOMException('the handle is closed', 'InvalidStateError');
		};
		return {
			read: (into, { at }) => {
				check();
				return bytes.read(into, at);
			},
			write: (from, { at }) => {
				check();
				const refused = this.#refusal(bytes, at, from.length);
				if (refused !== null) return refused;
				this.#count(() => bytes.write(from, at));
				bytes.write(from, at);
				return from.length;
			},
			truncate: (size) => {
				check();
				this.#count(() => bytes.resize(size));
				bytes.resize(size);
			},
			flush: () => {
				check();
				this.#count();
				if (this.flushes) bytes.flush();
			},
			getSize: () => {
				check();
				return bytes.size;
			},
			close: () => {
				if (isOpen && era === this.#era) bytes.isHeld = false;
				isOpen = false;
			}
		};
	}

	/** What a write answers that does not fit, or null where it fits. */
	#refusal(bytes: DiskBytes, at: number, length: number): number | null {
		const used = this.#all.reduce((sum, [, file]) => sum + file.size, 0);
		const more = Math.max(0, at + length - bytes.size);
		if (used + more <= this.capacityBytes) return null;
		if (this.fullManner === 'throws') throw new DOMException('no room', 'QuotaExceededError');
		if (this.fullManner === 'lies') return length;
		return this.fullManner === 'short' ? Math.floor(length / 2) : 4_294_967_288;
	}

	/** Counts an operation, and is where the power goes; `torn` is what the operation may have done by then. */
	#count(torn?: () => void): void {
		const operation = this.operations++;
		if (operation === this.failAt) throw new DOMException('device error', 'InvalidStateError');
		if (operation !== this.powerLossAt) return;
		if (this.#random.chance(0.5)) torn?.();
		this.crash();
		throw new DOMException('the power went', 'InvalidStateError');
	}
}

async function* namesOf(entries: Entries): AsyncGenerator<string> {
	for (const name of entries.keys()) yield name;
}
