/** `Node.moveBefore`: moves an element without taking the focus from it. Not in every browser, nor in TypeScript. */
type Movable = HTMLElement & { moveBefore(node: Node, child: Node | null): void };

function canMove(element: HTMLElement): element is Movable {
	return 'moveBefore' in element && typeof element.moveBefore === 'function';
}

/**
 * Puts recycled rows into the order in which they are seen, so that a screen reader that reads on finds the next row.
 * To be called when scrolling rests; where the browser cannot move an element that has the focus, nothing is done.
 */
export function orderRows(canvas: HTMLElement): void {
	if (!canMove(canvas)) return;
	const rows = [...canvas.children].filter((row): row is HTMLElement => row instanceof HTMLElement);
	const place = (row: HTMLElement): number => Number(row.dataset['index'] ?? Infinity);
	let before: Element | null = null;
	for (const row of rows.toSorted((a, b) => place(a) - place(b))) {
		const next: Element | null = before === null ? canvas.firstElementChild : before.nextElementSibling;
		if (next !== row) canvas.moveBefore(row, next);
		before = row;
	}
}
