import type { Client } from '#client/mod.ts';
import { GridView } from './grid/grid-view.svelte.ts';
import { LoadedRows } from './loaded-rows.svelte.ts';

/** Entries from wherever they are found, in a grid of their own; those that stay keep their place on the screen. */
export class EntryList extends LoadedRows {
	readonly view = new GridView();

	constructor(client: Client) {
		super(client);
		this.view.viewport.expecting = true;
		this.view.show(this);
	}

	show(ids: Float64Array): void {
		this.take(ids, (before, after) => this.view.moved(before, after));
	}
}
