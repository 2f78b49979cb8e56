import type { AbilityContext } from '../ability.ts';

/** What is chosen, else the row that the keyboard is on. */
export function meant({ selection, focused }: AbilityContext): readonly number[] {
	if (selection.count > 0) return [...selection.ids()];
	return focused === null ? [] : [focused.id];
}

export const isAny = ({ selection, focused }: AbilityContext): boolean => selection.count > 0 || focused !== null;
