/**
 * Puts recycled rows into the order in which they are seen, so that a screen reader that reads on finds the next row.
 *
 * The row that has the keyboard stays where it is and the others go around it: an element that is moved loses the
 * focus, and `moveBefore`, which keeps it, has the browser scroll the whole view to that element.
 */
export function orderRows(canvas: HTMLElement): void {
	const rows = [...canvas.children].filter((row): row is HTMLElement => row instanceof HTMLElement);
	const place = (row: HTMLElement): number => Number(row.dataset['index'] ?? Infinity);
	const sorted = rows.toSorted((a, b) => place(a) - place(b));
	const still = Math.max(
		0,
		sorted.findIndex((row) => row.contains(document.activeElement))
	);
	for (let at = still - 1; at >= 0; at--) {
		const [row, next] = [sorted[at], sorted[at + 1]];
		if (row !== undefined && row.nextElementSibling !== next) next?.before(row);
	}
	for (let at = still + 1; at < sorted.length; at++) {
		const [row, previous] = [sorted[at], sorted[at - 1]];
		if (row !== undefined && row.previousElementSibling !== previous) previous?.after(row);
	}
}
