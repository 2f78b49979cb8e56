import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	contentHeightPx,
	nativeHeightPx,
	nativeMaxPx,
	rested,
	reveal,
	rowsInView,
	scrolled,
	toContent,
	toNative,
	type ScrollSpace
} from './scroll-map.ts';

const million: ScrollSpace = { rows: 1_000_000, rowPx: 32, viewPx: 800, nativeMaxPx: nativeMaxPx(2) };
const thousand: ScrollSpace = { ...million, rows: 1000 };
const end = (space: ScrollSpace): number => contentHeightPx(space) - space.viewPx;
const nativeEnd = (space: ScrollSpace): number => nativeHeightPx(space) - space.viewPx;
const spaces = fc.record({
	rows: fc.integer({ min: 0, max: 5_000_000 }),
	rowPx: fc.constantFrom(32, 58),
	viewPx: fc.integer({ min: 100, max: 3000 }),
	nativeMaxPx: fc.constantFrom(nativeMaxPx(1), nativeMaxPx(2), nativeMaxPx(3.5))
});

describe('the map between the scroll area and the rows', () => {
	it('stays below what a browser lets an element be, on a sharp screen too', () => {
		expect(nativeHeightPx(million) * 2).toBeLessThan(2 ** 25 / 2);
		expect(nativeHeightPx(thousand)).toBe(32_000);
	});

	it('is exact where everything fits', () => {
		fc.assert(
			fc.property(fc.nat(end(thousand)), (at) => toContent(thousand, at) === at && toNative(thousand, at) === at)
		);
	});

	it('meets at both ends, rises, and has an inverse', () => {
		fc.assert(
			fc.property(
				spaces,
				fc.double({ min: 0, max: 1, noNaN: true }),
				fc.double({ min: 0, max: 1, noNaN: true }),
				(space, a, b) => {
					const most = Math.max(0, end(space));
					expect(toContent(space, 0)).toBe(0);
					expect(toContent(space, Math.max(0, nativeEnd(space)))).toBeCloseTo(most, 3);
					const [low, high] = [Math.min(a, b) * most, Math.max(a, b) * most];
					expect(toNative(space, low)).toBeLessThanOrEqual(toNative(space, high));
					expect(toContent(space, toNative(space, low))).toBeCloseTo(low, 2);
				}
			)
		);
	});
});

describe('scrolling', () => {
	it('follows a small move pixel by pixel anywhere in a million rows', () => {
		fc.assert(
			fc.property(fc.nat(end(million)), fc.integer({ min: -800, max: 800 }), (contentPx, moved) => {
				const before = { contentPx, nativePx: toNative(million, contentPx) };
				const after = scrolled(million, before, before.nativePx + moved);
				const there = Math.min(Math.max(0, contentPx + moved), end(million));
				// The last pixel belongs to the end.
				const expected = end(million) - there <= 1 ? end(million) : there;
				expect(after.contentPx).toBeCloseTo(expected, 6);
			})
		);
	});

	it('comes to the end by a move that leaves one pixel', () => {
		const before = { contentPx: end(million) - 2, nativePx: nativeEnd(million) - 2 };
		expect(scrolled(million, before, before.nativePx + 1).contentPx).toBe(end(million));
	});

	it('takes a large move to the place that the thumb stands for', () => {
		const after = scrolled(million, { nativePx: 0, contentPx: 0 }, nativeEnd(million));
		expect(after.contentPx).toBe(end(million));
		expect(scrolled(million, after, 0).contentPx).toBe(0);
	});

	it('reaches the last row by the wheel alone, resting now and then', () => {
		let place = { nativePx: toNative(million, end(million) - 100_000), contentPx: end(million) - 100_000 };
		for (let turn = 0; turn < 2000 && place.contentPx < end(million); turn++) {
			place = scrolled(million, place, Math.min(place.nativePx + 120, nativeEnd(million)));
			const native = turn % 40 === 0 ? rested(million, place) : null;
			if (native !== null) place = { ...place, nativePx: native };
		}
		expect(place.contentPx).toBe(end(million));
	});

	it('has no drift left once it rests', () => {
		const middle = end(million) / 2;
		const drifted = scrolled(
			million,
			{ nativePx: toNative(million, middle), contentPx: middle },
			toNative(million, middle) + 700
		);
		const native = rested(million, drifted);
		expect(native).not.toBeNull();
		expect(toContent(million, native ?? 0)).toBeCloseTo(drifted.contentPx, 3);
		expect(rested(thousand, { nativePx: 500, contentPx: 500 })).toBeNull();
	});
});

describe('bringing rows into view', () => {
	it('moves as little as possible', () => {
		expect(reveal(thousand, 3200, 100)).toBe(3200);
		expect(reveal(thousand, 3200, 99)).toBe(99 * 32);
		expect(reveal(thousand, 3200, 125)).toBe(126 * 32 - 800);
	});

	it('draws what is seen and a little more, never beyond the list', () => {
		expect(rowsInView(thousand, 0, 12)).toEqual({ from: 0, to: 37 });
		expect(rowsInView(thousand, end(thousand), 12)).toEqual({ from: 963, to: 1000 });
		expect(rowsInView({ ...thousand, rows: 0 }, 0, 12)).toEqual({ from: 0, to: 0 });
	});
});
