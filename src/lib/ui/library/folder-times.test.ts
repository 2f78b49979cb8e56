import { expect, test } from 'vitest';
import { choicesWith, timeChoices } from './folder-times.ts';

test('a time that is none of the choices is shown as it was set', () => {
	expect(choicesWith('index', null)).toEqual(timeChoices.index);
	expect(choicesWith('scrub', '0 4 1 * *')).toEqual(timeChoices.scrub);
	expect(choicesWith('index', '5 4 * * *').at(-1)).toEqual({
		cron: '5 4 * * *',
		title: 'By its own schedule: 5 4 * * *'
	});
});
