/** Values that one device has set in the place of another one's, in words, and what sets them again. */
import type { Lost } from '#core/sayings';
import type { Wish } from '#ui/plan/do-action.ts';
import { colourWords, ratingWords } from '#ui/tags/marks.ts';

const fields: Readonly<Record<string, string>> = {
	note: 'Note',
	rating: 'Rating',
	colour: 'Colour',
	favourite: 'Favourite',
	name: 'Name',
	icon: 'Sign',
	privacy: 'Where it is shown'
};

/** What of it was overwritten. */
export function fieldWords({ field }: Pick<Lost, 'field'>): string {
	return fields[field] ?? 'Something of a later version';
}

const colours: Readonly<Record<string, string>> = colourWords;

/** A value as a person has set it. */
export function valueWords({ field }: Pick<Lost, 'field'>, value: string): string {
	if (field === 'rating') return ratingWords(Number(value));
	if (field === 'favourite') return value === '1' ? 'Favourite' : 'No favourite';
	if (field === 'colour') return colours[value] ?? 'No colour';
	return value === '' ? 'Nothing' : value;
}

/** What the value was of; null where that is gone. */
export function onWords({ on }: Pick<Lost, 'on'>): string | null {
	if (on.is === 'file') return on.file?.name ?? null;
	if (on.name === null) return null;
	if (on.is === 'tag') return `Tag “${on.name}”`;
	return `Collection “${on.name}”`;
}

/** The action that sets the lost value again, as any other does; null where it is set, or what it was of is gone. */
export function setAgain({ on, field, lost, now }: Pick<Lost, 'on' | 'field' | 'lost' | 'now'>): Wish | null {
	if (now === null || now === lost) return null;
	const title = 'Set again';
	if (on.is === 'tag') return { action: 'metadata.edit-tag', input: { tag: on.tag, [field]: lost }, title };
	if (on.is === 'collection')
		return { action: 'metadata.rename-collection', input: { collection: on.collection, name: lost }, title };
	if (on.file === null) return null;
	const files = { entries: [on.file.entry] };
	if (field === 'note') return { action: 'metadata.set-note', input: { files, value: lost }, title };
	if (field === 'colour') return { action: 'metadata.set-colour', input: { files, value: lost }, title };
	const value = Number(lost);
	const action = field === 'rating' ? 'metadata.set-rating' : 'metadata.set-favourite';
	return { action, input: { files, value }, title };
}
