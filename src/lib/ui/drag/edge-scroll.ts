import { scrollStep } from '#ui/files/grid/marquee.ts';

function scrollerOf(target: EventTarget | null): HTMLElement | null {
	let element = target instanceof Element ? target.closest<HTMLElement>('*') : null;
	for (; element !== null; element = element.parentElement) {
		const isTall = element.scrollHeight > element.clientHeight;
		if (isTall && /auto|scroll/.test(getComputedStyle(element).overflowY)) return element;
	}
	return null;
}

/** Scrolls the list under the pointer of a drag while that is near its upper or lower edge. */
export class EdgeScroll {
	#scroller: HTMLElement | null = null;
	#y = 0;
	#frame = 0;

	/** The pointer is at the height `y` of the window, over `target`. */
	at(target: EventTarget | null, y: number): void {
		this.#scroller = scrollerOf(target);
		this.#y = y;
		if (this.#frame === 0) this.#frame = requestAnimationFrame(this.#step);
	}

	readonly #step = (): void => {
		const scroller = this.#scroller;
		if (scroller !== null) {
			const { top, height } = scroller.getBoundingClientRect();
			// A pointer beyond the edge is over something else by then.
			const step = scrollStep(this.#y - top, height);
			if (step !== 0) scroller.scrollTop += step;
		}
		this.#frame = requestAnimationFrame(this.#step);
	};

	stop(): void {
		cancelAnimationFrame(this.#frame);
		this.#frame = 0;
		this.#scroller = null;
	}
}
