import { describe, expect, it } from 'vitest';
import { chordOf, isSingle, type Keystroke } from './keys.ts';

function stroke(key: string, held = '', code = ''): Keystroke {
	return {
		key,
		code,
		shiftKey: held.includes('shift'),
		ctrlKey: held.includes('ctrl'),
		metaKey: held.includes('meta'),
		altKey: held.includes('alt')
	};
}

describe('chords', () => {
	it.each([
		['Mod+K', stroke('k', 'ctrl')],
		['Mod+Shift+L', stroke('L', 'ctrl shift')],
		['Alt+Up', stroke('ArrowUp', 'alt')],
		['Shift+F10', stroke('F10', 'shift')],
		['?', stroke('?', 'shift')],
		['/', stroke('/', 'shift')],
		['Esc', stroke('Escape')],
		['Mod+Space', stroke(' ', 'ctrl')],
		['Menu', stroke('ContextMenu')],
		['Meta+K', stroke('k', 'meta')]
	])('%s elsewhere', (chord, keystroke) => {
		expect(chordOf(keystroke, false)).toBe(chord);
	});

	it.each([
		['Mod+K', stroke('k', 'meta')],
		['Ctrl+K', stroke('k', 'ctrl')],
		['Mod+[', stroke('[', 'meta')],
		['Mod+Shift+A', stroke('a', 'meta shift')]
	])('%s on a Mac', (chord, keystroke) => {
		expect(chordOf(keystroke, true)).toBe(chord);
	});

	it('a command key is where it lies on a layout that has other letters', () => {
		expect(chordOf(stroke('л', 'ctrl', 'KeyK'), false)).toBe('Mod+K');
		expect(chordOf(stroke('л', '', 'KeyK'), false)).toBe('Л');
	});

	it('a modifier alone is none', () => {
		for (const key of ['Shift', 'Control', 'Alt', 'Meta', 'AltGraph']) expect(chordOf(stroke(key), false)).toBeNull();
	});

	it('knows what is a single letter', () => {
		expect(['A', '?', '7', 'Mod+A', 'F2', 'Esc'].map(isSingle)).toEqual([true, true, true, false, false, false]);
	});
});
