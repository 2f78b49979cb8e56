import type { Client } from '#client/mod.ts';
import type { EntryRow } from '#core/index';
import { RowCache } from './row-cache.svelte.ts';
import type { RowSource } from './row-source.ts';

const none = new Float64Array();

/** Called in the moment between the old ids and the new ones, so that who shows them can keep its place. */
export type OnMove = (before: Float64Array, after: Float64Array) => void;

/** Entries by their ids (eight bytes each), their rows loaded around what is seen. */
export class LoadedRows implements RowSource {
	readonly #rows: RowCache<EntryRow>;
	#ids: Float64Array = $state.raw(none);
	#window = { from: 0, to: 0 };

	constructor(client: Client) {
		this.#rows = new RowCache(
			async (ids, signal) => {
				const answer = await client.call('entries.rows', { ids }, signal);
				return answer.ok ? answer.value : null;
			},
			({ id }) => id
		);
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

	rowAt(index: number) {
		const id = this.#ids[index];
		return id === undefined ? null : this.#rows.get(id);
	}

	want(from: number, to: number): void {
		this.#window = { from, to };
		this.#rows.want(this.#ids, from, to);
	}

	/** Shows these ids from now on; rows that stay are read again. */
	take(ids: Float64Array, onMove: OnMove | null): void {
		const before = this.#ids;
		this.#rows.invalidate();
		this.#ids = ids;
		onMove?.(before, ids);
		this.#rows.want(ids, this.#window.from, this.#window.to);
	}

	showName(row: EntryRow, name: string): void {
		this.#rows.put([{ ...row, name }]);
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
