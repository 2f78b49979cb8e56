import type { Client } from '#client/mod.ts';
import { GridView } from './grid/grid-view.svelte.ts';
import { RowCache } from './row-cache.svelte.ts';
import type { RowSource } from './row-source.ts';

/** Entries by their ids, from wherever they are found, in a grid of their own. */
export class EntryList implements RowSource {
	readonly view = new GridView();
	readonly #rows: RowCache;
	#ids: Uint32Array = $state.raw(new Uint32Array());
	#window = { from: 0, to: 0 };

	constructor(client: Client) {
		this.#rows = new RowCache(async (ids, signal) => {
			const answer = await client.call('entries.rows', { ids }, signal);
			return answer.ok ? answer.value : null;
		});
		this.view.viewport.expecting = true;
		this.view.show(this);
	}

	get length(): number {
		return this.#ids.length;
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

	/** Shows these; rows that stay are read again, and keep their place on the screen. */
	show(ids: Uint32Array): void {
		const before = this.#ids;
		this.#rows.invalidate();
		this.#ids = ids;
		this.view.moved(before, ids);
		this.#rows.want(ids, this.#window.from, this.#window.to);
	}

	close(): void {
		this.#rows.close();
	}
}
