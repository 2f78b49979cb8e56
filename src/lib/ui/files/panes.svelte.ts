import type { App } from '#ui/shell/app.svelte.ts';
import { parseAddress, type FolderAddress } from './address.ts';
import { Explorer } from './explorer.svelte.ts';
import { folderOrders } from './folder-orders.ts';
import { orderToText } from './orders.ts';
import { panesPath, parsePanes, type PanesAddress } from './pane-address.ts';

/** Below this there is no room for two lists. */
const roomForTwo = '(min-width: 48rem)';

/** Goes to a path of the app. */
type Go = (path: string) => Promise<void>;

/**
 * One folder on the screen, or two side by side, each with rows, order, choice and keyboard of its own.
 *
 * Abilities act on the active one: where the keyboard or the pointer was last. What leads to a folder from elsewhere
 * leads there as well, and the other stays.
 */
export class Panes {
	readonly #app: App;
	readonly #go: Go;
	#all: readonly Explorer[] = $state.raw([]);
	#at: number = $state(0);
	readonly #room = window.matchMedia(roomForTwo);
	/** Whether two have room on this screen. */
	hasRoom: boolean = $state(true);
	/** On its way to one folder alone: what leads there is not put beside the other. */
	#isJoining = false;

	constructor(app: App, go: Go, first: PanesAddress) {
		this.#app = app;
		this.#go = go;
		this.#measure();
		this.#room.addEventListener('change', this.#measure);
		this.#all = [this.#make(first.first), ...(first.beside === null ? [] : [this.#make(first.beside)])];
		this.#setActive(first.isBeside ? 1 : 0);
	}

	readonly #measure = (): void => {
		this.hasRoom = this.#room.matches;
	};

	#make(address: FolderAddress): Explorer {
		const explorer: Explorer = new Explorer(
			this.#app,
			{
				go: (path) => void this.#go(this.#pathFrom(explorer, path)),
				rewrite: (path) => this.#rewrite(explorer, path)
			},
			address
		);
		return explorer;
	}

	/** All of them, also one that has no room. */
	get all(): readonly Explorer[] {
		return this.#all;
	}

	/** What is on the screen, from left to right. */
	get shown(): readonly Explorer[] {
		return this.hasRoom ? this.#all : this.#all.filter((explorer) => explorer === this.active);
	}

	get isSplit(): boolean {
		return this.shown.length > 1;
	}

	get active(): Explorer {
		const active = this.#all[this.#at] ?? this.#all[0];
		if (active === undefined) throw new Error('there is always a folder on the screen');
		return active;
	}

	/** The one beside the active one; null where there is none on the screen. */
	get other(): Explorer | null {
		return this.shown.find((explorer) => explorer !== this.active) ?? null;
	}

	#setActive(at: number): void {
		this.#at = at;
		for (const explorer of this.#all) explorer.isActive = explorer === this.active;
	}

	/** The keyboard or the pointer has gone into one of them. */
	activate(explorer: Explorer): void {
		const at = this.#all.indexOf(explorer);
		if (at < 0 || at === this.#at) return;
		explorer.infoOpen = this.active.infoOpen;
		this.#setActive(at);
		const now = parsePanes(location);
		if (now?.beside != null) this.#write({ ...now, isBeside: at === 1 });
	}

	/** Takes the keyboard to the other one. */
	switch(): void {
		const { other } = this;
		if (other === null) return;
		this.activate(other);
		other.shownView.takeFocus();
	}

	/** Shows the active one's folder twice, side by side; or of two the active one alone. */
	async toggle(): Promise<void> {
		for (const explorer of this.#all) explorer.flush();
		const now = parsePanes(location);
		if (now === null) return;
		if (now.beside === null) return this.#go(panesPath({ first: now.first, beside: now.first, isBeside: true }));
		this.#isJoining = true;
		await this.#go(panesPath({ first: now.isBeside ? now.beside : now.first, beside: null, isBeside: false }));
		this.#isJoining = false;
	}

	/** Where the page goes when one of them goes to a folder: the other stays. A path elsewhere stays what it is. */
	#pathFrom(explorer: Explorer, path: string): string {
		const to = parseAddress(new URL(path, location.origin));
		const now = parsePanes(location);
		if (to === null || now === null || now.beside === null) return path;
		const address = { ...to, order: to.order ?? folderOrders.get(to.folder) };
		return panesPath(explorer === this.#all[1] ? { ...now, beside: address } : { ...now, first: address });
	}

	/** The path that keeps the other one where `url` leads to a folder alone; null where it leads as it is meant. */
	join(url: URL): string | null {
		if (this.#isJoining || this.#all.length < 2) return null;
		const to = parsePanes(url);
		return to === null || to.beside !== null ? null : this.#pathFrom(this.active, `${url.pathname}${url.search}`);
	}

	#rewrite(explorer: Explorer, path: string): void {
		const next = parseAddress(new URL(path, location.origin));
		const now = parsePanes(location);
		const part = explorer === this.#all[1] ? 'beside' : 'first';
		if (next !== null && now !== null && now[part]?.folder === next.folder) this.#write({ ...now, [part]: next });
	}

	/** Beside the router: its own way would bring the old address back when one returns here. */
	#write(address: PanesAddress): void {
		history.replaceState(history.state, '', panesPath(address));
	}

	/** Shows what the address stands for; one of two that is there already is left alone. */
	show(takeFocus: boolean): void {
		const address = parsePanes(location);
		if (address === null) return;
		const { first, beside } = address;
		this.#resize(first, beside);
		this.#setActive(address.isBeside ? 1 : 0);
		for (const [at, wanted] of [first, beside].entries()) {
			const explorer = this.#all[at];
			if (wanted === null || explorer === undefined) continue;
			const isActive = explorer === this.active;
			if (isActive || !isShowing(explorer, wanted)) explorer.show(wanted, takeFocus && isActive);
		}
	}

	#resize(first: FolderAddress, beside: FolderAddress | null): void {
		if (beside !== null && this.#all.length === 1) {
			const made = this.#make(beside);
			made.infoOpen = this.active.infoOpen;
			this.#all = [...this.#all, made];
		}
		if (beside !== null || this.#all.length === 1) return;
		const kept = this.active.folder === first.folder ? this.active : this.#all[0];
		for (const explorer of this.#all) if (explorer !== kept) explorer.close();
		this.#all = this.#all.filter((explorer) => explorer === kept);
	}

	close(): void {
		this.#room.removeEventListener('change', this.#measure);
		for (const explorer of this.#all) explorer.close();
	}
}

function isShowing(explorer: Explorer, { folder, order, isMap }: FolderAddress): boolean {
	const isSorted = order === null || orderToText(order) === orderToText(explorer.order);
	return explorer.folder === folder && isSorted && explorer.isMap === isMap;
}
