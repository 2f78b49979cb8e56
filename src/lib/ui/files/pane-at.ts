import type { Abilities } from '#ui/actions/abilities.svelte.ts';
import type { Explorer } from './explorer.svelte.ts';

/** The folder on the screen that an element lies in, of one or of two side by side; null outside of them. */
export function explorerAt({ panes }: Abilities, target: EventTarget | null): Explorer | null {
	const pane = target instanceof Element ? target.closest<HTMLElement>('[data-pane]') : null;
	if (pane === null || panes === null) return null;
	return pane.dataset['pane'] === 'active' ? panes.active : panes.other;
}
