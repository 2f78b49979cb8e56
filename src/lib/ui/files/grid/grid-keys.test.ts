import { describe, expect, it } from 'vitest';
import { gridCommand, type Keystroke } from './grid-keys.ts';

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
		['Shift+End', { type: 'end', last: true, gesture: { ranging: true, adding: false } }],
		['Ctrl+Space', { type: 'toggle' }],
		['Ctrl+a', { type: 'all' }],
		['Ctrl+i', { type: 'invert' }],
		['Escape', { type: 'none' }],
		['Enter', { type: 'open' }]
	])('%s elsewhere', (keys, command) => {
		expect(gridCommand(stroke(keys), false)).toMatchObject(command);
	});

	it.each([
		['Cmd+a', { type: 'all' }],
		['Cmd+o', { type: 'open' }],
		['Cmd+ArrowDown', { type: 'open' }],
		['Cmd+Space', { type: 'toggle' }]
	])('%s on a Mac', (keys, command) => {
		expect(gridCommand(stroke(keys), true)).toMatchObject(command);
	});

	it.each(['Alt+ArrowUp', 'Alt+Enter', 'a', 'Ctrl+f', 'Tab', 'Space'])('%s is left to others', (keys) => {
		expect(gridCommand(stroke(keys), false)).toBeNull();
	});

	it('Cmd with arrow up leaves the folder on a Mac', () => {
		expect(gridCommand(stroke('Cmd+ArrowUp'), true)).toBeNull();
	});
});
