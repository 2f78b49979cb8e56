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

/** Whether typing goes into a field, so that letters are not commands. */
export function isTyping(event: KeyboardEvent): boolean {
	const target = event.target;
	return (
		target instanceof HTMLInputElement ||
		target instanceof HTMLTextAreaElement ||
		target instanceof HTMLSelectElement ||
		(target instanceof HTMLElement && target.isContentEditable)
	);
}
