import type { Sayings, Tag } from '#core/metadata';
import { countWords, plural } from '#ui/words/values.ts';

/** A colour that a person marks with. */
export type MarkColour = Tag['colour'];

/** What a screen reader says of them, and what stands beside the dot: nobody has to tell colours apart. */
export const colourWords: Readonly<Record<MarkColour, string>> = {
	red: 'Red',
	orange: 'Orange',
	yellow: 'Yellow',
	green: 'Green',
	teal: 'Teal',
	blue: 'Blue',
	purple: 'Purple',
	pink: 'Pink',
	grey: 'Grey'
};

function isColour(name: string): name is MarkColour {
	return Object.hasOwn(colourWords, name);
}
/** In the order in which they are shown. */
export const markColours: readonly MarkColour[] = Object.keys(colourWords).filter(isColour);

export const ratingMax = 5 satisfies Sayings['rating'];
export const ratings: readonly number[] = Array.from({ length: ratingMax }, (_, at) => at + 1);

export const ratingWords = (rating: number): string => (rating === 0 ? 'No rating' : plural(rating, 'star'));
export const colourName = (colour: MarkColour | ''): string => (colour === '' ? 'No colour' : colourWords[colour]);

/** Shares named; of more it is only said that there are others. */
const sharesMax = 3;

/** How a mark is spread over several files: `4 stars on 2, no rating on 1`; nothing where it is the same on all. */
export function spreadWords(shares: readonly { readonly name: string; readonly entries: number }[]): string {
	if (shares.length < 2) return '';
	const most = shares.toSorted((a, b) => b.entries - a.entries);
	const told = most.slice(0, sharesMax).map(({ name, entries }) => `${name.toLowerCase()} on ${countWords(entries)}`);
	const words = told.join(', ');
	return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}${most.length > sharesMax ? ', and others' : ''}`;
}
