import type { Keystroke } from '#ui/primitives/keys.ts';
import type { Gesture } from '../selection.ts';

/** How a key moves in the grid. What else keys do there are abilities, with keys that a person may change. */
export type GridCommand =
	| { readonly type: 'step'; readonly rows: number; readonly gesture: Gesture; readonly keepsSelection: boolean }
	| { readonly type: 'page'; readonly pages: number; readonly gesture: Gesture; readonly keepsSelection: boolean }
	| { readonly type: 'end'; readonly last: boolean; readonly gesture: Gesture; readonly keepsSelection: boolean }
	| { readonly type: 'toggle' };

function moveOf(stroke: Keystroke, isApple: boolean): { gesture: Gesture; keepsSelection: boolean } {
	const adds = isApple ? stroke.metaKey : stroke.ctrlKey;
	return {
		gesture: { ranging: stroke.shiftKey, adding: stroke.shiftKey && adds },
		keepsSelection: adds && !stroke.shiftKey
	};
}

/** The move that a keystroke asks for, or null where the key does not move. */
export function gridCommand(stroke: Keystroke, isApple: boolean): GridCommand | null {
	const { key, altKey } = stroke;
	// Cmd with arrows leads elsewhere on a Mac: down opens, up leaves the folder
	if (altKey || (isApple && stroke.metaKey && key.startsWith('Arrow'))) return null;
	const move = moveOf(stroke, isApple);
	switch (key) {
		case 'ArrowDown':
			return { type: 'step', rows: 1, ...move };
		case 'ArrowUp':
			return { type: 'step', rows: -1, ...move };
		case 'PageDown':
			return { type: 'page', pages: 1, ...move };
		case 'PageUp':
			return { type: 'page', pages: -1, ...move };
		case 'Home':
			return { type: 'end', last: false, ...move };
		case 'End':
			return { type: 'end', last: true, ...move };
	}
	return null;
}
