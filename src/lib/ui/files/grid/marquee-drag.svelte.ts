import { commandKey } from '#ui/primitives/keys.ts';
import { nothing, union, type Ranges } from '../selection.ts';
import type { GridView } from './grid-view.svelte.ts';
import { rowsBetween, scrollStep } from './marquee.ts';

/** In pixels of what the scrolled element holds. */
export type MarqueeBox = {
	readonly left: number;
	readonly top: number;
	readonly width: number;
	readonly height: number;
};

/** A pointer that moves less than this has clicked. */
const slackPx = 5;

type Start = { readonly x: number; readonly contentY: number; readonly clientY: number; readonly base: Ranges };

/** Chooses rows by a rectangle that a mouse draws beside the names, scrolling where it leaves the view. */
export class MarqueeDrag {
	/** What to draw; null while nothing is drawn. */
	box: MarqueeBox | null = $state.raw(null);
	#start: Start | null = null;
	#pointer = { x: 0, y: 0 };
	#frame = 0;

	/** Hears the pointer on the scrolled `element` of `view` until the returned function is called. */
	attach(element: HTMLElement, view: GridView): () => void {
		const { viewport } = view;
		const place = (event: PointerEvent): { x: number; y: number } => {
			const box = element.getBoundingClientRect();
			return { x: event.clientX - box.left, y: event.clientY - box.top };
		};
		const update = (): void => {
			const start = this.#start;
			if (start === null) return;
			const { x, y } = this.#pointer;
			const { contentPx, viewPx, space } = viewport;
			const contentY = y + contentPx;
			const rows = rowsBetween(space, start.contentY, contentY);
			const last = rows[0];
			const focus = last === undefined ? null : contentY < start.contentY ? last.from : last.to - 1;
			view.chooseRanges(union(start.base, rows), focus);
			// Only what is seen of it: taller than the view it would be too tall for a browser.
			const top = Math.max(Math.min(start.contentY, contentY) - contentPx, -slackPx);
			const bottom = Math.min(Math.max(start.contentY, contentY) - contentPx, viewPx + slackPx);
			const [left, right] = [Math.max(0, Math.min(start.x, x)), Math.min(element.clientWidth, Math.max(start.x, x))];
			this.box = { left, top: top + element.scrollTop, width: right - left, height: bottom - top };
		};
		const scroll = (): void => {
			const step = scrollStep(this.#pointer.y, viewport.viewPx);
			if (step !== 0) viewport.scrollTo(viewport.contentPx + step);
			update();
			this.#frame = requestAnimationFrame(scroll);
		};
		const down = (event: PointerEvent): void => {
			const { target } = event;
			const isOnName =
				target instanceof Element &&
				target.closest('.name bdi, .kind-sign, [draggable="true"], [data-name-edit]') !== null;
			const { x, y } = place(event);
			if (event.button !== 0 || event.pointerType === 'touch' || event.shiftKey || isOnName) return;
			if (x >= element.clientWidth) return;
			const base = commandKey(event) ? view.choice.ranges : nothing;
			this.#start = { x, contentY: y + viewport.contentPx, clientY: event.clientY, base };
		};
		const move = (event: PointerEvent): void => {
			const start = this.#start;
			if (start === null) return;
			this.#pointer = place(event);
			if (this.box !== null) return update();
			if (Math.hypot(this.#pointer.x - start.x, event.clientY - start.clientY) < slackPx) return;
			element.setPointerCapture(event.pointerId);
			update();
			this.#frame = requestAnimationFrame(scroll);
		};
		const stop = (): void => {
			const isDrawn = this.box !== null;
			cancelAnimationFrame(this.#frame);
			this.#start = null;
			this.box = null;
			if (!isDrawn) return;
			// The click that follows is the end of the rectangle, and no click on what lies there.
			const swallow = (event: Event): void => event.stopPropagation();
			element.addEventListener('click', swallow, { capture: true, once: true });
			setTimeout(() => element.removeEventListener('click', swallow, { capture: true }));
			if (view.choice.focus !== null) view.takeFocus();
		};
		element.addEventListener('pointerdown', down);
		element.addEventListener('pointermove', move);
		for (const type of ['pointerup', 'pointercancel'] as const) element.addEventListener(type, stop);
		return () => {
			stop();
			element.removeEventListener('pointerdown', down);
			element.removeEventListener('pointermove', move);
			for (const type of ['pointerup', 'pointercancel'] as const) element.removeEventListener(type, stop);
		};
	}
}
