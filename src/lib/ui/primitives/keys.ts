/** Whether the command key of this machine is Cmd rather than Ctrl. */
export const isApple =
	typeof navigator !== 'undefined' && /mac|iphone|ipad/i.test(navigator.platform || navigator.userAgent);

/** The key that turns a click or a letter into a command here. */
export function commandKey(event: KeyboardEvent | MouseEvent): boolean {
	return isApple ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey;
}

const appleSigns: Readonly<Record<string, string>> = {
	Mod: '⌘',
	Alt: '⌥',
	Shift: '⇧',
	Ctrl: '⌃',
	Enter: '↩',
	Up: '↑',
	Down: '↓',
	Left: '←',
	Right: '→'
};
const otherSigns: Readonly<Record<string, string>> = { Mod: 'Ctrl', Up: '↑', Down: '↓', Left: '←', Right: '→' };

/** A chord such as `Mod+L` as this machine's people write it. */
export function keyWords(keys: string): string {
	const parts = keys.split('+').map((part) => (isApple ? appleSigns : otherSigns)[part] ?? part);
	return parts.join(isApple ? '' : '+');
}

/** A chord as `aria-keyshortcuts` wants it: `Control+ArrowUp`. */
export function ariaKeys(keys: string): string {
	const names: Readonly<Record<string, string>> = {
		Mod: isApple ? 'Meta' : 'Control',
		Ctrl: 'Control',
		Esc: 'Escape',
		Menu: 'ContextMenu'
	};
	const parts = keys.split('+').map((part) => names[part] ?? part);
	return parts.map((part) => (/^(Up|Down|Left|Right)$/.test(part) ? `Arrow${part}` : part)).join('+');
}

/** Whether typing goes into a field, so that letters are not commands. */
export function isTyping(event: Event): boolean {
	const target = event.target;
	return (
		target instanceof HTMLInputElement ||
		target instanceof HTMLTextAreaElement ||
		target instanceof HTMLSelectElement ||
		(target instanceof HTMLElement && target.isContentEditable)
	);
}

/** The part of a KeyboardEvent that is looked at. */
export type Keystroke = {
	readonly key: string;
	/** The key's place on the keyboard: tells a letter where the layout has none of ours. */
	readonly code?: string;
	readonly shiftKey: boolean;
	readonly ctrlKey: boolean;
	readonly metaKey: boolean;
	readonly altKey: boolean;
};

const keyNames: Readonly<Record<string, string>> = {
	ArrowUp: 'Up',
	ArrowDown: 'Down',
	ArrowLeft: 'Left',
	ArrowRight: 'Right',
	Escape: 'Esc',
	' ': 'Space',
	ContextMenu: 'Menu'
};
const modifiers = new Set(['Shift', 'Control', 'Alt', 'AltGraph', 'Meta', 'OS', 'CapsLock', 'Dead', 'Unidentified']);

/**
 * A keystroke as a chord: `Mod+K`, `Shift+F10`, `?`; null while only modifiers are held. A sign that takes Shift to
 * type is itself: where it lies differs between layouts.
 */
export function chordOf(stroke: Keystroke, onApple: boolean = isApple): string | null {
	if (modifiers.has(stroke.key)) return null;
	const isSign = stroke.key.length === 1 && stroke.key !== ' ';
	const place = /^Key([A-Z])$/.exec(stroke.code ?? '')?.[1];
	const isCommand = stroke.ctrlKey || stroke.metaKey || stroke.altKey;
	const isOurs = /^[\x21-\x7e]$/.test(stroke.key);
	const key = isSign ? (isCommand && !isOurs && place !== undefined ? place : stroke.key.toUpperCase()) : stroke.key;
	const isLetter = /^\p{Lu}$/u.test(key);
	const parts: string[] = [];
	if (onApple ? stroke.metaKey : stroke.ctrlKey) parts.push('Mod');
	if (onApple && stroke.ctrlKey) parts.push('Ctrl');
	if (!onApple && stroke.metaKey) parts.push('Meta');
	if (stroke.altKey) parts.push('Alt');
	if (stroke.shiftKey && (!isSign || isLetter)) parts.push('Shift');
	return [...parts, keyNames[key] ?? key].join('+');
}

/** Whether a chord is one letter, digit or sign and nothing else. */
export function isSingle(chord: string): boolean {
	return [...chord].length === 1;
}
