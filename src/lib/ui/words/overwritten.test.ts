import { expect, test } from 'vitest';
import type { Lost } from '#core/sayings';
import { entryId, tagId } from '#core/kernel';
import { onWords, setAgain, valueWords } from './overwritten.ts';

const tag = tagId('a'.repeat(32));
const onFile: Lost['on'] = {
	is: 'file',
	file: { entry: entryId(7), folder: entryId(1), name: 'plan.txt' }
};

test('a value is told as a person has set it', () => {
	expect(valueWords({ field: 'rating' }, '3')).toBe('3 stars');
	expect(valueWords({ field: 'colour' }, 'teal')).toBe('Teal');
	expect(valueWords({ field: 'note' }, '')).toBe('Nothing');
	expect(onWords({ on: { is: 'tag', tag, name: 'Red' } })).toBe('Tag “Red”');
	expect(onWords({ on: { is: 'file', file: null } })).toBeNull();
});

test('what sets it again is the action that sets such a value; nothing where it is set, or what it was of is gone', () => {
	const files = { entries: [7] };
	expect(setAgain({ on: onFile, field: 'rating', lost: '3', now: '5' })).toMatchObject({
		action: 'metadata.set-rating',
		input: { files, value: 3 }
	});
	expect(setAgain({ on: onFile, field: 'note', lost: 'x', now: '' })).toMatchObject({
		action: 'metadata.set-note',
		input: { files, value: 'x' }
	});
	expect(setAgain({ on: { is: 'tag', tag, name: 'Rose' }, field: 'name', lost: 'Red', now: 'Rose' })).toMatchObject({
		action: 'metadata.edit-tag',
		input: { tag, name: 'Red' }
	});
	expect(setAgain({ on: onFile, field: 'rating', lost: '3', now: '3' })).toBeNull();
	expect(setAgain({ on: { is: 'tag', tag, name: null }, field: 'name', lost: 'Red', now: null })).toBeNull();
});
