import fc from 'fast-check';
import { expect, test } from 'vitest';
import { locationId } from '#core/kernel';
import { chosenName, ownName } from './name-location.ts';

const known = ['photos', 'photos 2', 'Caf\u00e9'].map((name, at) => ({ id: locationId(at + 1), name }));

test('a folder that nobody named gets its own name, or the next free one', () => {
	expect(ownName('music', known)).toBe('music');
	expect(ownName('photos', known)).toBe('photos 3');
	expect(ownName('Cafe\u0301', known)).toBe('Cafe\u0301 2');
	expect(ownName('/', known)).toBe('Folder');
	expect(ownName('..', known)).toBe('Folder');
});

test('a chosen name is one free segment of a path', () => {
	expect(chosenName(' music ', known, null)).toEqual({ ok: true, value: 'music' });
	expect(chosenName('photos', known, null)).toMatchObject({ failure: { type: 'LocationNameTaken' } });
	expect(chosenName('photos', known, locationId(1))).toEqual({ ok: true, value: 'photos' });
	for (const name of ['a/b', '.', '..', '/', 'a\0b'])
		expect(chosenName(name, known, null)).toMatchObject({ failure: { type: 'LocationNameInvalid' } });
	expect(chosenName('  ', known, null)).toMatchObject({ failure: { type: 'NameEmpty' } });
});

test('names that are given out can be chosen, and stay apart', () => {
	fc.assert(
		fc.property(fc.array(fc.string({ maxLength: 3 }), { maxLength: 12 }), (folders) => {
			const given: { id: ReturnType<typeof locationId>; name: string }[] = [];
			for (const [at, folder] of folders.entries()) {
				const name = ownName(folder, given);
				expect(chosenName(name, given, null)).toEqual({ ok: true, value: name });
				given.push({ id: locationId(at + 1), name });
			}
		})
	);
});
