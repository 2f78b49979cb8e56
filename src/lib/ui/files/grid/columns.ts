import type { SortColumn } from '#core/index';

export type ColumnId = 'name' | 'place' | 'modified' | 'size' | 'kind';
export type Column = {
	readonly id: ColumnId;
	readonly title: string;
	readonly width: string;
	/** What a click on the head sorts by; null where it does not. */
	readonly sorts: SortColumn | null;
};

const name: Column = { id: 'name', title: 'Name', width: 'minmax(0, 1fr)', sorts: 'name' };
const place: Column = { id: 'place', title: 'Place', width: 'minmax(0, 0.85fr)', sorts: null };
const modified: Column = { id: 'modified', title: 'Modified', width: '10.5rem', sorts: 'modified' };
const size: Column = { id: 'size', title: 'Size', width: '5.5rem', sorts: 'size' };
const kind: Column = { id: 'kind', title: 'Kind', width: '9.5rem', sorts: 'kind' };

/** Below this width rows have two lines and no columns. */
export const compactBelowPx = 600;

/** The columns that fit in a grid of `widthPx`. */
export function folderColumns(widthPx: number): readonly Column[] {
	if (widthPx < compactBelowPx) return [name];
	return widthPx < 780 ? [name, modified, size] : [name, modified, size, kind];
}

/** The same for one of two lists side by side, which stay dense: one looks from one to the other. */
export const halfCompactBelowPx = 320;

export function halfColumns(widthPx: number): readonly Column[] {
	if (widthPx < halfCompactBelowPx) return [name];
	return widthPx < 560 ? [name, size] : folderColumns(Math.max(widthPx, compactBelowPx));
}

/** The same for gathered rows, which also say where each one is. */
export function resultColumns(widthPx: number): readonly Column[] {
	return foundColumns(widthPx).map((column) => ({ ...column, sorts: null }));
}

/** The same where they can be sorted. */
export function foundColumns(widthPx: number): readonly Column[] {
	if (widthPx < compactBelowPx) return [name];
	return widthPx < 860 ? [name, place] : [name, place, modified, size];
}
