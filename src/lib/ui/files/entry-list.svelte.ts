import type { EntryRow, LocatedEntry } from '#core/index';
import type { App } from '#ui/shell/app.svelte.ts';
import { GridView } from './grid/grid-view.svelte.ts';
import { LoadedRows, locatedRows } from './loaded-rows.svelte.ts';
import type { PlaceBadge } from './row-source.ts';
import { ShownRows } from './shown-rows.svelte.ts';

/** Rows gathered from many folders, in a grid of their own; those that stay keep their place on the screen. */
export class EntryList extends ShownRows {
	readonly #go: (path: string) => void;
	readonly #rows: LoadedRows<LocatedEntry>;
	readonly shownView = new GridView();
	readonly kind = 'gathered';
	readonly folder = null;
	readonly above: readonly EntryRow[] = [];

	constructor(app: App, go: (path: string) => void) {
		super(app);
		this.#go = go;
		this.#rows = new LoadedRows(locatedRows(app.client));
		this.shownView.viewport.expecting = true;
		this.adopt(this.shownView);
		this.shownView.show(this.#rows);
	}

	show(ids: Float64Array): void {
		this.#rows.take(ids, (before, after) => this.shownView.moved(before, after));
	}

	/** Names from the top down to the folder of a row. */
	trailAt(index: number): readonly string[] {
		return this.#rows.rowAt(index)?.trail ?? [];
	}

	/** On which device a row is, where that is another one, or that its disk is away. */
	badgeAt(index: number): PlaceBadge | null {
		return this.app.folders.badgeOf(this.#rows.rowAt(index));
	}

	/** A folder is opened, anything else is shown in the folder that holds it. */
	open(row: EntryRow): void {
		if (row.kind === 'directory') this.goToFolder(row.id);
		else this.reveal(row);
	}

	protected leave(path: string): void {
		this.#go(path);
	}

	override close(): void {
		this.#rows.close();
		super.close();
	}
}
