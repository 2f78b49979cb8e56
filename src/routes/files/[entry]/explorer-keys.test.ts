import { describe, expect, it } from 'vitest';
import { explorerCommand } from './explorer-keys.ts';

function command(keys: string, isApple = false, isTyping = false) {
	const parts = keys.split('+');
	const stroke = {
		key: parts.at(-1) ?? '',
		shiftKey: parts.includes('Shift'),
		ctrlKey: parts.includes('Ctrl'),
		metaKey: parts.includes('Cmd'),
		altKey: parts.includes('Alt')
	};
	return explorerCommand(stroke, isApple, isTyping);
}

describe('keys of the explorer', () => {
	it.each([
		['/', 'search'],
		['Ctrl+f', 'search'],
		['Ctrl+l', 'path'],
		['Alt+ArrowUp', 'up'],
		['Backspace', 'up'],
		['Alt+ArrowLeft', 'back'],
		['Alt+ArrowRight', 'forward'],
		['Alt+Enter', 'info']
	])('%s elsewhere', (keys, expected) => {
		expect(command(keys)).toBe(expected);
	});

	it.each([
		['Cmd+f', 'search'],
		['Cmd+l', 'path'],
		['Cmd+ArrowUp', 'up'],
		['Cmd+[', 'back'],
		['Cmd+]', 'forward'],
		['Cmd+i', 'info']
	])('%s on a Mac', (keys, expected) => {
		expect(command(keys, true)).toBe(expected);
	});

	it('letters are text while one types, chords are not', () => {
		expect(command('/', false, true)).toBeNull();
		expect(command('Backspace', false, true)).toBeNull();
		expect(command('Alt+ArrowLeft', false, true)).toBeNull();
		expect(command('Ctrl+l', false, true)).toBe('path');
	});

	it.each(['a', 'Shift+Backspace', 'Ctrl+Shift+f', 'ArrowUp'])('%s is left to others', (keys) => {
		expect(command(keys)).toBeNull();
	});
});
