import { expect, test } from 'vitest';
import { bestOf, createSlices, leastOf, percentile, sumOf } from './measure.ts';

test('contestants take turns, and each keeps the least of its times', async () => {
	const order: string[] = [];
	const run = (name: string, times: number[]) => async () => {
		order.push(name);
		return { work: times.shift() ?? NaN };
	};
	const best = await bestOf(3, { a: run('a', [5, 3, 4]), b: run('b', [1, 2, 9]) });
	expect(order.join('')).toBe('abbaab');
	expect(best).toEqual({ a: { work: 3 }, b: { work: 1 } });
});

test('slices of two runs give the least of each, put together again', () => {
	const best = leastOf([
		{ 'bulk#0': 5, 'bulk#1': 1, other: 7 },
		{ 'bulk#0': 2, 'bulk#1': 4, other: 7 }
	]);
	expect(sumOf(best, 'bulk')).toBe(3);
	expect(sumOf(best, 'nothing')).toBeNaN();
});

test('work is cut where enough has come together', () => {
	const slices = createSlices(10);
	slices.begin();
	for (const work of [4, 4, 4, 10, 3]) slices.step(work);
	expect(Object.keys(slices.end('bulk'))).toEqual(['bulk#0', 'bulk#1', 'bulk#2']);
});

test('percentiles are values that were measured', () => {
	const values = [5, 1, 4, 2, 3];
	expect([percentile(values, 0.5), percentile(values, 0.95), percentile([7], 0.5)]).toEqual([3, 5, 7]);
	expect(percentile([], 0.5)).toBeNaN();
});
