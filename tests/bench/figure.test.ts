import { describe, expect, test } from 'vitest';
import { shown, table, verdict, type Figure } from './figure.ts';

const figure: Figure = { name: 'a.b', measured: 1.2, unit: 'share', asked: 1.6, tolerance: 0.2 };

describe('what is said of a figure', () => {
	test.each([
		['within its tolerance', figure, { 'a.b': 1 }, 'ok'],
		['worse than its baseline by more', { ...figure, measured: 1.21 }, { 'a.b': 1 }, 'regressed'],
		['better than its baseline', { ...figure, measured: 0.2 }, { 'a.b': 1 }, 'ok'],
		['no worse, but more than asked', { ...figure, measured: 1.7 }, { 'a.b': 1.6 }, 'falls short'],
		['both worse and more than asked', { ...figure, measured: 3 }, { 'a.b': 1.6 }, 'regressed'],
		['without a baseline', figure, {}, 'new'],
		['not a number', { ...figure, measured: NaN }, { 'a.b': 1 }, 'regressed'],
		['compared with nothing', { name: 'a.b', measured: 9, unit: 'ms' }, { 'a.b': 1 }, 'told'],
		['only asked for', { name: 'a.b', measured: 9, unit: 'ms', asked: 9 }, {}, 'ok']
	] as const)('%s', (_, given: Figure, baselines, expected) => {
		expect(verdict(given, baselines)).toBe(expected);
	});
});

test('numbers are shown with their units', () => {
	expect([shown(1.234, 'share'), shown(12.34, 'ms'), shown(123.4, 'bytes'), shown(45_678.9, 'per second')]).toEqual([
		'1.23 ×',
		'12.3 ms',
		'123 B',
		'45,679 /s'
	]);
});

test('the table says what is measured, asked, known and thought of it', () => {
	expect(table([figure], { 'a.b': 1 }).split('\n').at(-1)).toBe(
		'| a.b    |    1.2 × | ≤ 1.6 × | 1 × +20 % |      ok |'
	);
});
