import { expect, test } from 'vitest';
import { parseQuery } from '#core/search';
import { clauseWords, isPlainWord, mistakeWords } from './queries.ts';

test.each([
	['kind:image', 'Images'],
	['kind:image OR kind:video', 'Images or Videos'],
	['-tag:draft', 'Not tag: draft'],
	['-draft', 'Not “draft”'],
	['-ext:pdf', 'Not PDF'],
	['ext:pdf,docx', 'DOCX, PDF'],
	['size:>=10MB', '10 MB or more'],
	['size:100kB..9999999', '100 kB to 10 MB'],
	['size:empty', 'Empty'],
	['rating:>=3', '3 stars or more'],
	['modified:week', 'Modified this week'],
	['modified:7d', 'In the last 7 days'],
	['modified:>1m', 'In the last month'],
	['modified:<1y', 'Modified before 1 year ago'],
	['modified:2024', 'Modified 2024'],
	['modified:2024-05', 'Modified May 2024'],
	['modified:>2024-05-03', 'Modified after May 3, 2024'],
	['modified:2023..2024', 'Modified 2023 to 2024'],
	['in:"My Photos"', 'Inside: My Photos'],
	['is:offline', 'On what is offline']
])('%s is said as %s', (typed, words) => {
	const [clause = []] = parseQuery(typed).query;
	expect(clauseWords(clause)).toBe(words);
	expect(isPlainWord(clause)).toBe(false);
});

test('what the field says is not said twice', () => {
	expect(parseQuery('beach "two words" C++').query.map(isPlainWord)).toEqual([true, true, true]);
	expect(parseQuery('a OR b').query.map(isPlainWord)).toEqual([false]);
});

test.each([
	['size:big', '“size:big” is not understood. Write it as size:>10MB.'],
	['tag:', 'Nothing follows “tag:”.'],
	['"open', 'The quotation has no end yet.']
])('%s is told', (typed, words) => {
	const [mistake] = parseQuery(typed).mistakes;
	expect(mistake && mistakeWords(mistake, typed.slice(mistake.from, mistake.to))).toBe(words);
});
