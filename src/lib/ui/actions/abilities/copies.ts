import CopyMinus from '@lucide/svelte/icons/copy-minus';
import { removeCopies } from '#ui/files/remove-copies.ts';
import { isElsewhere, type Ability, type AbilityContext } from '../ability.ts';

const mayRepeat = ({ selection, entry }: AbilityContext): boolean =>
	selection.count > 1 || (entry !== null && entry.kind !== 'symlink');

/** What there is to do with files that are there more than once. */
export const copyAbilities: readonly Ability[] = [
	{
		id: 'files.deduplicate',
		title: 'Remove duplicates…',
		also: 'dedupe copies same keep one',
		icon: CopyMinus,
		group: 'files',
		part: 'index',
		places: ['rows', 'space'],
		when: (context) => context.view !== null && context.view !== 'sizes' && mayRepeat(context) && !isElsewhere(context),
		run: ({ app, selection, entry }) =>
			void removeCopies(app, entry === null ? { entries: [...selection.ids()] } : { entry })
	}
];
