import CopyCheck from '@lucide/svelte/icons/copy-check';
import SquareCheck from '@lucide/svelte/icons/square-check';
import SquareDashed from '@lucide/svelte/icons/square-dashed';
import { onAll, type Ability, type AbilityContext } from '../ability.ts';

const hasRows = ({ rows, view }: AbilityContext): boolean =>
	view !== 'sizes' && rows !== null && rows.shownView.source.length > 0;

export const chooseAbilities: readonly Ability[] = [
	{
		id: 'choose.all',
		title: 'Select all',
		icon: CopyCheck,
		group: 'choose',
		keys: onAll('Mod+A'),
		heard: 'rows',
		places: ['space'],
		when: hasRows,
		run: ({ rows }) => rows?.shownView.chooseAll()
	},
	{
		id: 'choose.invert',
		title: 'Invert selection',
		also: 'select the others',
		icon: SquareDashed,
		group: 'choose',
		keys: { apple: ['Mod+Shift+A'], other: ['Mod+I'] },
		heard: 'rows',
		places: ['rows'],
		when: hasRows,
		run: ({ rows }) => rows?.shownView.invert()
	},
	{
		id: 'choose.toggle',
		title: 'Select or leave out the row',
		also: 'toggle',
		icon: SquareCheck,
		group: 'choose',
		keys: onAll('Mod+Space'),
		heard: 'rows',
		when: ({ rows, view }) => view !== 'sizes' && typeof rows?.shownView.choice.focus === 'number',
		run: ({ rows }) => rows?.shownView.run({ type: 'toggle' })
	},
	{
		id: 'choose.none',
		title: 'Select nothing',
		also: 'clear deselect',
		group: 'choose',
		keys: onAll('Esc'),
		heard: 'rows',
		when: ({ selection, rows }) => selection.count > 0 || rows?.shownView.choosing === true,
		run: ({ rows }) => rows?.shownView.clear()
	}
];
