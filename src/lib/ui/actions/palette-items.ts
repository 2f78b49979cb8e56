import type { Location } from '#core/volumes';
import { visibleName } from '#ui/files/name-parts.ts';
import { groupTitles, type Ability } from './ability.ts';
import { scoreText } from './fuzzy.ts';

/** A line of the palette: something to do, or a folder of the library to go to. */
export type PaletteItem = {
	/** Kept as done lately: that of an ability, or `location:` and a number. */
	readonly id: string;
	readonly title: string;
	/** What it belongs to. */
	readonly about: string;
	readonly also: string;
	readonly does: { readonly ability: Ability } | { readonly location: Location };
};

/** What the palette knows to find. */
export function paletteItems(
	abilities: readonly Ability[],
	locations: readonly Location[],
	titleOf: (ability: Ability) => string
): readonly PaletteItem[] {
	return [
		// It is open already.
		...abilities
			.filter(({ id }) => id !== 'app.palette')
			.map((ability) => ({
				id: ability.id,
				title: titleOf(ability),
				about: groupTitles[ability.group],
				also: `${ability.also ?? ''} ${ability.title}`,
				does: { ability }
			})),
		...locations.map((location) => ({
			id: `location:${location.id}`,
			title: visibleName(location.name),
			about: 'Go to folder',
			also: 'go open location',
			does: { location }
		}))
	];
}

/** The items that answer to what was typed, best first; of equals, and where nothing is typed, the latest done first. */
export function findItems(
	items: readonly PaletteItem[],
	typed: string,
	recent: readonly string[]
): readonly PaletteItem[] {
	const age = (id: string): number => {
		const at = recent.indexOf(id);
		return at < 0 ? recent.length : at;
	};
	return items
		.flatMap((item, place) => {
			const score = scoreText(typed, item.title, `${item.also} ${item.about}`);
			return score === null ? [] : [{ item, score, place }];
		})
		.toSorted((a, b) => a.score - b.score || age(a.item.id) - age(b.item.id) || a.place - b.place)
		.map(({ item }) => item);
}
