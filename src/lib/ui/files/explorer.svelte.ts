import { LiveQuery } from '#client/mod.ts';
import type { EntryOrder, EntryRow, SortColumn } from '#core/index';
import type { EntryId } from '#core/kernel';
import type { FindOrder, FindScope } from '#core/search';
import type { App } from '#ui/shell/app.svelte.ts';
import { FileSearch } from '#ui/search/file-search.svelte.ts';
import { addressPath, folderPath, type FolderAddress } from './address.ts';
import { FolderListing } from './folder-listing.svelte.ts';
import { GridView } from './grid/grid-view.svelte.ts';
import { folderOrders } from './folder-orders.ts';
import { defaultOrder, nextOrder } from './orders.ts';
import { isKeyboardFree, ShownRows, type RowsKind } from './shown-rows.svelte.ts';
import type { NameList } from './type-ahead.ts';

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

/** A search as it was left. */
type LeftSearch = {
	readonly folder: EntryId;
	readonly text: string;
	readonly scope: FindScope | undefined;
	readonly order: FindOrder;
	readonly row: number;
};

/** One folder on the screen: its rows, the way to it, what is chosen in it, and the search over everything. */
export class Explorer extends ShownRows {
	readonly #travel: Travel;
	readonly view = new GridView();
	readonly found = new GridView();
	readonly search: FileSearch;
	listing: FolderListing | null = $state.raw(null);
	folder: EntryId | null = $state(null);
	order: EntryOrder = $state.raw(defaultOrder);
	readonly trail: LiveQuery<'entries.trail'>;
	readonly usage: LiveQuery<'entries.usage'>;
	pathOpen: boolean = $state(false);
	/** Whether the folder is shown as a map of sizes. */
	isMap: boolean = $state(false);
	/** Brings the keyboard to the field of the search; set by who draws it. */
	onSearch: (() => void) | null = null;
	#pending: Pending | null = null;
	#writing: ReturnType<typeof setTimeout> | null = null;
	/** A search that was left for one of its results: going back returns to it. Never written anywhere. */
	#left: LeftSearch | null = null;

	constructor(app: App, travel: Travel, first: FolderAddress) {
		super(app);
		this.#travel = travel;
		this.search = new FileSearch(app.client);
		this.trail = new LiveQuery(app.client, 'entries.trail', { entry: first.folder });
		this.usage = new LiveQuery(app.client, 'entries.usage', { entry: first.folder });
		this.search.onResults = (results) => this.found.show(results);
		this.search.onMove = (before, after) => this.found.moved(before, after);
		this.found.viewport.expecting = true;
		this.view.viewport.onRest = () => this.#writeAddress();
		for (const view of [this.view, this.found]) this.adopt(view);
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

	get kind(): RowsKind {
		if (this.search.active) return 'gathered';
		return this.isMap ? 'sizes' : 'list';
	}

	get above(): readonly EntryRow[] {
		return this.trail.value ?? [];
	}

	protected override get nameOrder(): NameList['byName'] {
		if (this.search.active || this.order.by !== 'name') return null;
		return this.order.descending ? 'descending' : 'ascending';
	}

	protected override get allBytes(): number | null {
		return this.search.active ? null : (this.usage.value?.sizeBytes ?? null);
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
		const listing = new FolderListing(this.app.client, address.folder, order);
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
		if (row.kind === 'directory') this.leave(folderPath(row.id, null, this.isMap));
		else this.infoOpen = true;
	}

	protected leave(path: string): void {
		this.flush();
		const { search, folder, found } = this;
		this.#left =
			search.active && folder !== null
				? { folder, text: search.text, scope: search.scope, order: search.order, row: found.choice.focus ?? 0 }
				: null;
		this.#travel.go(path);
	}

	/** To be called when one came here by going back: a search that was left for a result is there again. */
	async comeBack(folder: EntryId): Promise<void> {
		const left = this.#left;
		if (left === null || left.folder !== folder) return;
		this.#left = null;
		this.search.scope = left.scope;
		this.search.order = left.order;
		await this.search.find(left.text);
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
		this.app.notices.say(`Sorted by ${order.by}, ${direction}.`);
	}

	/** To the folder that holds this one, with this one focused there; from a location's own folder to all folders. */
	up(): void {
		const { parent, folder } = this;
		this.leave(parent === null ? '/files' : folderPath(parent, folder, this.isMap));
	}

	override goToFolder(folder: EntryId): void {
		this.leave(folderPath(folder, null, this.isMap));
	}

	/** Shows the folder as a map of sizes, or as a list again; a step that the browser's Back takes back. */
	showMap(isMap: boolean): void {
		if (this.folder !== null) this.leave(folderPath(this.folder, null, isMap));
	}

	/** Shows a folder as a list. */
	listFolder(row: EntryRow): void {
		this.leave(folderPath(row.id));
	}

	/** What was chosen on the map: a folder becomes the map's own, a file is shown in the list of its folder. */
	openOnMap(row: EntryRow): void {
		if (row.kind === 'directory') this.goToFolder(row.id);
		else this.reveal(row);
	}

	override close(): void {
		this.forgetAddress();
		this.listing?.close();
		this.search.close();
		this.trail.close();
		this.usage.close();
		super.close();
	}
}
