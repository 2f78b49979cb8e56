import type { EntryRow } from '#core/index';
import type { GridView } from './grid-view.svelte.ts';

/** Gives an entry another name; why that cannot be, in words, and null where it is being done. */
export type OnRename = (row: EntryRow, name: string) => Promise<string | null>;

/** The name of one row while it is typed over in its place. It is kept here: its element may be another one at any time. */
export class RowEdit {
	readonly row: EntryRow;
	readonly #view: GridView;
	readonly #onRename: OnRename;
	typed: string = $state('');
	/** Why the name cannot be had. */
	problem: string | null = $state(null);
	#busy = false;
	/** What of the text is chosen, from and to: at first all but the ending, then what the last element had chosen. */
	chosen: readonly [number, number];

	constructor(view: GridView, row: EntryRow, onRename: OnRename) {
		this.#view = view;
		this.#onRename = onRename;
		this.row = row;
		this.typed = row.name;
		const dot = row.kind === 'directory' ? -1 : row.name.lastIndexOf('.');
		this.chosen = [0, dot > 0 ? dot : row.name.length];
	}

	type(typed: string): void {
		this.typed = typed;
		this.problem = null;
		this.#view.viewport.reveal(this.#view.source.indexOf(this.row.id));
	}

	/** Takes the name, and goes on to the name `step` rows further; stays where it cannot be had. */
	async take(step: -1 | 0 | 1, keepsKeyboard: boolean): Promise<void> {
		const view = this.#view;
		if (this.#busy || view.edit !== this) return;
		const { source } = view;
		const next = step === 0 ? null : source.idAt(source.indexOf(this.row.id) + step);
		if (this.typed !== this.row.name) {
			this.#busy = true;
			this.problem = await this.#onRename(this.row, this.typed);
			this.#busy = false;
			// Another list is shown by now, or it was given up.
			if (view.edit !== this) return;
			if (this.problem !== null) return;
			source.showName?.(this.row, this.typed);
		}
		view.edit = null;
		if (keepsKeyboard) view.wantsFocus = true;
		const at = next === null ? -1 : source.indexOf(next);
		if (at < 0) return;
		view.goTo(at);
		view.beginEdit();
	}

	/** Leaves the name as it is. */
	cancel(): void {
		if (this.#view.edit !== this) return;
		this.#view.edit = null;
		this.#view.wantsFocus = true;
	}
}
