import { describe, expect, it } from 'vitest';
import { rowsBetween, scrollStep } from './marquee.ts';

const space = { rows: 100_000, rowPx: 32, viewPx: 600, nativeMaxPx: 15_000_000 };

describe('a rectangle over rows', () => {
	it('chooses what it touches, drawn in either direction', () => {
		expect(rowsBetween(space, 40, 100)).toEqual([{ from: 1, to: 4 }]);
		expect(rowsBetween(space, 100, 40)).toEqual([{ from: 1, to: 4 }]);
		expect(rowsBetween(space, 5, 5)).toEqual([{ from: 0, to: 1 }]);
	});

	it('chooses nothing beside the rows, and no more rows than there are', () => {
		expect(rowsBetween({ ...space, rows: 2 }, 70, 300)).toEqual([]);
		expect(rowsBetween({ ...space, rows: 2 }, -50, 300)).toEqual([{ from: 0, to: 2 }]);
		expect(rowsBetween({ ...space, rows: 0 }, 0, 300)).toEqual([]);
	});

	it('scrolls near and beyond an edge, faster the further', () => {
		expect(scrollStep(300, 600)).toBe(0);
		expect(scrollStep(10, 600)).toBeLessThan(0);
		expect(scrollStep(-100, 600)).toBeLessThan(scrollStep(10, 600));
		expect(scrollStep(640, 600)).toBeGreaterThan(0);
		expect(scrollStep(9000, 600)).toBe(60);
	});
});
