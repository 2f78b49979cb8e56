import type { EntryOrder, SortColumn } from '#core/index';

export const defaultOrder: EntryOrder = { by: 'name', descending: false };
const columns: readonly SortColumn[] = ['name', 'size', 'modified', 'kind'];

/** The order as the address has it: `size-desc`, `name-asc`. */
export function orderToText(order: EntryOrder): string {
	return `${order.by}-${order.descending ? 'desc' : 'asc'}`;
}

/** The order that `text` stands for; null where it stands for none. */
export function textToOrder(text: string | null): EntryOrder | null {
	const [by, direction] = (text ?? '').split('-');
	const column = columns.find((name) => name === by);
	if (column === undefined || (direction !== 'asc' && direction !== 'desc')) return null;
	return { by: column, descending: direction === 'desc' };
}

/** What a click on a column's head asks for: the other way round, or that column's natural first way. */
export function nextOrder(order: EntryOrder, by: SortColumn): EntryOrder {
	if (order.by === by) return { by, descending: !order.descending };
	return { by, descending: by === 'size' || by === 'modified' };
}
