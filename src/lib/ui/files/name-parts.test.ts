import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { markHidden, nameParts, visibleName, type NamePart } from './name-parts.ts';

const text = (parts: readonly NamePart[]): string => parts.map((part) => part.text).join('');

describe('hidden letters of a name', () => {
	it.each([
		['plain.txt', 'plain.txt'],
		['line\nbreak', String.raw`line\x0Abreak`],
		['invoice\u202Efdp.exe', String.raw`invoice\u202Efdp.exe`],
		['zero\u200Bwidth', String.raw`zero\u200Bwidth`],
		['caf\uefe9.txt', String.raw`caf\xE9.txt`],
		['\uef80\uefff', String.raw`\x80\xFF`],
		['Pão de queijo 🏝️', 'Pão de queijo 🏝️']
	])('%j is shown as %s', (name, shown) => {
		expect(visibleName(name)).toBe(shown);
	});

	it('are marked, and the others are not', () => {
		expect(markHidden('a\u202Eb')).toEqual([
			{ text: 'a', mark: false },
			{ text: String.raw`\u202E`, mark: true },
			{ text: 'b', mark: false }
		]);
		expect(markHidden('')).toEqual([]);
	});
});

describe('a long name', () => {
	it('keeps its end apart, extension included', () => {
		const { head, tail } = nameParts('A very long report about the harbour of Lisbon.pdf');
		expect(text(head) + text(tail)).toBe('A very long report about the harbour of Lisbon.pdf');
		expect(text(tail)).toBe('isbon.pdf');
	});

	it('is never cut inside what reads as one letter', () => {
		const { head, tail } = nameParts(`${'x'.repeat(30)}👩‍👩‍👧‍👦ab.md`);
		expect(text(head)).toBe(`${'x'.repeat(30)}👩‍👩‍👧‍👦`);
		expect(text(tail)).toBe('ab.md');
	});

	it('is whole again when its parts are joined, whatever it holds', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), (name) => {
				const { head, tail } = nameParts(name);
				expect(text(head) + text(tail)).toBe(visibleName(name));
			})
		);
	});
});
