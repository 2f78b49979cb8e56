import {
	choose,
	countOf,
	everything,
	focusOn,
	follow,
	has,
	invert,
	noChoice,
	nothing,
	selectedEntries,
	toggle,
	type Choice,
	type Gesture,
	type Ranges,
	type SelectedEntries
} from '../selection.ts';
import type { RowSource } from '../row-source.ts';
import type { GridCommand } from './grid-keys.ts';
import { RowEdit, type OnRename } from './row-edit.svelte.ts';
import { Viewport } from './viewport.svelte.ts';

/**
 * One grid's state: what it shows, what is in view, what is chosen, and which row the keyboard is on.
 *
 * When the list changes under it, the row under the pointer (else the focused, else the first one seen) stays where
 * it is on the screen, and the same entries stay chosen.
 */
export class GridView {
	readonly viewport = new Viewport();
	#source: RowSource = $state.raw({ length: 0, idAt: () => null, indexOf: () => -1, rowAt: () => null, want() {} });
	#choice: Choice = $state.raw(noChoice);
	#choices = 0;
	/** The row under the pointer. */
	hovered: number | null = null;
	/** Set when the focused row's element shall take the keyboard as soon as it is drawn. */
	wantsFocus: boolean = $state(false);
	/** Whether the keyboard is in its rows; set by who draws them. */
	hasKeyboard: boolean = $state(false);
	/** A finger has rested on a row: taps choose now instead of opening, and rows show whether they are chosen. */
	choosing: boolean = $state(false);
	/** What was cut: its rows look so. */
	cut: ReadonlySet<number> = $state.raw(new Set());
	onOpen: ((index: number) => void) | null = null;
	/** The name that is typed over now. */
	edit: RowEdit | null = $state.raw(null);
	onRename: OnRename | null = null;

	constructor() {
		this.viewport.onWindow = (from, to) => this.#source.want(from, to);
	}

	get source(): RowSource {
		return this.#source;
	}
	get choice(): Choice {
		return this.#choice;
	}
	/** How often something was chosen, or the keyboard went to another row; a list that changes does not count. */
	get choices(): number {
		return this.#choices;
	}
	get selectedCount(): number {
		return countOf(this.#choice.ranges);
	}
	get selection(): SelectedEntries {
		return selectedEntries(this.#choice.ranges, (index) => this.#source.idAt(index));
	}
	/** The row that Tab leads to: the focused one, else the first. */
	get tabIndexRow(): number {
		return this.#choice.focus ?? 0;
	}

	isSelected(index: number): boolean {
		return has(this.#choice.ranges, index);
	}

	/** Shows another list from its beginning. */
	show(source: RowSource): void {
		this.#source = source;
		this.hovered = null;
		this.edit = null;
		this.#choose(noChoice);
		this.viewport.resize(source.length, this.viewport.rowPx);
		this.viewport.scrollTo(0);
	}

	/** The list has grown, shrunk or been sorted: `before` and `after` are its ids. */
	moved(before: Float64Array, after: Float64Array): void {
		const { viewport } = this;
		const anchor = this.#anchor(before);
		const choice = this.#choice;
		const at = (index: number | null): number | null => {
			if (index === null) return null;
			const found = after.indexOf(before[index] ?? -1);
			return found < 0 ? null : found;
		};
		const gone = choice.focus !== null && at(choice.focus) === null;
		const focus = gone ? (after.length > 0 ? Math.min(choice.focus ?? 0, after.length - 1) : null) : at(choice.focus);
		this.#keep({ ranges: follow(choice.ranges, before, after), anchor: at(choice.anchor), focus });
		// It is in the element of the row that was there.
		if (this.hasKeyboard && focus !== null && focus !== choice.focus) this.wantsFocus = true;
		viewport.resize(after.length, viewport.rowPx);
		const now = anchor === null ? null : at(anchor);
		if (anchor !== null && now !== null) viewport.scrollTo(viewport.contentPx + (now - anchor) * viewport.rowPx);
		else viewport.scrollTo(viewport.contentPx);
	}

	/** The row that must not move on the screen; null keeps the top of the list in view. */
	#anchor(before: Float64Array): number | null {
		const { viewport } = this;
		const first = Math.floor(viewport.contentPx / viewport.rowPx);
		const isSeen = (index: number | null): index is number =>
			index !== null && index >= first && index < first + viewport.pageRows + 1 && index < before.length;
		if (isSeen(this.hovered)) return this.hovered;
		if (isSeen(this.#choice.focus)) return this.#choice.focus;
		return viewport.contentPx > 0 && first < before.length ? first : null;
	}

	/** Chooses by pointer. */
	point(index: number, gesture: Gesture): void {
		this.#choose(choose(this.#choice, index, gesture));
		this.wantsFocus = true;
	}

	/** Adds a row to the choice or takes it out. */
	toggle(index: number): void {
		const { ranges } = this.#choice;
		this.#choose({ ranges: toggle(ranges, index), anchor: index, focus: index });
	}

	/** A finger has rested on a row: it is chosen, and what is tapped from now on is as well. */
	hold(index: number): void {
		this.choosing = true;
		if (!this.isSelected(index)) this.toggle(index);
	}

	/** Chooses these rows; `focus` is where the keyboard goes. */
	chooseRanges(ranges: Ranges, focus: number | null): void {
		this.#choose({ ranges, anchor: focus, focus });
	}

	chooseAll(): void {
		this.#choose({ ...this.#choice, ranges: everything(this.#source.length) });
	}

	invert(): void {
		this.#choose({ ...this.#choice, ranges: invert(this.#choice.ranges, this.#source.length) });
	}

	/** Nothing is chosen any more, and taps open again. */
	clear(): void {
		this.#choose({ ...this.#choice, ranges: nothing });
	}

	/** Puts the keyboard on a row, alone chosen, and shows it. */
	goTo(index: number): void {
		if (this.#source.length === 0) return;
		const target = Math.max(0, Math.min(this.#source.length - 1, index));
		this.#choose(choose(this.#choice, target, { adding: false, ranging: false }));
		this.viewport.reveal(target);
	}

	/** Puts the keyboard on a row, alone chosen, without scrolling to it. */
	setFocus(index: number): void {
		this.#choose(choose(this.#choice, index, { adding: false, ranging: false }));
	}

	/** Gives the keyboard to the focused row, or to the first one. */
	takeFocus(): void {
		if (this.#choice.focus === null) this.#choose(focusOn(this.#choice, this.viewport.firstRow));
		this.wantsFocus = true;
	}

	/** Lets the name of the row be typed over that the keyboard is on, as far as it is loaded. */
	beginEdit(): void {
		const { focus } = this.#choice;
		const row = focus === null ? null : this.#source.rowAt(focus);
		if (row === null || focus === null || this.onRename === null) return;
		this.viewport.reveal(focus);
		this.edit = new RowEdit(this, row, this.onRename);
	}

	#choose(choice: Choice): void {
		this.#choices++;
		this.#keep(choice);
	}

	#keep(choice: Choice): void {
		this.#choice = choice;
		if (choice.ranges.length === 0) this.choosing = false;
		this.viewport.pinned = choice.focus;
	}

	#move(index: number, command: { gesture: Gesture; keepsSelection: boolean }): void {
		const target = Math.max(0, Math.min(this.#source.length - 1, index));
		this.#choose(
			command.keepsSelection ? focusOn(this.#choice, target) : choose(this.#choice, target, command.gesture)
		);
		this.viewport.reveal(target);
		this.wantsFocus = true;
	}

	/** Does what a key asks for. */
	run(command: GridCommand): void {
		const { length } = this.#source;
		const { focus } = this.#choice;
		if (length === 0) return;
		switch (command.type) {
			case 'step':
				return this.#move(focus === null ? (command.rows > 0 ? 0 : length - 1) : focus + command.rows, command);
			case 'page':
				return this.#move((focus ?? 0) + command.pages * this.viewport.pageRows, command);
			case 'end':
				return this.#move(command.last ? length - 1 : 0, command);
			case 'toggle':
				return focus === null ? undefined : this.toggle(focus);
		}
	}
}
