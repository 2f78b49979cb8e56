import type { Client } from '#client/mod.ts';
import type { EntryRow, LocatedEntry } from '#core/index';
import { RowCache, type LoadRows } from './row-cache.svelte.ts';
import type { RowSource } from './row-source.ts';

const none = new Float64Array();

/** Called in the moment between the old ids and the new ones, so that who shows them can keep its place. */
export type OnMove = (before: Float64Array, after: Float64Array) => void;

/** Loads rows as a listing of their folder has them. */
export function plainRows(client: Client): LoadRows<EntryRow> {
	return async (ids, signal) => {
		const answer = await client.call('entries.rows', { ids }, signal);
		return answer.ok ? answer.value : null;
	};
}

/** Loads rows that say where they are. */
export function locatedRows(client: Client): LoadRows<LocatedEntry> {
	return async (ids, signal) => {
		const answer = await client.call('entries.located', { ids }, signal);
		return answer.ok ? answer.value : null;
	};
}

/** Entries by their ids (eight bytes each), their rows loaded around what is seen. */
export class LoadedRows<Row extends EntryRow> implements RowSource {
	readonly #rows: RowCache<Row>;
	#ids: Float64Array = $state.raw(none);
	#window = { from: 0, to: 0 };

	constructor(load: LoadRows<Row>) {
		this.#rows = new RowCache(load, ({ id }) => id);
	}

	get length(): number {
		return this.#ids.length;
	}

	get ids(): Float64Array {
		return this.#ids;
	}

	idAt(index: number): number | null {
		return this.#ids[index] ?? null;
	}

	indexOf(id: number): number {
		return this.#ids.indexOf(id);
	}

	rowAt(index: number): Row | null {
		const id = this.#ids[index];
		return id === undefined ? null : this.#rows.get(id);
	}

	want(from: number, to: number): void {
		this.#window = { from, to };
		this.#rows.want(this.#ids, from, to);
	}

	/** Shows these ids from now on; rows that stay are read again, but for those that came with the ids. */
	take(ids: Float64Array, onMove: OnMove | null, rows: readonly Row[] = []): void {
		const before = this.#ids;
		this.#rows.invalidate();
		if (rows.length > 0) this.#rows.put(rows);
		this.#ids = ids;
		onMove?.(before, ids);
		this.#rows.want(ids, this.#window.from, this.#window.to);
	}

	showName({ id }: EntryRow, name: string): void {
		const row = this.#rows.get(id);
		if (row !== null) this.#rows.put([{ ...row, name }]);
	}

	/** Reads the rows again that are seen. */
	readAgain(): void {
		this.#rows.invalidate();
		this.#rows.want(this.#ids, this.#window.from, this.#window.to);
	}

	close(): void {
		this.#rows.close();
		this.#ids = none;
	}
}
