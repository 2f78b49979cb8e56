import { describe, expect, it } from 'vitest';
import type { Keystroke } from '#ui/primitives/keys.ts';
import { gridCommand } from './grid-keys.ts';

function stroke(keys: string): Keystroke {
	const parts = keys.split('+');
	return {
		key: parts.at(-1) === 'Space' ? ' ' : (parts.at(-1) ?? ''),
		shiftKey: parts.includes('Shift'),
		ctrlKey: parts.includes('Ctrl'),
		metaKey: parts.includes('Cmd'),
		altKey: parts.includes('Alt')
	};
}

describe('keys of the grid', () => {
	it.each([
		['ArrowDown', { type: 'step', rows: 1, keepsSelection: false }],
		['Shift+ArrowUp', { type: 'step', rows: -1, gesture: { ranging: true, adding: false } }],
		['Ctrl+ArrowDown', { type: 'step', rows: 1, keepsSelection: true }],
		['Ctrl+Shift+ArrowDown', { type: 'step', gesture: { ranging: true, adding: true }, keepsSelection: false }],
		['PageDown', { type: 'page', pages: 1 }],
		['Home', { type: 'end', last: false }],
		['Shift+End', { type: 'end', last: true, gesture: { ranging: true, adding: false } }]
	])('%s elsewhere', (keys, command) => {
		expect(gridCommand(stroke(keys), false)).toMatchObject(command);
	});

	it.each(['Alt+ArrowUp', 'Enter', 'Escape', 'a', 'Ctrl+a', 'Tab', 'Space'])('%s is left to others', (keys) => {
		expect(gridCommand(stroke(keys), false)).toBeNull();
	});

	it.each(['Cmd+ArrowUp', 'Cmd+ArrowDown'])('%s leads elsewhere on a Mac', (keys) => {
		expect(gridCommand(stroke(keys), true)).toBeNull();
	});
});
