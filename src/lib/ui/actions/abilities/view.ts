import Blocks from '@lucide/svelte/icons/layout-dashboard';
import type { SortColumn } from '#core/index';
import type { Ability, AbilityContext } from '../ability.ts';

const isList = ({ view }: AbilityContext): boolean => view === 'list';

function sortBy(by: SortColumn, word: string): Ability {
	return {
		id: `view.sort-${by}`,
		title: `Sort by ${word}`,
		also: 'order',
		group: 'view',
		part: 'order',
		places: ['order'],
		when: isList,
		checked: ({ explorer }) => explorer?.order.by === by,
		run: ({ explorer }) => explorer?.setOrder({ by, descending: by === 'size' || by === 'modified' })
	};
}

function sortWay(descending: boolean): Ability {
	return {
		id: descending ? 'view.descending' : 'view.ascending',
		title: descending ? 'Descending' : 'Ascending',
		also: 'sort order reverse',
		group: 'view',
		part: 'way',
		places: ['order'],
		when: isList,
		checked: ({ explorer }) => explorer?.order.descending === descending,
		run: ({ explorer }) => explorer?.setOrder({ ...explorer.order, descending })
	};
}

export const viewAbilities: readonly Ability[] = [
	{
		id: 'view.sizes',
		title: 'Size map',
		also: 'treemap space usage',
		icon: Blocks,
		group: 'view',
		letter: 'M',
		places: ['space'],
		when: ({ view }) => view === 'list' || view === 'sizes',
		checked: ({ view }) => view === 'sizes',
		run: ({ explorer, view }) => explorer?.showMap(view !== 'sizes')
	},
	sortBy('name', 'name'),
	sortBy('modified', 'time modified'),
	sortBy('size', 'size'),
	sortBy('kind', 'kind'),
	sortWay(false),
	sortWay(true)
];
