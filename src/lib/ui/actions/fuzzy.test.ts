import { describe, expect, it } from 'vitest';
import { scoreText } from './fuzzy.ts';

function ranked(typed: string, texts: readonly string[]): readonly string[] {
	return texts
		.flatMap((text) => {
			const score = scoreText(typed, text);
			return score === null ? [] : [{ text, score }];
		})
		.toSorted((a, b) => a.score - b.score)
		.map(({ text }) => text);
}

describe('finding by words', () => {
	it('takes words in any order and from their beginnings', () => {
		expect(scoreText('again read', 'Read this folder again')).not.toBeNull();
		expect(scoreText('fold rea', 'Read this folder again')).not.toBeNull();
		expect(scoreText('again write', 'Read this folder again')).toBeNull();
	});

	it('puts the beginning before a word, a word before its middle, and pieces last', () => {
		const texts = ['Asortment', 'By sort', 'Sort by size', 's-o-r-t', 'Some other things'];
		expect(ranked('sort', texts)).toEqual(['Sort by size', 'By sort', 'Asortment', 's-o-r-t']);
	});

	it('finds first letters of words, and what else it is called', () => {
		expect(scoreText('rfa', 'Read folder again')).not.toBeNull();
		expect(scoreText('refoag', 'Read folder again')).not.toBeNull();
		expect(scoreText('its', 'Written in stone')).toBeNull();
		expect(scoreText('(.*', 'Anything (.*')).not.toBeNull();
		expect(scoreText('(+', 'Anything')).toBeNull();
		expect(scoreText('theme', 'Dark appearance', 'theme mode')).not.toBeNull();
		expect(scoreText('heme', 'Dark appearance', 'theme mode')).toBeNull();
	});

	it('does not mind accents and case; nothing typed is nothing against it', () => {
		expect(scoreText('TOMAS', 'To Tomás')).toBe(scoreText('tomás', 'To Tomas'));
		expect(scoreText(' ', 'Anything')).toBe(0);
	});
});
