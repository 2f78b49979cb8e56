import {
	contentHeightPx,
	nativeHeightPx,
	nativeMaxPx,
	rested,
	reveal,
	rowsInView,
	scrolled,
	toNative,
	type ScrollPlace,
	type ScrollSpace
} from './scroll-map.ts';
import { assignSlots } from './recycling.ts';

/** Rows drawn beyond the view on each side, so that a quick flick finds them there. */
const extraRows = 12;
/** Row elements at most, whatever the height of the window. */
const slotsMax = 118;
/** Rows this far from the canvas' own first row make it move: beyond, positions would lose their sub-pixel. */
const canvasRows = 4096;
const restAfterMs = 140;

/** A row element, which shows one row now and another when it is scrolled past. */
export class Slot {
	index: number = $state(-1);
}

/** What of a long list is in view, where its rows stand on the screen, and how to bring others there. */
export class Viewport {
	rowPx: number = $state(32);
	rows: number = $state(0);
	slots: readonly Slot[] = $state.raw([]);
	/** The row that the keyboard is on: its element stays even when it is out of view. */
	pinned: number | null = null;
	/** Rows are on their way: their elements are made while they are waited for. */
	expecting = false;
	onRest: (() => void) | null = null;
	/** The same for who draws the rows. */
	onDrawn: (() => void) | null = null;
	onWindow: ((from: number, to: number) => void) | null = null;
	#viewPx: number = $state(0);
	#maxPx: number = $state(nativeMaxPx(1));
	#place: ScrollPlace = $state.raw({ nativePx: 0, contentPx: 0 });
	/** The row at the canvas' upper edge, and where that edge is in the native area. */
	canvasRow: number = $state(0);
	canvasPx: number = $state(0);
	#element: HTMLElement | null = null;
	#restTimer: ReturnType<typeof setTimeout> | null = null;
	#touching = false;

	get space(): ScrollSpace {
		return { rows: this.rows, rowPx: this.rowPx, viewPx: this.#viewPx, nativeMaxPx: this.#maxPx };
	}
	get heightPx(): number {
		return nativeHeightPx(this.space);
	}
	get viewPx(): number {
		return this.#viewPx;
	}
	/** Where the upper edge of the view stands in the content. */
	get contentPx(): number {
		return this.#place.contentPx;
	}
	/** The first row that is seen at least by half. */
	get firstRow(): number {
		return Math.max(0, Math.min(this.rows - 1, Math.round(this.#place.contentPx / this.rowPx)));
	}
	/** Rows that fit wholly: how far Page Down goes. */
	get pageRows(): number {
		return Math.max(1, Math.floor(this.#viewPx / this.rowPx));
	}

	/** Follows `element`'s size and scrolling until the returned function is called. */
	attach(element: HTMLElement): () => void {
		this.#element = element;
		const measure = (): void => {
			// Rounded down, as `clientHeight` may be more than there is: the last row would not come wholly into view.
			this.#viewPx = Math.floor(element.getBoundingClientRect().height);
			this.#maxPx = nativeMaxPx(window.devicePixelRatio);
			this.#settle();
		};
		const observer = new ResizeObserver(measure);
		observer.observe(element);
		const onScroll = (): void => this.#onScroll();
		const onScrollEnd = (): void => this.#rest();
		const onTouch = (event: TouchEvent): void => {
			this.#touching = event.touches.length > 0;
		};
		element.addEventListener('scroll', onScroll, { passive: true });
		element.addEventListener('scrollend', onScrollEnd, { passive: true });
		for (const type of ['touchstart', 'touchend', 'touchcancel'] as const)
			element.addEventListener(type, onTouch, { passive: true });
		measure();
		return () => {
			observer.disconnect();
			element.removeEventListener('scroll', onScroll);
			element.removeEventListener('scrollend', onScrollEnd);
			for (const type of ['touchstart', 'touchend', 'touchcancel'] as const) element.removeEventListener(type, onTouch);
			if (this.#restTimer !== null) clearTimeout(this.#restTimer);
			this.#element = null;
		};
	}

	/** Takes the number and height of rows; the place is kept as far as it still exists. */
	resize(rows: number, rowPx: number): void {
		if (rows === this.rows && rowPx === this.rowPx) return;
		const first = this.#place.contentPx / this.rowPx;
		const isSame = rowPx === this.rowPx;
		this.rows = rows;
		this.rowPx = rowPx;
		if (!isSame) this.#place = { ...this.#place, contentPx: first * rowPx };
		this.#settle();
	}

	#onScroll(): void {
		const element = this.#element;
		if (element === null || element.scrollTop === this.#place.nativePx) return;
		this.#place = scrolled(this.space, this.#place, element.scrollTop);
		this.#draw();
		if (this.#restTimer !== null) clearTimeout(this.#restTimer);
		this.#restTimer = setTimeout(() => this.#rest(), restAfterMs);
	}

	/** Scrolling has come to rest: the drift is taken out and the place is told. */
	#rest(): void {
		if (this.#touching) return;
		if (this.#restTimer !== null) clearTimeout(this.#restTimer);
		this.#restTimer = null;
		const wanted = rested(this.space, this.#place);
		if (wanted !== null) this.#setNative(wanted);
		this.onRest?.();
		this.onDrawn?.();
	}

	#setNative(nativePx: number): void {
		const element = this.#element;
		if (element === null) return;
		element.scrollTop = nativePx;
		this.#place = { nativePx: element.scrollTop, contentPx: this.#place.contentPx };
		this.#draw();
	}

	/** Puts the view's upper edge at `contentPx`, as far as there are rows. */
	scrollTo(contentPx: number): void {
		const most = Math.max(0, contentHeightPx(this.space) - this.#viewPx);
		const target = Math.min(Math.max(0, contentPx), most);
		this.#place = { ...this.#place, contentPx: target };
		// the area's new height must be in the document before it can be scrolled to
		const element = this.#element;
		const sizer = element?.querySelector<HTMLElement>('[data-sizer]');
		const height = `${this.heightPx}px`;
		if (sizer && sizer.style.height !== height) sizer.style.height = height;
		this.#setNative(toNative(this.space, target));
	}

	scrollToRow(index: number): void {
		this.scrollTo(index * this.rowPx);
	}

	/** Brings a row into view, moving as little as possible; a far one comes to the middle. */
	reveal(index: number): void {
		const target = reveal(this.space, this.#place.contentPx, index);
		if (target === this.#place.contentPx) return;
		const isFar = Math.abs(target - this.#place.contentPx) > this.#viewPx * 1.5;
		const isEnd = index === 0 || index === this.rows - 1;
		this.scrollTo(isFar && !isEnd ? index * this.rowPx - (this.#viewPx - this.rowPx) / 2 : target);
	}

	#settle(): void {
		this.scrollTo(this.#place.contentPx);
	}

	/** Says which row shows which index, and where. */
	#draw(): void {
		const { nativePx, contentPx } = this.#place;
		const { from, to } = rowsInView(this.space, contentPx, extraRows);
		if (Math.abs(from - this.canvasRow) > canvasRows) this.canvasRow = from;
		this.canvasPx = this.canvasRow * this.rowPx - contentPx + nativePx;
		this.#fitSlots();
		const shown = assignSlots(
			this.slots.map((slot) => slot.index),
			from,
			Math.min(to, from + slotsMax),
			this.pinned
		);
		for (const [at, slot] of this.slots.entries()) slot.index = shown[at] ?? -1;
		this.onWindow?.(from, to);
	}

	/** As many elements as a full view needs, and one for the row that the keyboard is on. */
	#fitSlots(): void {
		const full = Math.min(slotsMax, Math.ceil(this.#viewPx / this.rowPx) + 1 + 2 * extraRows);
		const wanted = (this.expecting ? full : Math.min(this.rows, full)) + 1;
		if (this.slots.length >= wanted) return;
		const more = Array.from({ length: wanted - this.slots.length }, () => new Slot());
		this.slots = [...this.slots, ...more];
	}

	/** Where a row stands on the canvas. A pinned row far away waits just outside of it. */
	rowTopPx(index: number): number {
		const away = index - this.canvasRow;
		return Math.max(-2 * canvasRows, Math.min(2 * canvasRows, away)) * this.rowPx;
	}
}
