import { nothing, type Ranges } from '../selection.ts';
import type { ScrollSpace } from './scroll-map.ts';

/** Rows at least partly between two heights in the content, whichever comes first. */
export function rowsBetween({ rows, rowPx }: ScrollSpace, oneY: number, otherY: number): Ranges {
	const from = Math.max(0, Math.floor(Math.min(oneY, otherY) / rowPx));
	const to = Math.min(rows, Math.floor(Math.max(oneY, otherY) / rowPx) + 1);
	return to > from ? [{ from, to }] : nothing;
}

/** Nearer to an edge than this, the list begins to scroll. */
const edgePx = 24;
/** Reached some 200 px beyond an edge. */
const stepMaxPx = 60;

/** How far to scroll in one frame while the pointer is at `y` of a view `viewPx` high: faster the further beyond. */
export function scrollStep(y: number, viewPx: number): number {
	const beyond = y < edgePx ? y - edgePx : y > viewPx - edgePx ? y - (viewPx - edgePx) : 0;
	return Math.max(-stepMaxPx, Math.min(stepMaxPx, beyond / 4));
}
