const pressMs = 450;
const driftMaxPx = 10;

/** Calls `onPress` when a finger rests on `element`; the click that would follow is held back. Returns what stops it. */
export function watchLongPress(
	element: HTMLElement,
	onPress: (target: EventTarget | null, at: { readonly x: number; readonly y: number }) => void
): () => void {
	let timer: ReturnType<typeof setTimeout> | null = null;
	let start = { x: 0, y: 0 };
	let pressed = false;

	const stop = (): void => {
		if (timer !== null) clearTimeout(timer);
		timer = null;
	};
	const down = (event: PointerEvent): void => {
		stop();
		pressed = false;
		if (event.pointerType !== 'touch') return;
		start = { x: event.clientX, y: event.clientY };
		timer = setTimeout(() => {
			pressed = true;
			onPress(event.target, start);
		}, pressMs);
	};
	const move = (event: PointerEvent): void => {
		if (Math.hypot(event.clientX - start.x, event.clientY - start.y) > driftMaxPx) stop();
	};
	const holdBack = (event: Event): void => {
		if (!pressed) return;
		pressed = false;
		event.preventDefault();
		event.stopPropagation();
	};
	const menu = (event: Event): void => {
		if (timer !== null || pressed) event.preventDefault();
	};

	element.addEventListener('pointerdown', down);
	element.addEventListener('pointermove', move);
	for (const type of ['pointerup', 'pointercancel'] as const) element.addEventListener(type, stop);
	element.addEventListener('click', holdBack, { capture: true });
	element.addEventListener('contextmenu', menu);
	return () => {
		stop();
		element.removeEventListener('pointerdown', down);
		element.removeEventListener('pointermove', move);
		for (const type of ['pointerup', 'pointercancel'] as const) element.removeEventListener(type, stop);
		element.removeEventListener('click', holdBack, { capture: true });
		element.removeEventListener('contextmenu', menu);
	};
}
