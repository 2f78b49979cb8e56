import FolderHeart from '@lucide/svelte/icons/folder-heart';
import Palette from '@lucide/svelte/icons/palette';
import Star from '@lucide/svelte/icons/star';
import { paint, rate } from '#ui/tags/mark-work.ts';
import { colourName, ratingWords, type MarkColour } from '#ui/tags/marks.ts';
import { onAll, type Ability, type AbilityContext } from '../ability.ts';
import { isAny, meant } from './meant.ts';

const common = { group: 'files', part: 'say', heard: 'rows', when: isAny } as const;

const numbers = ['none', 'one', 'two', 'three', 'four', 'five'];

function rating(stars: number): Ability {
	return {
		...common,
		id: `files.rate-${numbers[stars] ?? ''}`,
		title: stars === 0 ? ratingWords(0) : `Rate ${ratingWords(stars)}`,
		also: 'rating',
		icon: Star,
		letter: String(stars),
		run: (context: AbilityContext) => void rate(context.app, meant(context), stars)
	};
}

function colour(name: MarkColour | '', letter?: string): Ability {
	return {
		...common,
		id: `files.colour-${name === '' ? 'none' : name}`,
		title: name === '' ? colourName('') : `Colour ${colourName(name).toLowerCase()}`,
		also: 'label mark color',
		icon: Palette,
		...(letter === undefined ? {} : { letter }),
		run: (context: AbilityContext) => void paint(context.app, meant(context), name)
	};
}

/** Rating, colour and collections of files. Digits are as photographers have them: stars first, then four colours. */
export const markAbilities: readonly Ability[] = [
	{
		...common,
		id: 'files.marks',
		title: 'Rating and colour…',
		also: 'stars label rate mark color',
		icon: Palette,
		keys: onAll('*'),
		letter: 'R',
		places: ['rows'],
		run: (context) => {
			context.app.abilities.marked = meant(context);
		}
	},
	{
		...common,
		id: 'files.collections',
		title: 'Collections…',
		also: 'collect album add to remove from',
		icon: FolderHeart,
		letter: 'C',
		places: ['rows'],
		run: (context) => {
			context.app.abilities.collecting = meant(context);
		}
	},
	...[0, 1, 2, 3, 4, 5].map(rating),
	colour('red', '6'),
	colour('yellow', '7'),
	colour('green', '8'),
	colour('blue', '9'),
	...(['orange', 'teal', 'purple', 'pink', 'grey', ''] as const).map((name) => colour(name))
];
