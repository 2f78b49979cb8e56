/** Rows loaded together; aligned, so that scrolling back and forth asks for the same ones. */
const blockRows = 96;
/** Blocks kept: enough for every view one goes back to, little enough to forget. */
const blocksMax = 64;

/** Loads the rows with these ids; null when it was stopped or failed. */
export type LoadRows<Row> = (ids: readonly number[], signal: AbortSignal) => Promise<readonly Row[] | null>;

type Block = { readonly from: number; readonly stop: AbortController };

/**
 * Rows of a long list by id, loaded by block around what is in view.
 *
 * Blocks that have been scrolled past before they came are given up. After `invalidate` rows are shown as they were
 * until their successors are here, so nothing flickers.
 */
export class RowCache<Row> {
	readonly #load: LoadRows<Row>;
	readonly #idOf: (row: Row) => number;
	#rows = new Map<number, Row>();
	/** Ids loaded since the last `invalidate`. */
	#fresh = new Set<number>();
	#loading = new Map<number, Block>();
	#used: number[] = [];
	/** Rises whenever rows have come: what reads a row through it draws again. */
	#version = $state(0);

	constructor(load: LoadRows<Row>, idOf: (row: Row) => number) {
		this.#load = load;
		this.#idOf = idOf;
	}

	get(id: number): Row | null {
		void this.#version;
		return this.#rows.get(id) ?? null;
	}

	/** Puts rows in that came another way. */
	put(rows: readonly Row[]): void {
		for (const row of rows) {
			const id = this.#idOf(row);
			this.#rows.set(id, row);
			this.#fresh.add(id);
		}
		this.#version++;
	}

	/** Asks for `from` to `to` of `ids` first, then a block before and after; gives up what lies elsewhere. */
	want(ids: Float64Array, from: number, to: number): void {
		const first = Math.floor(from / blockRows);
		const last = Math.floor(Math.max(from, to - 1) / blockRows);
		for (const [block, { stop }] of this.#loading) {
			if (block >= first - 1 && block <= last + 1) continue;
			stop.abort();
			this.#loading.delete(block);
		}
		for (let block = first; block <= last; block++) this.#ask(ids, block);
		this.#ask(ids, last + 1);
		this.#ask(ids, first - 1);
	}

	#ask(ids: Float64Array, block: number): void {
		const from = block * blockRows;
		if (block < 0 || from >= ids.length || this.#loading.has(block)) return;
		const missing = [...ids.subarray(from, from + blockRows)].filter((id) => !this.#fresh.has(id));
		if (missing.length === 0) return;
		const stop = new AbortController();
		this.#loading.set(block, { from, stop });
		void this.#fetch(block, missing, stop);
	}

	async #fetch(block: number, ids: readonly number[], stop: AbortController): Promise<void> {
		const rows = await this.#load(ids, stop.signal);
		if (this.#loading.get(block)?.stop !== stop) return;
		this.#loading.delete(block);
		if (rows === null) return;
		this.#makeRoom(ids);
		this.put(rows);
	}

	#makeRoom(ids: readonly number[]): void {
		this.#used.push(...ids);
		const excess = this.#used.length - blocksMax * blockRows;
		if (excess <= 0) return;
		const kept = new Set(this.#used.slice(excess));
		for (const id of this.#used.splice(0, excess)) {
			if (kept.has(id)) continue;
			this.#rows.delete(id);
			this.#fresh.delete(id);
		}
	}

	/** Everything loaded may have changed: it is loaded again when it is wanted. */
	invalidate(): void {
		for (const { stop } of this.#loading.values()) stop.abort();
		this.#loading.clear();
		this.#fresh.clear();
	}

	/** Forgets every row and stops every call. */
	close(): void {
		this.invalidate();
		this.#rows.clear();
		this.#used = [];
	}
}
