import { expect, test } from 'vitest';
import { typeKeys } from './terminal.ts';

/** Types `pieces` as they come from a terminal. */
function type(...pieces: readonly string[]) {
	let typed = typeKeys('', '');
	for (const piece of pieces) if (typed.end === null) typed = typeKeys(typed.line, piece);
	return typed;
}

test.each([
	[['abc\r'], { line: 'abc', end: 'done' }],
	[['abc\n'], { line: 'abc', end: 'done' }],
	[['a', 'b', 'c'], { line: 'abc', end: null }],
	[['ab\u007fc\r'], { line: 'ac', end: 'done' }],
	[['\b\b\u007fa\r'], { line: 'a', end: 'done' }],
	[['a👍\u007fb\r'], { line: 'ab', end: 'done' }],
	[['wrong\u0015right\r'], { line: 'right', end: 'done' }],
	[['a', '\u001b[A', '\u001b[3~', 'b\r'], { line: 'ab', end: 'done' }],
	[['a\tb\u0000\r'], { line: 'ab', end: 'done' }],
	[['pasted twice\rand more\r'], { line: 'pasted twice', end: 'done' }],
	[['secret\u0003'], { line: '', end: 'given-up' }],
	[['secret\u0004'], { line: '', end: 'given-up' }],
	[['\r'], { line: '', end: 'done' }]
] as const)('%j', (pieces, typed) => {
	expect(type(...pieces)).toEqual(typed);
});
