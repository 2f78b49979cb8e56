import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { namesByPattern, type NamePatternInput } from '#core/naming';
import { replaceMatches } from './match-expression.ts';
import { parseExpression } from './parse-expression.ts';

const hourMs = 3_600_000;
const named = (pattern: NamePatternInput, ...names: string[]) =>
	namesByPattern(
		pattern,
		names.map((name) => ({ name, isFolder: name.endsWith('/'), modifiedMs: Date.UTC(2024, 1, 29, 23, 5, 9) })),
		() => hourMs
	);

describe('what many are called by a pattern', () => {
	test.each<[NamePatternInput, string, string]>([
		[{}, 'a.txt', 'a.txt'],
		[{ template: 'x {name} y' }, 'a.b.txt', 'x a.b y.txt'],
		[{ template: 'x {name} y' }, '.profile', 'x .profile y'],
		[{ template: '{name} y' }, 'v1.2/', 'v1.2/ y'],
		[{ find: 'a', replace: '$0' }, 'banana.a', 'b$0n$0n$0.a'],
		[{ find: '.', replace: '_' }, 'a.b.txt', 'a_b.txt'],
		[{ find: '.', replace: '_', withEnding: true }, 'a.b.txt', 'a_b_txt'],
		[{ find: '(\\d+)-(\\d+)', replace: '$2-$1', isExpression: true }, 'Trip 12-05 1-2.jpg', 'Trip 05-12 2-1.jpg'],
		[{ find: '\\.jpeg$', replace: '.jpg', isExpression: true, withEnding: true }, 'a.jpeg', 'a.jpg'],
		[{ letters: 'words' }, "the dog's DAY-out.TXT", "The Dog's Day-Out.TXT"],
		[{ letters: 'words' }, 'ÉTÉ à paris.txt', 'Été À Paris.txt'],
		[{ letters: 'lower', withEnding: true }, 'A.TXT', 'a.txt'],
		[{ letters: 'upper', template: 'scan {name}' }, 'a.txt', 'scan A.txt'],
		[{ template: '{date} {time} {name}' }, 'a.txt', '2024-03-01 00-05-09 a.txt'],
		[{ template: '{n}.{ext}.bak', withEnding: true }, 'a.txt', '1.txt.bak'],
		[{ template: '{ {n} {}' }, 'a', '{ 1 {}']
	])('%j calls %s %s', (pattern, name, to) => {
		expect(named(pattern, name)).toEqual({ ok: true, value: [to] });
	});

	test('numbers follow the order of the files', () => {
		const numbered = (pattern: NamePatternInput) => named({ template: '{n}', ...pattern }, 'c', 'a', 'b');
		expect(numbered({})).toEqual({ ok: true, value: ['1', '2', '3'] });
		expect(numbered({ start: 8, step: 2, digits: 2 })).toEqual({ ok: true, value: ['08', '10', '12'] });
		expect(numbered({ start: 5, step: -5, digits: 3 })).toEqual({ ok: true, value: ['005', '000', '-005'] });
	});

	test('dates are those of the calendar, at any time and in any zone', () => {
		fc.assert(
			fc.property(
				fc.date({ min: new Date('0001-01-02'), max: new Date('9999-12-30'), noInvalidDate: true }),
				fc.integer({ min: -14, max: 14 }),
				(date, hours) => {
					const file = { name: '', isFolder: true, modifiedMs: date.getTime() };
					const local = new Date(date.getTime() + hours * hourMs).toISOString();
					expect(namesByPattern({ template: '{date}T{time}' }, [file], () => hours * hourMs)).toEqual({
						ok: true,
						value: [local.slice(0, 19).replaceAll(':', '-')]
					});
				}
			)
		);
		const undated = namesByPattern(
			{ template: '{date}|{time}' },
			[{ name: 'a', isFolder: false, modifiedMs: null }],
			() => 0
		);
		expect(undated).toEqual({ ok: true, value: ['|'] });
	});

	test.each([
		[{ template: '{nmae}' }, 'word'],
		[{ find: '(', isExpression: true }, 'expression'],
		[{ digits: 0 }, 'input'],
		[{ find: '(.*)*x', isExpression: true }, 'slow']
	])('%j is refused: %s', (pattern, part) => {
		expect(named(pattern, 'a'.repeat(200))).toEqual({ ok: false, failure: { type: 'PatternWrong', part } });
	});

	test('an ending that is not asked for stays, whatever is done with the name', () => {
		const texts = fc.string({ unit: fc.constantFrom('a', 'b', '.', '{', '}', 'n', ' ') });
		fc.assert(
			fc.property(fc.record({ find: texts, replace: texts, template: texts }), texts, (pattern, name) => {
				const made = named(pattern, `x${name}.end`);
				fc.pre(made.ok);
				expect(made.ok && made.value[0]?.endsWith('.end')).toBe(true);
			})
		);
	});
});

describe('expressions', () => {
	const letter = fc.constantFrom('a', 'b', '1', '-');
	const atom = fc.constantFrom('a', 'b', '.', '\\d', '\\W', '[ab]', '[^a-b]', '\\.', '1', '-');
	const times = fc.constantFrom('', '', '', '*', '+', '?', '{2}', '{1,}', '{0,2}', '*?', '+?', '??');
	const { source } = fc.letrec<{ source: string; item: string }>((tie) => ({
		source: fc
			.array(fc.array(tie('item'), { maxLength: 3 }), { minLength: 1, maxLength: 2 })
			.map((choices) => choices.map((items) => items.join('')).join('|')),
		item: fc.oneof(
			{ depthSize: 'small', withCrossShrink: true },
			fc.tuple(atom, times).map(([part, count]) => part + count),
			fc.constantFrom('^', '$', '\\b'),
			fc
				.tuple(tie('source'), fc.constantFrom('(', '(?:'), times)
				.map(([inner, open, count]) => `${open}${inner})${count}`)
		)
	}));

	test('find and replace what those of browsers do', () => {
		fc.assert(
			fc.property(source, fc.array(letter, { maxLength: 7 }), (pattern, chars) => {
				const expression = parseExpression(pattern);
				expect(expression, pattern).not.toBeNull();
				if (expression === null) return;
				const text = chars.join('');
				const groups = expression.groups;
				const rest = groups > 0 ? '|$1>' : '>';
				const ours = replaceMatches(expression, text, `<$0${rest}`);
				// Some have no end in either.
				if (ours !== null) expect(ours, pattern).toBe(text.replace(new RegExp(pattern, 'gu'), `<$&${rest}`));
			}),
			{ numRuns: 400 }
		);
	});

	test.each([
		'(',
		')',
		'a)',
		'[a',
		'*',
		'a**',
		'a{2',
		'a{3,1}',
		'a{999}',
		'\\',
		'\\q',
		'\\1',
		'(?=a)',
		'[b-a]',
		'^*',
		']',
		'}'
	])('%s is none', (text) => expect(parseExpression(text)).toBeNull());

	test.each(['(a|a)*x', '(a*)*x', '(.*)(.*)(.*)(.*)(.*)(.*)x', '((((((.)*)*)*)*)*)*x', '(a?){200}a{200}x'])(
		'%s is stopped when it takes too long, and never says anything wrong',
		(text) => {
			const expression = parseExpression(text);
			expect(expression && replaceMatches(expression, 'a'.repeat(255), '')).toBeNull();
			// Null where even that takes too long.
			expect(['', 'aax', null]).toContain(expression && replaceMatches(expression, 'aax', ''));
		}
	);

	test('sensible ones are done long before that, in the longest names', () => {
		for (const text of ['.*b', '^(.*)-(\\d+)$', '(\\w+\\s*)+$', '[^-]+-?']) {
			const expression = parseExpression(text);
			expect(expression && replaceMatches(expression, '-a1 '.repeat(63), '_'), text).not.toBeNull();
		}
	});
});
