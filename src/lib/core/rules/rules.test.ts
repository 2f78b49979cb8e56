import { describe, expect, test } from 'vitest';
import { createJudges, everything, faultOfRules, ignoreText, usual, type RuleSet } from './mod.ts';

const judges = createJudges();

type Levels = Readonly<Record<string, string>>;

/** Judges a path as a walk does: folder by folder, and no further than the first one that is left out. */
function judged(rules: RuleSet, path: string, levels: Levels = {}, root = ''): string | null {
	const names = path.split('/').filter(Boolean);
	const above: { id: number; depth: number; text: string }[] = [];
	for (const [depth, name] of names.entries()) {
		const at = names.slice(0, depth);
		const text = levels[at.join('/')];
		const own = text === undefined ? null : { isRepository: false, text };
		const folder = {
			basis: JSON.stringify([levels, depth]),
			rules,
			path: at,
			isSystem: root === '/',
			levels: [...above]
		};
		const isFile = depth === names.length - 1 && !path.endsWith('/');
		const rule = judges.in(folder, own)({ name, kind: isFile ? 'file' : 'directory', sizeBytes: 1_000 });
		if (rule !== null) return `${rule} at ${at.concat(name).join('/')}`;
		if (text !== undefined) above.push({ id: Object.keys(levels).indexOf(at.join('/')) + seen(levels), depth, text });
	}
	return null;
}

const numbers = new Map<Levels, number>();
/** Files of patterns have numbers of their own, in this test as in a library. */
function seen(levels: Levels): number {
	const known = numbers.get(levels) ?? (numbers.size + 1) * 100;
	numbers.set(levels, known);
	return known;
}

const obeying = { ...everything, obeysGitignore: true };

describe('what the rules leave out', () => {
	test.each([
		['a/.DS_Store', 'system at a/.DS_Store'],
		['a/THUMBS.DB', 'system at a/THUMBS.DB'],
		['$Recycle.Bin/S-1-5/x.txt', 'system at $Recycle.Bin'],
		['.Trash-1000/files/x', 'system at .Trash-1000'],
		['a/._picture.jpg', 'system at a/._picture.jpg'],
		['web/node_modules/left-pad/index.js', 'development at web/node_modules'],
		['web/.git/config', 'development at web/.git'],
		// The same names where they are something else.
		['a/node_modules', null],
		['a/lost+found', null],
		['a/desktop.ini/', null],
		['a/.trash-me/', null],
		['proc/', null],
		['.profile', null],
		['target/debug/', null]
	])('new locations: %s is %s', (path, rule) => expect(judged(usual, path)).toBe(rule));

	test('what a Unix system shows beside its disk is left out at the top of the whole system only', () => {
		expect(judged(usual, 'proc/', {}, '/')).toBe('system at proc');
		expect(judged(usual, 'home/proc/', {}, '/')).toBeNull();
		expect(judged(everything, 'proc/', {}, '/')).toBeNull();
	});

	test('hidden names, and sizes of files', () => {
		expect(judged({ ...everything, withHidden: false }, '.config/x')).toBe('hidden at .config');
		expect(judged({ ...everything, maxBytes: 999 }, 'a/b.iso')).toBe('size at a/b.iso');
		expect(judged({ ...everything, maxBytes: 1_000, minBytes: 1_000 }, 'a/b.iso')).toBeNull();
		expect(judged({ ...everything, minBytes: 1_001 }, 'a/b.iso')).toBe('size at a/b.iso');
		expect(judged({ ...everything, minBytes: 1_001 }, 'a/')).toBeNull();
	});

	test('a person’s own patterns come before every other rule, and as in git not into a folder that is left out', () => {
		const rules = {
			...usual,
			withHidden: false,
			patterns: ['*.tmp', '!keep.tmp', '!node_modules', '/top'],
			maxBytes: 10
		};
		expect(judged(rules, 'a/x.tmp')).toBe('pattern at a/x.tmp');
		expect(judged(rules, 'a/keep.tmp')).toBeNull();
		expect(judged(rules, 'web/node_modules/')).toBeNull();
		expect(judged(rules, 'web/node_modules/.bin/')).toBe('hidden at web/node_modules/.bin');
		expect(judged(rules, 'top/keep.tmp')).toBe('pattern at top');
		expect(judged(rules, 'a/top/')).toBeNull();
	});

	test('nested files of patterns: the deeper one has the last word, but not inside of a folder that is left out', () => {
		const levels = { '': 'build/\n*.log\n', a: '!build/\n!keep.log\n/only\n', 'a/build': 'x\n' };
		expect(judged(obeying, 'build/y', levels)).toBe('gitignore at build');
		expect(judged(obeying, 'a/build/y', levels)).toBeNull();
		expect(judged(obeying, 'a/build/x', levels)).toBe('gitignore at a/build/x');
		expect(judged(obeying, 'a/b/keep.log', levels)).toBeNull();
		expect(judged(obeying, 'a/b/other.log', levels)).toBe('gitignore at a/b/other.log');
		expect(judged(obeying, 'a/only', levels)).toBe('gitignore at a/only');
		expect(judged(obeying, 'a/b/only', levels)).toBeNull();
		expect(judged(everything, 'build/y', levels)).toBeNull();
	});

	test('a folder that a person lets in again is not left out for what lies in it', () => {
		const rules = { ...obeying, patterns: ['!build'] };
		expect(judged(rules, 'build/x/y', { '': 'build\n' })).toBeNull();
	});

	test('names that look like patterns are names in the path of a file of patterns', () => {
		const levels = { 'a[1]*': '/x\n' };
		expect(judged(obeying, 'a[1]*/x', levels)).toBe('gitignore at a[1]*/x');
		expect(judged(obeying, 'a1b/x', levels)).toBeNull();
	});

	test('bytes that are not UTF-8 match the names that hold them; a mark of byte order is none of a pattern', () => {
		const bytes = Uint8Array.from([0xef, 0xbb, 0xbf, ...new TextEncoder().encode('one\r\n'), 0x66, 0xff, 0x0a]);
		const text = ignoreText(bytes.subarray(3));
		expect(judged(obeying, 'f\uefff', { '': text })).toBe('gitignore at f\uefff');
		expect(judged(obeying, 'one', { '': text })).toBe('gitignore at one');
		expect(judged(obeying, 'one', { '': ignoreText(bytes) })).toBe('gitignore at one');
		expect(judged(obeying, 'one', { '': ignoreText(bytes.subarray(0, 8)) })).toBe('gitignore at one');
	});

	test('patterns and trees made for each other hold nothing up', () => {
		const started = performance.now();
		expect(judged(obeying, 'a'.repeat(255), { '': `${'*a'.repeat(60)}b\n` })).toBeNull();
		const deep = Array.from({ length: 200 }, () => 'a').join('/');
		expect(judged(obeying, deep, { '': `${'**/a/'.repeat(30)}b\n**/a/**/b\n` })).toBeNull();
		expect(performance.now() - started).toBeLessThan(5_000);
	});
});

describe('rules that cannot be', () => {
	test.each([
		['', 'empty'],
		['  ', 'empty'],
		['!', 'empty'],
		['/', 'empty'],
		['# mine', 'remark'],
		['[abc', 'open'],
		['a\\', 'open'],
		['a\nb', 'line-break'],
		['**/a/**/b/**/c', 'too-many-stars']
	])('the pattern %j is %s', (pattern, reason) => {
		expect(faultOfRules({ ...usual, patterns: ['fine', pattern] })).toEqual({
			type: 'PatternInvalid',
			pattern,
			reason
		});
	});

	test.each(['[]a]', '[!]]', '\\[', 'a\\\\', '!x', '\\#', 'a b', '**/x/**/y/**', '*a*b*c*d*', '*.[ch]'])(
		'the pattern %j is fine',
		(pattern) => {
			expect(faultOfRules({ ...usual, patterns: [pattern] })).toBeNull();
		}
	);

	test('a pattern longer than any path is too long', () => {
		const pattern = 'x'.repeat(1_001);
		expect(faultOfRules({ ...usual, patterns: [pattern] })).toMatchObject({ reason: 'too-long' });
	});

	test('limits that no file can keep, and more patterns than anybody reads', () => {
		expect(faultOfRules({ ...usual, minBytes: 2, maxBytes: 1 })).toEqual({ type: 'SizeLimitInvalid' });
		expect(faultOfRules({ ...usual, minBytes: -1 })).toEqual({ type: 'SizeLimitInvalid' });
		expect(faultOfRules({ ...usual, maxBytes: 0.5 })).toEqual({ type: 'SizeLimitInvalid' });
		expect(faultOfRules({ ...usual, patterns: Array.from({ length: 201 }, () => 'x') })).toEqual({
			type: 'PatternsTooMany',
			max: 200
		});
	});
});
