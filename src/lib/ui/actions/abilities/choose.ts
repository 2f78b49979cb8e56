import CopyCheck from '@lucide/svelte/icons/copy-check';
import SquareCheck from '@lucide/svelte/icons/square-check';
import SquareDashed from '@lucide/svelte/icons/square-dashed';
import { onAll, type Ability, type AbilityContext } from '../ability.ts';

const hasRows = ({ explorer, view }: AbilityContext): boolean =>
	view !== 'sizes' && explorer !== null && explorer.shownView.source.length > 0;

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
		run: ({ explorer }) => explorer?.shownView.chooseAll()
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
		run: ({ explorer }) => explorer?.shownView.invert()
	},
	{
		id: 'choose.toggle',
		title: 'Select or leave out the row',
		also: 'toggle',
		icon: SquareCheck,
		group: 'choose',
		keys: onAll('Mod+Space'),
		heard: 'rows',
		when: ({ explorer, view }) => view !== 'sizes' && typeof explorer?.shownView.choice.focus === 'number',
		run: ({ explorer }) => explorer?.shownView.run({ type: 'toggle' })
	},
	{
		id: 'choose.none',
		title: 'Select nothing',
		also: 'clear deselect',
		group: 'choose',
		keys: onAll('Esc'),
		heard: 'rows',
		when: ({ selection, explorer }) => selection.count > 0 || explorer?.shownView.choosing === true,
		run: ({ explorer }) => explorer?.shownView.clear()
	}
];
