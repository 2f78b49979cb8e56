/**
 * Which slot (a row element that lives as long as the grid) shows which row.
 *
 * A row that stays in view keeps its slot, so nothing of it is drawn again; and the row that has the keyboard keeps
 * its slot even far outside the view, because an element that is taken away takes the focus with it.
 */

/** `rows[slot]` is the index shown there, or -1 for none. */
export function assignSlots(rows: readonly number[], from: number, to: number, pinned: number | null): number[] {
	const result = rows.map((row) => ((row >= from && row < to) || row === pinned ? row : -1));
	const shown = new Set(result);
	let slot = 0;
	for (let row = from; row < to; row++) {
		if (shown.has(row)) continue;
		while (slot < result.length && result[slot] !== -1) slot++;
		if (slot === result.length) break;
		result[slot] = row;
	}
	return result;
}
