import type { Gesture } from '../selection.ts';

/** What a key asks of the grid. */
export type GridCommand =
	| { readonly type: 'step'; readonly rows: number; readonly gesture: Gesture; readonly keepsSelection: boolean }
	| { readonly type: 'page'; readonly pages: number; readonly gesture: Gesture; readonly keepsSelection: boolean }
	| { readonly type: 'end'; readonly last: boolean; readonly gesture: Gesture; readonly keepsSelection: boolean }
	| { readonly type: 'toggle' }
	| { readonly type: 'all' }
	| { readonly type: 'invert' }
	| { readonly type: 'none' }
	| { readonly type: 'open' };

/** The part of a KeyboardEvent that is looked at. */
export type Keystroke = {
	readonly key: string;
	readonly shiftKey: boolean;
	readonly ctrlKey: boolean;
	readonly metaKey: boolean;
	readonly altKey: boolean;
};

function moveOf(stroke: Keystroke, isApple: boolean): { gesture: Gesture; keepsSelection: boolean } {
	const adds = isApple ? stroke.metaKey : stroke.ctrlKey;
	return {
		gesture: { ranging: stroke.shiftKey, adding: stroke.shiftKey && adds },
		keepsSelection: adds && !stroke.shiftKey
	};
}

/** The grid's command for a keystroke, or null where the key is not the grid's. */
export function gridCommand(stroke: Keystroke, isApple: boolean): GridCommand | null {
	const { key, altKey } = stroke;
	const mod = isApple ? stroke.metaKey : stroke.ctrlKey;
	if (altKey) return null;
	// Cmd with arrows leads elsewhere on a Mac: down opens, up leaves the folder
	if (isApple && stroke.metaKey && key === 'ArrowDown') return { type: 'open' };
	if (isApple && stroke.metaKey && key === 'ArrowUp') return null;
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
		case 'Enter':
			return mod || stroke.shiftKey ? null : { type: 'open' };
		case 'Escape':
			return { type: 'none' };
		case ' ':
			return mod ? { type: 'toggle' } : null;
	}
	if (!mod || stroke.shiftKey) return null;
	if (key.toLowerCase() === 'a') return { type: 'all' };
	if (key.toLowerCase() === 'i' && !isApple) return { type: 'invert' };
	return isApple && key.toLowerCase() === 'o' ? { type: 'open' } : null;
}
