import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutSpans } from './cut-spans.ts';
import { withoutSpan } from './query-text.ts';

describe('marking what matched', () => {
	it.each([
		[[], 'Lemon tart.md'],
		[[{ from: 0, to: 2 }], '[Le]mon tart.md'],
		[
			[
				{ from: 0, to: 3 },
				{ from: 6, to: 10 }
			],
			'[Lem]on [tart].md'
		],
		// A name that has become shorter since.
		[[{ from: 9, to: 99 }], 'Lemon tar[t.md]']
	])('%j', (spans, expected) => {
		const runs = cutSpans('Lemon tart.md', spans);
		expect(runs.map(({ text, match }) => (match ? `[${text}]` : text)).join('')).toBe(expected);
	});

	it('never changes the text', () => {
		const span = fc.record({ from: fc.nat(30), to: fc.nat(30) });
		fc.assert(
			fc.property(fc.string(), fc.array(span), (text, spans) => {
				const runs = cutSpans(text, spans);
				expect(runs.map((run) => run.text).join('')).toBe(text);
			})
		);
	});
});

it.each([
	['kind:image', 0, 10, ''],
	['  kind:image  beach ', 2, 12, 'beach'],
	['a kind:image  b', 2, 12, 'a b']
])('%j without a part of it', (text, from, to, left) => {
	expect(withoutSpan(text, { from, to })).toBe(left);
});
