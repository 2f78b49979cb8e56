import type { EntryOrder, SortColumn } from '#core/index';
import type { FindOrder } from '#core/search';
import { nextOrder } from '#ui/files/orders.ts';
import type { MenuItem } from '#ui/primitives/Menu.svelte';
import { bestFirst, type FileSearch } from './file-search.svelte.ts';

const orders: readonly (FindOrder & { readonly title: string })[] = [
	{ ...bestFirst, title: 'Best match' },
	{ by: 'name', descending: false, title: 'Name, A to Z' },
	{ by: 'name', descending: true, title: 'Name, Z to A' },
	{ by: 'modified', descending: true, title: 'Newest first' },
	{ by: 'modified', descending: false, title: 'Oldest first' },
	{ by: 'size', descending: true, title: 'Largest first' },
	{ by: 'size', descending: false, title: 'Smallest first' }
];

/** The orders that what was found can have, as items of a menu. */
export function orderItems(search: FileSearch): readonly MenuItem[] {
	return orders.map(({ title, ...order }) => ({
		title,
		checked: search.order.by === order.by && search.order.descending === order.descending,
		run: () => void search.sortBy(order)
	}));
}

/** The order as the head of the columns shows it; null for the best match, which has no column. */
export function columnOrder({ by, descending }: FindOrder): EntryOrder | null {
	return by === 'fit' ? null : { by, descending };
}

/** What a click on a column's head asks for. */
export function orderByColumn(order: FindOrder, by: SortColumn): FindOrder {
	const { by: column, descending } = nextOrder(columnOrder(order) ?? { by: 'kind', descending: false }, by);
	return column === 'kind' ? bestFirst : { by: column, descending };
}
