/**
 * Any number of rows in one native scroll area.
 *
 * Browsers stop growing an element at some 2^25 device pixels. Beyond that the area is shorter than its content:
 * near both ends a native pixel is a content pixel, between them one stands for several. A small move (wheel, touch)
 * is followed pixel by pixel wherever it happens; a large one (the scrollbar's thumb, a jump) goes to the place that
 * the area stands for. What following pixel by pixel leaves as drift is taken out when the scrolling rests.
 */

/** Heights in CSS pixels. `nativeMaxPx` is how tall the browser lets an element be. */
export type ScrollSpace = {
	readonly rows: number;
	readonly rowPx: number;
	readonly viewPx: number;
	readonly nativeMaxPx: number;
};

/** `nativePx` is the element's scrollTop; `contentPx` is where in the rows the view's upper edge stands. */
export type ScrollPlace = { readonly nativePx: number; readonly contentPx: number };

/** Below every engine's own limit, with room for what else is in the area. */
const deviceHeightMaxPx = 15_000_000;

export function nativeMaxPx(devicePixelRatio: number): number {
	return Math.floor(deviceHeightMaxPx / Math.max(1, devicePixelRatio));
}

export function contentHeightPx(space: ScrollSpace): number {
	return space.rows * space.rowPx;
}

/** How tall to make the element inside the scroll area. */
export function nativeHeightPx(space: ScrollSpace): number {
	return Math.min(contentHeightPx(space), space.nativeMaxPx);
}

type Spans = { content: number; native: number; edge: number; scale: number };

/** How far each of the two can scroll, how long the exact stretch at each end is, and the scale between them. */
function spansOf(space: ScrollSpace): Spans {
	const content = Math.max(0, contentHeightPx(space) - space.viewPx);
	const native = Math.max(0, nativeHeightPx(space) - space.viewPx);
	const edge = native / 4;
	const scale = native === content ? 1 : (content - 2 * edge) / (native - 2 * edge);
	return { content, native, edge, scale };
}

function clamp(value: number, max: number): number {
	return Math.min(Math.max(0, value), max);
}

/** The place in the content that a native position stands for. Rises with it, and the ends meet. */
export function toContent(space: ScrollSpace, nativePx: number): number {
	const { content, native, edge, scale } = spansOf(space);
	const at = clamp(nativePx, native);
	if (at <= edge) return at;
	if (at >= native - edge) return content - (native - at);
	return edge + (at - edge) * scale;
}

/** The native position that stands for a place in the content: the inverse of `toContent`. */
export function toNative(space: ScrollSpace, contentPx: number): number {
	const { content, native, edge, scale } = spansOf(space);
	const at = clamp(contentPx, content);
	if (at <= edge) return at;
	if (at >= content - edge) return native - (content - at);
	return edge + (at - edge) / scale;
}

/** Where the view stands after the area scrolled itself to `nativePx`. */
export function scrolled(space: ScrollSpace, before: ScrollPlace, nativePx: number): ScrollPlace {
	const { content, native } = spansOf(space);
	const moved = nativePx - before.nativePx;
	const near = Math.abs(moved) <= space.viewPx;
	const contentPx = near ? before.contentPx + moved : toContent(space, nativePx);
	// A view that is not a whole number of pixels high comes to its end up to a pixel before ours.
	const isAtEnd = nativePx >= native - 1;
	const ended = nativePx <= 0 ? 0 : isAtEnd ? content : contentPx;
	// At an end of the native area the content may not be at its own end when drift got there first: `rested` mends it.
	const moves = isAtEnd && content - contentPx <= 1 ? content : contentPx;
	return { nativePx, contentPx: clamp(near ? moves : ended, content) };
}

/** The native position to set once scrolling rests, so that the thumb tells the truth; null when it does. */
export function rested(space: ScrollSpace, place: ScrollPlace): number | null {
	const wanted = toNative(space, place.contentPx);
	return Math.abs(wanted - place.nativePx) < 1 ? null : wanted;
}

/** Where to scroll so that row `index` is wholly in view, moving as little as possible. */
export function reveal(space: ScrollSpace, contentPx: number, index: number): number {
	const top = index * space.rowPx;
	if (top < contentPx) return top;
	const bottom = top + space.rowPx;
	return bottom > contentPx + space.viewPx ? bottom - space.viewPx : contentPx;
}

/** The rows that are at least partly in view, `from` up to but not including `to`, with `extra` on both sides. */
export function rowsInView(space: ScrollSpace, contentPx: number, extra: number): { from: number; to: number } {
	const from = Math.max(0, Math.floor(contentPx / space.rowPx) - extra);
	const to = Math.min(space.rows, Math.ceil((contentPx + space.viewPx) / space.rowPx) + extra);
	return { from: Math.min(from, to), to };
}
