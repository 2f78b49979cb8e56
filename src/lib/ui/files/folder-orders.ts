import type { EntryOrder } from '#core/index';
import { orderToText, textToOrder } from './orders.ts';

/** How each folder was last sorted in this tab: ids and columns only. Survives a reload, not the tab. */
const key = 'atoll:orders';
/** Folders remembered; the longest untouched one goes first. */
const ordersMax = 400;

class FolderOrders {
	readonly #orders = new Map<number, string>();

	constructor() {
		try {
			const kept: unknown = JSON.parse(sessionStorage.getItem(key) ?? '[]');
			for (const pair of Array.isArray(kept) ? kept : []) {
				const [folder, order]: unknown[] = Array.isArray(pair) ? pair : [];
				if (typeof folder === 'number' && typeof order === 'string') this.#orders.set(folder, order);
			}
		} catch {
			// unreadable or refused: every folder begins with the plain order
		}
	}

	get(folder: number): EntryOrder | null {
		return textToOrder(this.#orders.get(folder) ?? null);
	}

	set(folder: number, order: EntryOrder): void {
		this.#orders.delete(folder);
		this.#orders.set(folder, orderToText(order));
		for (const oldest of this.#orders.keys()) {
			if (this.#orders.size <= ordersMax) break;
			this.#orders.delete(oldest);
		}
		try {
			sessionStorage.setItem(key, JSON.stringify([...this.#orders]));
		} catch {
			// kept for as long as the page lives
		}
	}
}

export const folderOrders = new FolderOrders();
