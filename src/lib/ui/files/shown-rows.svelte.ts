import type { EntryRow } from '#core/index';
import type { EntryId } from '#core/kernel';
import type { Location } from '#core/volumes';
import type { App } from '#ui/shell/app.svelte.ts';
import { plural } from '#ui/words/values.ts';
import { folderPath } from './address.ts';
import type { GridView } from './grid/grid-view.svelte.ts';
import type { RowSource } from './row-source.ts';
import { SelectedSize } from './selected-size.svelte.ts';
import type { Choice } from './selection.ts';
import { findByName, TypedWord, type NameList } from './type-ahead.ts';

/** What rows are: those of one folder, its map of sizes, or gathered from many folders. */
export type RowsKind = 'list' | 'sizes' | 'gathered';

/** Whether rows may have the keyboard: a person who has gone to a field or a dialog meanwhile keeps it there. */
export function isKeyboardFree(): boolean {
	const held = 'input, textarea, select, [contenteditable], [role="dialog"], [role="menu"]';
	return document.activeElement?.closest(held) == null;
}

/** The rows on the screen, of one folder or of many: what is chosen of them, and all that abilities ask of them. */
export abstract class ShownRows {
	protected readonly app: App;
	readonly selectedSize: SelectedSize;
	readonly #typed = new TypedWord();
	#letters = 0;
	infoOpen: boolean = $state(false);
	/** Of two lists side by side: whether abilities act on this one, and its rows may take the keyboard by themselves. */
	isActive: boolean = $state(true);

	constructor(app: App) {
		this.app = app;
		this.selectedSize = new SelectedSize(app.client);
	}

	abstract get kind(): RowsKind;
	/** The grid that is on the screen. */
	abstract get shownView(): GridView;
	/** The folder that is shown; null where there is none. */
	abstract get folder(): EntryId | null;
	/** That folder after those above it, from the folder of the library down; empty where or while it is not known. */
	abstract get above(): readonly EntryRow[];
	abstract open(row: EntryRow): void;
	/** Goes to another place of the app. */
	protected abstract leave(path: string): void;

	/** Whether all rows are in the order of names, and which way; null in any other order. */
	protected get nameOrder(): NameList['byName'] {
		return null;
	}
	/** What all rows take together, where that is known. */
	protected get allBytes(): number | null {
		return null;
	}

	/** The folder of the library that `folder` lies in. */
	get location(): Location | null {
		const [root] = this.above;
		return root === undefined ? null : this.app.folders.ofEntry(root.id);
	}

	/** The row that the keyboard is on, as far as it is loaded. */
	get focusRow(): EntryRow | null {
		const { choice, source } = this.shownView;
		return choice.focus === null ? null : source.rowAt(choice.focus);
	}

	/** The one row that is chosen; null where none or several are, or while it is not loaded. */
	get chosenRow(): EntryRow | null {
		const { choice, selectedCount, source } = this.shownView;
		return selectedCount === 1 ? source.rowAt(choice.ranges[0]?.from ?? -1) : null;
	}

	/** Lets the rows of a grid be opened and renamed. */
	protected adopt(view: GridView): void {
		view.onRename = (row, name) => this.app.files.rename(row, name);
		view.onOpen = (index) => {
			const row = view.source.rowAt(index);
			if (row !== null) this.open(row);
		};
	}

	goToFolder(folder: EntryId): void {
		this.leave(folderPath(folder));
	}

	/** Shows an entry in the folder that holds it. */
	reveal(row: EntryRow): void {
		this.leave(row.parent === null ? folderPath(row.id) : folderPath(row.parent, row.id));
	}

	/** Lets the name of the one chosen row be typed over, in its place. */
	rename(): void {
		const view = this.shownView;
		const [chosen] = view.choice.ranges;
		if (chosen === undefined) return;
		view.goTo(chosen.from);
		view.beginEdit();
	}

	/** Shows what is known, or no longer: a keyboard that was there goes back to the rows. */
	toggleInfo(): void {
		const isInside = document.activeElement?.closest('[data-info]') !== null;
		this.infoOpen = !this.infoOpen;
		if (!this.infoOpen && isInside) this.shownView.takeFocus();
	}

	/** A letter was typed in the rows: goes to the next name that begins with what was typed. Whether it was taken. */
	typeAhead(letter: string, nowMs: number): boolean {
		if (this.kind === 'sizes' || (letter === ' ' && !this.#typed.isGoing(nowMs))) return false;
		const { words, staysIfFits } = this.#typed.type(letter, nowMs);
		void this.#goToName(words, staysIfFits);
		return true;
	}

	/**
	 * Looks again where the list changes meanwhile. An answer that comes after the next letter, or after the keyboard
	 * or the pointer has chosen something, is dropped: it would undo what was chosen.
	 */
	async #goToName(words: string, staysIfFits: boolean): Promise<void> {
		const view = this.shownView;
		const { source, choices } = view;
		const letter = ++this.#letters;
		let [choice, found]: [Choice | null, number | null] = [null, null];
		while (choice !== view.choice) {
			choice = view.choice;
			const focus = choice.focus ?? -1;
			found = await this.#findName(source, words, Math.max(0, staysIfFits ? focus : focus + 1));
			if (letter !== this.#letters || choices !== view.choices) return;
			if (view !== this.shownView || source !== view.source) return;
		}
		if (found === null) return;
		view.goTo(found);
		if (this.isActive && isKeyboardFree()) view.takeFocus();
	}

	#findName(source: RowSource, words: string, from: number): Promise<number | null> {
		const read = async (indexes: readonly number[]) => {
			const ids = indexes.map((index) => source.idAt(index) ?? 0);
			const rows = await this.app.ask('entries.rows', { ids });
			const byId = new Map(rows.ok ? rows.value.map((row) => [Number(row.id), row]) : []);
			return ids.map((id) => {
				const row = byId.get(id);
				return row === undefined ? null : { name: row.name, isFolder: row.kind === 'directory' };
			});
		};
		return findByName({ length: source.length, read, byName: this.nameOrder }, words, from);
	}

	/** Adds up what is chosen; to be called whenever that changes. */
	sumSelected(): void {
		const { selection, source } = this.shownView;
		const { allBytes, infoOpen: wantsParts } = this;
		this.selectedSize.of({ selection, length: source.length, allBytes, wantsParts });
	}

	/** Tells a screen reader what is chosen now. */
	announce(): void {
		const { selectedCount, source } = this.shownView;
		if (selectedCount > 1)
			this.app.notices.say(`${plural(selectedCount, 'item')} of ${plural(source.length, 'item')} selected`);
	}

	close(): void {
		this.selectedSize.close();
	}
}
