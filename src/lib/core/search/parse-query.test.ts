import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseQuery } from './parse-query.ts';
import { printQuery } from './print-query.ts';
import { flags, namedWants, type Query, type Term, type Want } from './query.ts';

const text = (typed: string, not = false): Term => ({ not, want: { is: 'text', text: typed } });

describe('what a person types', () => {
	it.each([
		'report.pdf',
		'foo-bar',
		'C++',
		"it's",
		'2024/05',
		'beach',
		'"',
		'(',
		'*',
		':',
		'AND',
		'OR',
		'|',
		'-',
		'--',
		'\u{1f600}',
		'日本語',
		'cafe\u0301',
		'caf\u00e9',
		'http://x.org',
		'C:',
		'Re:',
		'a"b',
		'5"',
		')',
		'\\',
		'%',
		'""x',
		'"a"b',
		'NEAR(a',
		'{}',
		'^a'
	])('%s is looked for as it is', (typed) => {
		expect(parseQuery(typed).query).toEqual([[text(typed)]]);
		expect(parseQuery(typed).mistakes).toEqual([]);
	});

	it('words must all be there', () => {
		expect(parseQuery(' hello  world? ').query).toEqual([[text('hello')], [text('world?')]]);
	});

	it.each<[string, Query]>([
		['"hello world"', [[text('hello world')]]],
		['"say ""yes"""', [[text('say "yes"')]]],
		['-"a b"', [[text('a b', true)]]],
		['-draft', [[text('draft', true)]]],
		['a OR b c', [[text('a'), text('b')], [text('c')]]],
		['a | -b OR c', [[text('a'), text('b', true), text('c')]]],
		['OR a OR', [[text('OR')], [text('a')], [text('OR')]]],
		['a OR OR b', [[text('a'), text('OR')], [text('b')]]],
		['ext:.PDF,doc', [[{ not: false, want: { is: 'ext', any: ['doc', 'pdf'] } }]]],
		['type:photos', [[{ not: false, want: { is: 'kind', kind: 'image' } }]]],
		['size:>10MB', [[{ not: false, want: { is: 'size', from: 10_000_001, to: null } }]]],
		['size:1,5k..2GB', [[{ not: false, want: { is: 'size', from: 1_500, to: 2_000_000_000 } }]]],
		['modified:2024/5', [[{ not: false, want: { is: 'modified', how: 'within', date: '2024-05' } }]]],
		['date:>=7d', [[{ not: false, want: { is: 'modified', how: 'since', date: '7d' } }]]],
		['in:"My Photos/2024"', [[{ not: false, want: { is: 'in', name: 'My Photos/2024' } }]]],
		['-is:favorite', [[{ not: true, want: { is: 'flag', flag: 'favourite' } }]]]
	])('%s', (typed, query) => {
		expect(parseQuery(typed)).toMatchObject({ query, mistakes: [] });
	});

	it.each([
		['a size: b', 2, 7, 'value-missing', 'size'],
		['a size:big', 2, 10, 'value-unknown', 'size'],
		['modified:2024-13', 0, 16, 'value-unknown', 'modified'],
		['-rating:9 x', 0, 9, 'value-unknown', 'rating'],
		['x "hello wor', 2, 12, 'quote-open', ''],
		['kind:thing', 0, 10, 'value-unknown', 'kind'],
		['tag:" "', 0, 7, 'value-missing', 'tag']
	])('%s tells where it is wrong', (typed, from, to, problem, key) => {
		expect(parseQuery(typed).mistakes).toEqual([{ from, to, problem, key }]);
	});

	it('of a text that is too long the end is not read, and that is told', () => {
		const { query, mistakes } = parseQuery(`${'word '.repeat(200)}beyond`);
		expect(query).toHaveLength(200);
		expect(mistakes).toEqual([{ from: 1_000, to: 1_006, problem: 'too-long', key: '' }]);
	});

	it('what could not be read asks for nothing', () => {
		expect(parseQuery('a size:big').query).toEqual([[text('a')]]);
		expect(parseQuery('"hello wor').query).toEqual([[text('hello wor')]]);
	});

	it('says where each clause stands', () => {
		const typed = ' ext:pdf  a OR -b  "c d"';
		const { query, spans } = parseQuery(typed);
		expect(spans.map(({ from, to }) => typed.slice(from, to))).toEqual(['ext:pdf', 'a OR -b', '"c d"']);
		expect(spans).toHaveLength(query.length);
	});
});

const word = fc.oneof(
	fc.string({ unit: 'grapheme', minLength: 1 }),
	fc.string({ unit: fc.constantFrom(...'ab:"-|OR ,.\t\n/\\*('.split('')), minLength: 1 }),
	fc.constantFrom('OR', '|', '-', '"', '""', 'ext:a', '-a', 'size:', 'is:"x"', 'a b')
);
const bytes = fc.oneof(
	fc.nat(3_000),
	fc.nat(9_000).map((n) => n * 1_000_000),
	fc.maxSafeNat().map((n) => n % 8_999_999_999_999_999)
);
const date = fc.oneof(
	fc.constantFrom('today', 'yesterday', 'week', 'month', 'year', '7d', '12h', '3m', '2024', '1999-12'),
	fc
		.date({ min: new Date('1970-01-02'), max: new Date('2100-01-01'), noInvalidDate: true })
		.map((at) => at.toISOString().slice(0, 10))
);
const ends = (value: fc.Arbitrary<number>) =>
	fc
		.tuple(fc.option(value), fc.option(value))
		.filter(([from, to]) => from !== null || to !== null)
		.map(([from, to]) => (from !== null && to !== null && from > to ? { from: to, to: from } : { from, to }));
const want: fc.Arbitrary<Want> = fc.oneof(
	word.map((one): Want => ({ is: 'text', text: one })),
	fc
		.tuple(
			fc.constantFrom(...namedWants),
			word.filter((one) => one.trim() !== '')
		)
		.map(([is, name]): Want => ({ is, name })),
	fc.constantFrom(...flags).map((flag): Want => ({ is: 'flag', flag })),
	fc.constantFrom('folder', 'link', 'image', 'program').map((kind): Want => ({ is: 'kind', kind }) as Want),
	ends(bytes).map((range): Want => ({ is: 'size', ...range })),
	ends(fc.nat(5)).map((range): Want => ({ is: 'rating', ...range })),
	fc
		.tuple(fc.constantFrom('within', 'after', 'since', 'before', 'until'), date)
		.map(([how, at]) => ({ is: 'modified', how, date: at }) as Want),
	fc.tuple(date, date).map(([from, to]): Want => ({ is: 'modified', how: 'between', date: from, to })),
	fc
		.uniqueArray(
			fc
				.string({ unit: fc.constantFrom(...'abcé1"_ '.split('')), minLength: 1 })
				.map((one) => one.trim())
				.filter((one) => one !== ''),
			{ minLength: 1 }
		)
		.map((any): Want => ({ is: 'ext', any: any.toSorted() }))
);
const query = fc.array(fc.array(fc.record({ not: fc.boolean(), want }), { minLength: 1, maxLength: 3 }), {
	maxLength: 4
});

describe('round trips', () => {
	it('a query that is printed is read as the same query, and each clause by itself', () => {
		fc.assert(
			fc.property(query, (asked) => {
				const printed = printQuery(asked);
				const { spans, ...read } = parseQuery(printed);
				expect(read).toEqual({ query: asked, mistakes: [] });
				const parts = spans.map(({ from, to }) => parseQuery(printed.slice(from, to)).query);
				expect(parts).toEqual(asked.map((clause) => [clause]));
			}),
			{ numRuns: 2_000 }
		);
	});

	it('any text is read, and means the same when it is printed', () => {
		const typed = fc.oneof(
			fc.string({ unit: 'grapheme' }),
			fc
				.array(fc.oneof(word, fc.constantFrom('size:>3', 'ext:', ' ', '"')), { maxLength: 8 })
				.map((all) => all.join(' ')),
			fc.string({ unit: 'binary' })
		);
		fc.assert(
			fc.property(typed, (one) => {
				const read = parseQuery(one);
				expect(parseQuery(printQuery(read.query)).query).toEqual(read.query);
				expect(read.spans).toHaveLength(read.query.length);
				for (const { from, to } of [...read.spans, ...read.mistakes])
					expect(0 <= from && from < to && to <= one.length).toBe(true);
			}),
			{ numRuns: 2_000 }
		);
	});
});
