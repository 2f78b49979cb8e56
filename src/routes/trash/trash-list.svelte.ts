import { LiveQuery, type Client } from '#client/mod.ts';
import type { Trashed, TrashOrder } from '#core/index';
import { RowCache } from '#ui/files/row-cache.svelte.ts';

const none = new Float64Array();

/** Each in the direction that a person looks for first. */
const orders: { readonly [By in TrashOrder['by']]: TrashOrder } = {
	trashed: { by: 'trashed', descending: true },
	name: { by: 'name', descending: false },
	place: { by: 'place', descending: false },
	size: { by: 'size', descending: true }
};

/** What lies in the trash, found by name and in an order: all ids at once, rows around what is seen. */
export class TrashList {
	words: string = $state('');
	by: TrashOrder['by'] = $state('trashed');
	readonly #found: LiveQuery<'files.trash-ids'>;
	readonly #rows: RowCache<Trashed>;
	#window = { from: 0, to: 0 };

	constructor(client: Client) {
		this.#found = new LiveQuery(client, 'files.trash-ids', { words: '', order: orders.trashed });
		this.#rows = new RowCache<Trashed>(
			async (ids, signal) => {
				const answer = await client.call('files.trash-rows', { ids }, signal);
				return answer.ok ? answer.value : null;
			},
			({ entry }) => entry
		);
	}

	/** Null until it is known. */
	get found() {
		return this.#found.value;
	}

	get ids(): Float64Array {
		return this.#found.value?.ids ?? none;
	}

	rowAt(index: number): Trashed | null {
		const id = this.ids[index];
		return id === undefined ? null : this.#rows.get(id);
	}

	search(words: string): void {
		this.words = words;
		this.#ask();
	}

	sort(by: TrashOrder['by']): void {
		this.by = by;
		this.#ask();
	}

	#ask(): void {
		this.#found.ask({ words: this.words, order: orders[this.by] });
	}

	want(from: number, to: number): void {
		this.#window = { from, to };
		this.#rows.want(this.ids, from, to);
	}

	/** To be called when other ids are there: what was put there again has another row. */
	took(): void {
		this.#rows.invalidate();
		this.#rows.want(this.ids, this.#window.from, this.#window.to);
	}

	close(): void {
		this.#found.close();
		this.#rows.close();
	}
}
