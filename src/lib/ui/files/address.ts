import type { EntryOrder } from '#core/index';
import type { EntryId } from '#core/kernel';
import { defaultOrder, orderToText, textToOrder } from './orders.ts';

/** Where a person is, as the address has it: ids and numbers, never a name. */
export type FolderAddress = {
	readonly folder: EntryId;
	/** The first row that is seen; null for wherever `at` is, else the top. */
	readonly row: number | null;
	/** The entry that the keyboard is on. */
	readonly at: number | null;
	readonly order: EntryOrder | null;
	/** Whether the folder is shown as a map of sizes. */
	readonly isMap: boolean;
};

function wholeNumber(text: string | null, least: number): number | null {
	if (text === null || !/^\d{1,15}$/.test(text)) return null;
	const value = Number(text);
	return value >= least ? value : null;
}

/** The entry that a number in an address stands for, or null where it is none. */
export function parseEntry(text: string | null): EntryId | null {
	// An address is outside input and this is its parser; an id that stands for nothing is answered as missing.
	return wholeNumber(text, 1) as EntryId | null;
}

/** The address of a folder, or null where `url` is none. */
export function parseAddress(url: URL | Location): FolderAddress | null {
	const match = /^\/files\/(\d{1,15})\/?$/.exec(url.pathname);
	const folder = parseEntry(match?.[1] ?? null);
	if (folder === null) return null;
	const query = new URLSearchParams(url.search);
	return {
		folder,
		row: wholeNumber(query.get('row'), 0),
		at: wholeNumber(query.get('at'), 1),
		order: textToOrder(query.get('sort')),
		isMap: query.get('view') === 'sizes'
	};
}

/** The path and query that stand for `address`; what is null or usual is left out. */
export function addressPath(address: FolderAddress): string {
	const query = new URLSearchParams();
	if (address.row !== null && address.row > 0) query.set('row', String(address.row));
	if (address.at !== null) query.set('at', String(address.at));
	if (address.order !== null && orderToText(address.order) !== orderToText(defaultOrder))
		query.set('sort', orderToText(address.order));
	if (address.isMap) query.set('view', 'sizes');
	const text = query.toString();
	return `/files/${address.folder}${text === '' ? '' : `?${text}`}`;
}

/** The plain address of a folder. */
export function folderPath(folder: EntryId, at: number | null = null, isMap = false): string {
	return addressPath({ folder, row: null, at, order: null, isMap });
}
