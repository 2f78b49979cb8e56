import { sortText } from './fold.ts';
import type { Names } from './names.ts';

/** Letters compared at a time: as many as fit into a number beside a row. */
const lettersAtOnce = 4;
const rowBits = 2 ** 21;
/** Fewer are put in order by comparing them. */
const fewMax = 48;
/** More changes than these are put in order together with all others. */
const changesMax = 4_000;

/** Four letters from `depth` on as a number; of letters beyond Latin, that there is one. */
function pack(key: string, depth: number): number {
	let packed = 0;
	for (let at = depth; at < depth + lettersAtOnce; at++)
		packed = packed * 256 + (at < key.length ? Math.min(key.charCodeAt(at) + 1, 255) : 0);
	return packed;
}

function hasOtherLetters(packed: number): boolean {
	for (let rest = packed; rest > 0; rest = Math.floor(rest / 256)) if (rest % 256 === 255) return true;
	return false;
}

/** Puts `rows` in order by their keys, and by themselves where these are the same. */
function sortRows(rows: Uint32Array, keys: readonly string[], depth: number): void {
	const compare = (a: number, b: number) => {
		const [one = '', other = ''] = [keys[a], keys[b]];
		return one < other ? -1 : one > other ? 1 : a - b;
	};
	if (rows.length <= fewMax || rows.length > rowBits) return void rows.sort(compare);
	const packed = new Float64Array(rows.length);
	rows.forEach((row, index) => (packed[index] = pack(keys[row] ?? '', depth) * rowBits + index));
	packed.sort();
	const before = rows.slice();
	packed.forEach((one, index) => (rows[index] = before[one % rowBits] ?? 0));
	for (let from = 0; from < rows.length;) {
		const letters = Math.floor((packed[from] ?? 0) / rowBits);
		let to = from + 1;
		while (to < rows.length && Math.floor((packed[to] ?? 0) / rowBits) === letters) to++;
		const same = rows.subarray(from, to);
		if (same.length > 1) {
			if (hasOtherLetters(letters)) same.sort(compare);
			else if (letters % 256 > 0) sortRows(same, keys, depth + lettersAtOnce);
			else same.sort();
		}
		from = to;
	}
}

/** Rows in the order of their names, kept so beside what changes. */
export class NameOrder {
	readonly #names: Names;
	#rows = new Uint32Array();
	#ranks = new Uint32Array();
	readonly #changed = new Set<number>();
	/** So many have changed that all are put in order: which ones is not kept. */
	#isManyChanged = false;

	constructor(names: Names) {
		this.#names = names;
	}

	/** The row has come, or has got another name. */
	note(row: number): void {
		if (this.#isManyChanged) return;
		this.#changed.add(row);
		if (this.#changed.size <= changesMax) return;
		this.#isManyChanged = true;
		this.#changed.clear();
	}

	/** All rows, by name. */
	get rows(): Uint32Array {
		this.#update();
		return this.#rows;
	}

	/** The place of each row among all. */
	get ranks(): Uint32Array {
		this.#update();
		return this.#ranks;
	}

	#update(): void {
		if (this.#changed.size === 0 && !this.#isManyChanged) return;
		if (this.#isManyChanged) this.#sortAll();
		else this.#sortIn();
		this.#changed.clear();
		this.#isManyChanged = false;
		this.#ranks = new Uint32Array(this.#rows.length);
		this.#rows.forEach((row, rank) => (this.#ranks[row] = rank));
	}

	#sortAll(): void {
		const keys = Array.from({ length: this.#names.length }, (_, row) => sortText(this.#names.at(row)));
		this.#rows = Uint32Array.from(keys, (_, row) => row);
		sortRows(this.#rows, keys, 0);
	}

	#keyOf(row: number): string {
		return sortText(this.#names.at(row));
	}

	/** Puts what has changed between what has not. */
	#sortIn(): void {
		const keys = new Map([...this.#changed].map((row) => [row, this.#keyOf(row)]));
		const changed = [...this.#changed].toSorted((a, b) => {
			const [one = '', other = ''] = [keys.get(a), keys.get(b)];
			return one < other ? -1 : one > other ? 1 : a - b;
		});
		const kept = this.#rows.filter((row) => !this.#changed.has(row));
		const rows = new Uint32Array(kept.length + changed.length);
		let [taken, from] = [0, 0];
		for (const row of changed) {
			const to = this.#placeOf(kept, row, keys.get(row) ?? '', from);
			rows.set(kept.subarray(from, to), taken);
			taken += to - from;
			rows[taken++] = row;
			from = to;
		}
		rows.set(kept.subarray(from), taken);
		this.#rows = rows;
	}

	/** How many of `kept` come before a row with this key; at least `low`. */
	#placeOf(kept: Uint32Array, row: number, key: string, low: number): number {
		let [from, to] = [low, kept.length];
		while (from < to) {
			const middle = (from + to) >> 1;
			const other = kept[middle] ?? 0;
			const otherKey = this.#keyOf(other);
			if (otherKey < key || (otherKey === key && other < row)) from = middle + 1;
			else to = middle;
		}
		return from;
	}
}
