import Star from '@lucide/svelte/icons/star';
import Tags from '@lucide/svelte/icons/tags';
import type { App } from '#ui/shell/app.svelte.ts';
import { always, onAll, type Ability, type AbilityContext } from '../ability.ts';

/** What is chosen, else the row that the keyboard is on. */
function meant({ selection, focused }: AbilityContext): readonly number[] {
	if (selection.count > 0) return [...selection.ids()];
	return focused === null ? [] : [focused.id];
}

const isAny = ({ selection, focused }: AbilityContext): boolean => selection.count > 0 || focused !== null;

/** Makes favourites of all entries; where all are, of none. */
async function turnFavourite(app: App, entries: readonly number[]): Promise<void> {
	const known = await app.ask('metadata.favourites', {});
	if (!known.ok) return app.tell(known.failure);
	const favourites = new Set(known.value);
	const value = entries.every((entry) => favourites.has(entry)) ? 0 : 1;
	await app.act({ action: 'metadata.set-favourite', input: { files: { entries }, value }, title: 'Favourite' });
}

/** What there is to say of files. */
export const tagAbilities: readonly Ability[] = [
	{
		id: 'files.tags',
		title: 'Tags…',
		also: 'label keyword categorize',
		icon: Tags,
		group: 'files',
		part: 'say',
		keys: onAll('#'),
		letter: 'T',
		heard: 'rows',
		places: ['rows', 'selection'],
		when: isAny,
		run: (context) => {
			context.app.abilities.tagged = meant(context);
		}
	},
	{
		id: 'files.favourite',
		title: 'Favourite or not',
		also: 'star',
		icon: Star,
		group: 'files',
		part: 'say',
		keys: onAll('Mod+B'),
		letter: 'F',
		heard: 'rows',
		places: ['rows'],
		when: isAny,
		run: (context) => void turnFavourite(context.app, meant(context))
	},
	{
		id: 'go.favourites',
		title: 'Favourites',
		also: 'starred',
		icon: Star,
		group: 'go',
		part: 'pages',
		path: '/favourites',
		when: always,
		run: ({ go }) => go('/favourites')
	}
];
