import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutSpans } from './cut-spans.ts';
import { highlight } from './highlight.ts';

const shown = (name: string, words: string): string =>
	cutSpans(name, highlight(name, words))
		.map(({ text, match }) => (match ? `[${text}]` : text))
		.join('');

describe('marking what matched', () => {
	it.each([
		['Lemon tart.md', 'le', '[Le]mon tart.md'],
		['Lemon tart.md', 'tart lem', '[Lem]on [tart].md'],
		['Käsespätzle.md', 'spatz', 'Käse[spätz]le.md'],
		['ﬁle.txt', 'fi', '[ﬁ]le.txt'],
		['banana', 'ana', 'b[anana]'],
		['Straße', 'zzz', 'Straße'],
		['x', '', 'x'],
		['🏝️ islands', 'isl', '🏝️ [isl]ands'],
		['a.*b', '.*', 'a[.*]b']
	])('%s for %s', (name, words, expected) => {
		expect(shown(name, words)).toBe(expected);
	});

	it('never changes the name', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (name, words) => {
				expect(
					cutSpans(name, highlight(name, words))
						.map(({ text }) => text)
						.join('')
				).toBe(name);
			})
		);
	});
});
