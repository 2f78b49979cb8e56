import type { Abilities } from '#ui/actions/abilities.svelte.ts';
import type { ShownRows } from './shown-rows.svelte.ts';

/** The rows on the screen that an element lies among, of one list or of two side by side; null outside of them. */
export function rowsAt({ rows, panes }: Abilities, target: EventTarget | null): ShownRows | null {
	const pane = target instanceof Element ? target.closest<HTMLElement>('[data-pane]') : null;
	if (pane === null) return null;
	return pane.dataset['pane'] === 'active' ? rows : (panes?.other ?? null);
}
