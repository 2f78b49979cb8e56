import { expect, it } from 'vitest';
import type { TagId } from '#core/kernel';
import type { TagNode } from '#core/metadata';
import { findTags, newId } from './find-tags.ts';

const tag = (name: string, privacy: TagNode['privacy'] = 'normal'): TagNode => ({
	id: name as TagId,
	name,
	privacy,
	colour: 'grey',
	icon: 'tag',
	parents: [],
	children: [],
	synonyms: [],
	entries: 0
});
const tags = [tag('Alps 2024'), tag('Holiday'), tag('Summer holiday'), tag('Secret', 'hidden')];
const names = (typed: string) =>
	findTags(tags, typed).map(({ name, tag: known }) => (known === null ? `+${name}` : name));

it('finds tags by any part of their names, first those that begin so', () => {
	expect(names('')).toEqual(['Alps 2024', 'Holiday', 'Summer holiday']);
	expect(names('HOLIDAY')).toEqual(['Holiday', 'Summer holiday']);
	expect(findTags([tag('b holiday'), tag('holiday b')], 'hol')[0]?.name).toBe('holiday b');
});

it('offers to make what is not there, under the name as it was typed', () => {
	expect(names(' Hol ')).toEqual(['Holiday', 'Summer holiday', '+Hol']);
	expect(names('holiday')).not.toContain('+holiday');
});

it('finds a hidden tag by its whole name alone', () => {
	expect(names('secre')).toEqual(['+secre']);
	expect(names('secret')).toEqual(['Secret']);
});

it('makes ids that the core takes', () => {
	expect(newId()).toMatch(/^[0-9a-f]{32}$/);
	expect(newId()).not.toBe(newId());
});
