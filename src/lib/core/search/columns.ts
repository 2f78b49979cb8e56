import { nameExtension } from '#core/kernel';
import { classCode, type EntryClass } from './classes.ts';
import { fold } from './fold.ts';
import { NameOrder } from './name-order.ts';
import { Names } from './names.ts';

/** An entry as a search looks at it. */
export type Looked = {
	readonly id: number;
	readonly parent: number | null;
	readonly name: string;
	readonly kind: EntryClass;
	readonly sizeBytes: number;
	readonly modifiedMs: number | null;
	/** What is said of it hangs on this: an entry, or a content with a minus. */
	readonly target: number;
};

const firstRoom = 1_024;
const spareRoom = 1_024;
const growth = 1.5;

/**
 * All entries in columns, each entry a row whose number never changes: what a search asks of a million entries it reads as
 * fast as memory is read. Some 110 bytes an entry, with names of 25 letters.
 */
export class Columns {
	readonly names = new Names();
	readonly order = new NameOrder(this.names);
	count = 0;
	ids = new Float64Array(firstRoom);
	sizes = new Float64Array(firstRoom);
	/** NaN where a source does not tell. */
	times = new Float64Array(firstRoom);
	targets = new Float64Array(firstRoom);
	/** The row of the folder that holds it; -1 for none. */
	parents = new Int32Array(firstRoom);
	extensions = new Uint32Array(firstRoom);
	kinds = new Uint8Array(firstRoom);
	isThere = new Uint8Array(firstRoom);
	/** Rows of what has gone. */
	gone = 0;
	/** Rises with each change of the tree: what has come, gone, moved or got another name. */
	treeVersion = 0;
	/** Rises with any change. */
	version = 0;
	readonly extensionNames: string[] = [''];
	readonly #extensionCodes = new Map([['', 0]]);
	/** Rows whose ids do not rise with them: those that have come after the first reading. */
	readonly #later = new Map<number, number>();
	#rising = 0;

	/** The row of an entry, also of one that has gone; -1 where there was none. */
	rowOf(id: number): number {
		const later = this.#later.get(id);
		if (later !== undefined) return later;
		let [low, high] = [0, this.#rising - 1];
		while (low <= high) {
			const middle = (low + high) >> 1;
			const at = this.ids[middle] ?? 0;
			if (at === id) return middle;
			if (at < id) low = middle + 1;
			else high = middle - 1;
		}
		return -1;
	}

	/** The code of an extension; null where no entry ever had it. */
	extensionCode(extension: string): number | null {
		return this.#extensionCodes.get(extension) ?? null;
	}

	#codeOf(extension: string): number {
		const known = this.#extensionCodes.get(extension);
		if (known !== undefined) return known;
		const code = this.extensionNames.push(extension) - 1;
		this.#extensionCodes.set(extension, code);
		return code;
	}

	/** Gives every column room for so many rows. */
	#resize(room: number): void {
		const { count } = this;
		const resized = <T extends { set(from: T): void; subarray(from: number, to: number): T }>(from: T, to: T): T => {
			to.set(from.subarray(0, Math.min(count, room)));
			return to;
		};
		this.ids = resized(this.ids, new Float64Array(room));
		this.sizes = resized(this.sizes, new Float64Array(room));
		this.times = resized(this.times, new Float64Array(room));
		this.targets = resized(this.targets, new Float64Array(room));
		this.parents = resized(this.parents, new Int32Array(room));
		this.extensions = resized(this.extensions, new Uint32Array(room));
		this.kinds = resized(this.kinds, new Uint8Array(room));
		this.isThere = resized(this.isThere, new Uint8Array(room));
	}

	/** Gives back what was taken for rows that have not come. */
	trim(): void {
		this.#resize(this.count + spareRoom);
	}

	#rowFor(id: number): number {
		const known = this.rowOf(id);
		if (known >= 0) return known;
		const row = this.count++;
		if (row >= this.ids.length) this.#resize(Math.ceil(this.ids.length * growth));
		if (this.#rising === row && (row === 0 || (this.ids[row - 1] ?? 0) < id)) this.#rising++;
		else this.#later.set(id, row);
		this.ids[row] = id;
		return row;
	}

	/** Takes in an entry as it is now. Its folder is to be set by `tie`, once that has been taken in too. */
	put({ id, name, kind, sizeBytes, modifiedMs, target }: Looked): void {
		const row = this.#rowFor(id);
		const isKnown = row < this.names.length;
		const folded = fold(name);
		if (!isKnown) {
			this.names.add(folded);
			this.order.note(row);
		} else if (this.names.at(row) !== folded) {
			this.names.set(row, folded);
			this.order.note(row);
			this.treeVersion++;
		}
		const code = classCode(kind);
		if (this.isThere[row] !== 1 || this.kinds[row] !== code) this.treeVersion++;
		if (isKnown && this.isThere[row] !== 1) this.gone--;
		this.isThere[row] = 1;
		this.kinds[row] = code;
		this.sizes[row] = sizeBytes;
		this.times[row] = modifiedMs ?? Number.NaN;
		this.targets[row] = target;
		this.extensions[row] = kind === 'folder' ? 0 : this.#codeOf(nameExtension(name));
		this.version++;
	}

	/** Puts an entry into its folder; both have been taken in. */
	tie(id: number, parent: number | null): void {
		const row = this.rowOf(id);
		const above = parent === null ? -1 : this.rowOf(parent);
		if (row < 0 || this.parents[row] === above) return;
		this.parents[row] = above;
		this.treeVersion++;
	}

	/** An entry has gone. */
	drop(id: number): void {
		const row = this.rowOf(id);
		if (row < 0 || this.isThere[row] !== 1) return;
		this.isThere[row] = 0;
		this.gone++;
		this.treeVersion++;
		this.version++;
	}
}
