import { LiveQuery } from '#client/mod.ts';
import type { EntryOrder, EntryRow, SortColumn } from '#core/index';
import type { EntryId } from '#core/kernel';
import type { App } from '#ui/shell/app.svelte.ts';
import { NameSearch } from '#ui/search/name-search.svelte.ts';
import { plural } from '#ui/words/values.ts';
import { addressPath, folderPath, type FolderAddress } from './address.ts';
import { FolderListing } from './folder-listing.svelte.ts';
import { GridView } from './grid/grid-view.svelte.ts';
import { folderOrders } from './folder-orders.ts';
import { defaultOrder, nextOrder } from './orders.ts';
import type { RowSource } from './row-source.ts';
import { SelectedSize } from './selected-size.svelte.ts';
import type { Choice } from './selection.ts';
import { findByName, TypedWord } from './type-ahead.ts';

/** Goes to another place of the app, or rewrites the address of this one. */
export type Travel = { go(path: string): void; rewrite(path: string): void };

/** Time that an address stands still before it is written. */
const writeAfterMs = 100;

/** Where a file grid begins again when its listing has come. */
type Pending = {
	readonly row: number | null;
	readonly at: number | null;
	readonly focus: boolean;
	/** Where the keyboard was when the folder had no rows yet. */
	readonly from: Element | null;
};

/** Whether rows may have the keyboard: a person who has gone to a field or a dialog meanwhile keeps it there. */
export function isKeyboardFree(): boolean {
	const held = 'input, textarea, select, [contenteditable], [role="dialog"], [role="menu"]';
	return document.activeElement?.closest(held) == null;
}

/** One folder on the screen: its rows, the way to it, what is chosen in it, and the search over everything. */
export class Explorer {
	readonly #app: App;
	readonly #travel: Travel;
	readonly view = new GridView();
	readonly found = new GridView();
	readonly search: NameSearch;
	listing: FolderListing | null = $state.raw(null);
	folder: EntryId | null = $state(null);
	order: EntryOrder = $state.raw(defaultOrder);
	readonly trail: LiveQuery<'entries.trail'>;
	readonly usage: LiveQuery<'entries.usage'>;
	readonly selectedSize: SelectedSize;
	readonly #typed = new TypedWord();
	#letters = 0;
	infoOpen: boolean = $state(false);
	pathOpen: boolean = $state(false);
	/** Of two side by side: whether abilities act on this one, and its rows may take the keyboard by themselves. */
	isActive: boolean = $state(true);
	/** Whether the folder is shown as a map of sizes. */
	isMap: boolean = $state(false);
	/** Brings the keyboard to the field of the search; set by who draws it. */
	onSearch: (() => void) | null = null;
	#pending: Pending | null = null;
	#writing: ReturnType<typeof setTimeout> | null = null;
	/** A search that was left for one of its results: going back returns to it. Never written anywhere. */
	#left: { readonly folder: EntryId; readonly words: string; readonly row: number } | null = null;

	constructor(app: App, travel: Travel, first: FolderAddress) {
		this.#app = app;
		this.#travel = travel;
		this.search = new NameSearch(app.client);
		this.trail = new LiveQuery(app.client, 'entries.trail', { entry: first.folder });
		this.usage = new LiveQuery(app.client, 'entries.usage', { entry: first.folder });
		this.selectedSize = new SelectedSize(app.client);
		this.search.onResults = (results) => this.found.show(results);
		this.found.viewport.expecting = true;
		this.view.viewport.onRest = () => this.#writeAddress();
		for (const view of [this.view, this.found]) view.onRename = (row, name) => app.files.rename(row, name);
		this.view.onOpen = (index) => this.#openAt(this.view, index);
		this.found.onOpen = (index) => this.#openAt(this.found, index);
		this.show(first, false);
	}

	/** Writes the address now, when the page is about to go. */
	flush(): void {
		if (this.#writing !== null) this.#writeNow();
	}

	/** Writes no address that was to be written. */
	forgetAddress(): void {
		if (this.#writing !== null) clearTimeout(this.#writing);
		this.#writing = null;
	}

	/** The grid that is on the screen. */
	get shownView(): GridView {
		return this.search.active ? this.found : this.view;
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

	get parent(): EntryId | null {
		return this.trail.value?.at(-2)?.id ?? null;
	}

	/** Shows what an address stands for; what is on the screen already stays. */
	show(address: FolderAddress, takeFocus: boolean): void {
		const order = address.order ?? folderOrders.get(address.folder) ?? defaultOrder;
		folderOrders.set(address.folder, order);
		this.isMap = address.isMap;
		const isSame =
			this.listing !== null &&
			this.folder === address.folder &&
			this.order.by === order.by &&
			this.order.descending === order.descending;
		this.#pending = { row: address.row, at: address.at, focus: takeFocus, from: null };
		if (isSame) return this.#place();
		if (this.folder !== address.folder) {
			this.trail.ask({ entry: address.folder });
			this.usage.value = null;
			this.usage.ask({ entry: address.folder });
		}
		this.folder = address.folder;
		this.order = order;
		this.search.clear();
		this.listing?.close();
		const listing = new FolderListing(this.#app.client, address.folder, order);
		listing.onMove = (before, after) => this.view.moved(before, after);
		this.listing = listing;
		this.view.show(listing);
	}

	/** To be called when the listing has been read, and when it has its first rows: goes to the row that the address names. */
	arrived(): void {
		this.view.viewport.resize(this.listing?.length ?? 0, this.view.viewport.rowPx);
		this.#place();
	}

	#place(): void {
		const { listing } = this;
		if (listing === null || !listing.loaded || this.#pending === null) return;
		// The rows of a folder that is read for the first time come a moment later.
		if (listing.length === 0) {
			this.#pending = { ...this.#pending, from: this.#pending.from ?? document.activeElement };
			return;
		}
		const { row, at, focus, from } = this.#pending;
		this.#pending = null;
		const index = at === null ? -1 : listing.indexOf(at);
		if (row !== null) this.view.viewport.scrollToRow(row);
		if (index >= 0) {
			this.view.setFocus(index);
			if (row === null) this.view.viewport.reveal(index);
		}
		const isWhereItWas = from === null || !from.isConnected || from === document.activeElement;
		if (focus && this.isActive && isWhereItWas && isKeyboardFree()) this.view.takeFocus();
	}

	/** Soon: browsers refuse an address that changes with every row of a held arrow key. */
	#writeAddress(): void {
		this.forgetAddress();
		this.#writing = setTimeout(() => this.#writeNow(), writeAfterMs);
	}

	#writeNow(): void {
		this.forgetAddress();
		if (this.folder === null || this.search.active || this.listing?.loaded !== true) return;
		const { isMap } = this;
		const { choice, viewport } = this.view;
		const at = choice.focus === null ? null : (this.listing.idAt(choice.focus) ?? null);
		this.#travel.rewrite(addressPath({ folder: this.folder, row: viewport.firstRow, at, order: this.order, isMap }));
	}

	/** The keyboard has gone to another row: the address shall know. */
	settle(): void {
		this.#writeAddress();
	}

	/** Goes into a folder; of anything else, says what is known. */
	open(row: EntryRow): void {
		if (row.kind === 'directory') this.#leave(folderPath(row.id, null, this.isMap));
		else this.infoOpen = true;
	}

	#openAt({ source }: GridView, index: number): void {
		const row = source.rowAt(index);
		if (row !== null) this.open(row);
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
		if (this.isMap || (letter === ' ' && !this.#typed.isGoing(nowMs))) return false;
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
		const isByName = !this.search.active && this.order.by === 'name';
		const read = async (indexes: readonly number[]) => {
			const ids = indexes.map((index) => source.idAt(index) ?? 0);
			const rows = await this.#app.ask('entries.rows', { ids });
			const byId = new Map(rows.ok ? rows.value.map((row) => [Number(row.id), row]) : []);
			return ids.map((id) => {
				const row = byId.get(id);
				return row === undefined ? null : { name: row.name, isFolder: row.kind === 'directory' };
			});
		};
		const byName = isByName ? (this.order.descending ? 'descending' : 'ascending') : null;
		return findByName({ length: source.length, read, byName }, words, from);
	}

	/** Adds up what is chosen; to be called whenever that changes. */
	sumSelected(): void {
		const { selection, source } = this.shownView;
		const allBytes = this.search.active ? null : (this.usage.value?.sizeBytes ?? null);
		this.selectedSize.of({ selection, length: source.length, allBytes, wantsParts: this.infoOpen });
	}

	#leave(path: string): void {
		this.flush();
		const { search, folder, found } = this;
		this.#left =
			search.active && folder !== null ? { folder, words: search.words, row: found.choice.focus ?? 0 } : null;
		this.#travel.go(path);
	}

	/** To be called when one came here by going back: a search that was left for a result is there again. */
	async comeBack(folder: EntryId): Promise<void> {
		const left = this.#left;
		if (left === null || left.folder !== folder) return;
		this.#left = null;
		await this.search.find(left.words);
		if (this.search.results.length === 0) return;
		this.found.goTo(left.row);
		this.found.takeFocus();
	}

	sort(by: SortColumn): void {
		this.setOrder(nextOrder(this.order, by));
	}

	setOrder(order: EntryOrder): void {
		if (this.folder === null) return;
		const { focus } = this.view.choice;
		const at = focus === null ? null : (this.listing?.idAt(focus) ?? null);
		const address = { folder: this.folder, row: null, at, order, isMap: this.isMap };
		this.#travel.rewrite(addressPath(address));
		this.show(address, false);
		const direction = order.descending ? 'descending' : 'ascending';
		this.#app.notices.say(`Sorted by ${order.by}, ${direction}.`);
	}

	/** To the folder that holds this one, with this one focused there; from a location's own folder to all folders. */
	up(): void {
		const { parent, folder } = this;
		this.#leave(parent === null ? '/files' : folderPath(parent, folder, this.isMap));
	}

	goToFolder(folder: EntryId): void {
		this.#leave(folderPath(folder, null, this.isMap));
	}

	/** Shows a found entry in the folder that holds it. */
	reveal(row: EntryRow): void {
		this.#leave(row.parent === null ? folderPath(row.id) : folderPath(row.parent, row.id));
	}

	/** Shows the folder as a map of sizes, or as a list again; a step that the browser's Back takes back. */
	showMap(isMap: boolean): void {
		if (this.folder !== null) this.#leave(folderPath(this.folder, null, isMap));
	}

	/** Shows a folder as a list. */
	listFolder(row: EntryRow): void {
		this.#leave(folderPath(row.id));
	}

	/** What was chosen on the map: a folder becomes the map's own, a file is shown in the list of its folder. */
	openOnMap(row: EntryRow): void {
		if (row.kind === 'directory') this.goToFolder(row.id);
		else this.reveal(row);
	}

	/** Tells a screen reader what is chosen now. */
	announce(): void {
		const { selectedCount, source } = this.shownView;
		if (selectedCount > 1)
			this.#app.notices.say(`${plural(selectedCount, 'item')} of ${plural(source.length, 'item')} selected`);
	}

	close(): void {
		this.forgetAddress();
		this.listing?.close();
		this.search.onResults = null;
		this.search.clear();
		this.selectedSize.close();
		this.trail.close();
		this.usage.close();
	}
}
