import type { Keystroke } from '#ui/files/grid/grid-keys.ts';

/** What a key asks of the explorer, wherever in it the keyboard is. */
export type ExplorerCommand = 'search' | 'path' | 'info' | 'up' | 'back' | 'forward';

function onApple({ key, metaKey, ctrlKey, altKey, shiftKey }: Keystroke): ExplorerCommand | null {
	if (!metaKey || ctrlKey || altKey || shiftKey) return null;
	if (key === 'ArrowUp') return 'up';
	if (key === '[') return 'back';
	if (key === ']') return 'forward';
	if (key === 'i') return 'info';
	return null;
}

function elsewhere({ key, metaKey, ctrlKey, altKey, shiftKey }: Keystroke): ExplorerCommand | null {
	if (!altKey || ctrlKey || metaKey || shiftKey) return null;
	if (key === 'ArrowUp') return 'up';
	if (key === 'ArrowLeft') return 'back';
	if (key === 'ArrowRight') return 'forward';
	if (key === 'Enter') return 'info';
	return null;
}

/** The explorer's command for a keystroke, or null. While one types, only chords are commands. */
export function explorerCommand(stroke: Keystroke, isApple: boolean, isTyping: boolean): ExplorerCommand | null {
	const mod = isApple ? stroke.metaKey && !stroke.ctrlKey : stroke.ctrlKey && !stroke.metaKey;
	if (mod && !stroke.altKey && !stroke.shiftKey) {
		if (stroke.key.toLowerCase() === 'f') return 'search';
		if (stroke.key.toLowerCase() === 'l') return 'path';
	}
	if (isTyping) return null;
	const plain = !stroke.ctrlKey && !stroke.metaKey && !stroke.altKey;
	if (plain && stroke.key === '/') return 'search';
	if (plain && !stroke.shiftKey && stroke.key === 'Backspace') return 'up';
	return isApple ? onApple(stroke) : elsewhere(stroke);
}
