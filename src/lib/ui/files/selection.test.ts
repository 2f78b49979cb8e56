import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	between,
	choose,
	countOf,
	everything,
	focusOn,
	follow,
	has,
	invert,
	noChoice,
	nothing,
	only,
	toggle,
	union,
	without,
	type Ranges
} from './selection.ts';

const length = 60;
const rows = fc.uniqueArray(fc.nat(length - 1));

function rangesOf(indexes: readonly number[]): Ranges {
	return indexes.reduce<Ranges>((ranges, index) => union(ranges, only(index)), nothing);
}

function indexesOf(ranges: Ranges): number[] {
	return Array.from({ length }, (_, index) => index).filter((index) => has(ranges, index));
}

function expectTidy(ranges: Ranges): void {
	for (const [at, range] of ranges.entries()) {
		expect(range.from).toBeLessThan(range.to);
		expect(range.from).toBeGreaterThan(ranges[at - 1]?.to ?? -1);
	}
}

/** fast-check prints the seed of what fails. */
function holds(test: fc.IPropertyWithHooks<[number[], number[]]>): void {
	fc.assert(test, { numRuns: 300 });
}

describe('ranges', () => {
	it('are sets of rows, kept sorted and apart', () => {
		holds(
			fc.property(rows, rows, (a, b) => {
				const [x, y] = [rangesOf(a), rangesOf(b)];
				const sets = [
					[union(x, y), new Set([...a, ...b])],
					[without(x, y), new Set(a.filter((row) => !b.includes(row)))],
					[invert(x, length), new Set(Array.from({ length }, (_, row) => row).filter((row) => !a.includes(row)))]
				] as const;
				for (const [ranges, expected] of sets) {
					expectTidy(ranges);
					expect(indexesOf(ranges)).toEqual([...expected].toSorted((m, n) => m - n));
					expect(countOf(ranges)).toBe(expected.size);
				}
			})
		);
	});

	it('toggling a row twice changes nothing', () => {
		holds(
			fc.property(rows, rows, (a, b) => {
				const ranges = rangesOf(a);
				for (const row of b) expect(toggle(toggle(ranges, row), row)).toEqual(ranges);
			})
		);
	});

	it('inverting twice changes nothing', () => {
		expect(invert(invert(between(7, 3), length), length)).toEqual(between(3, 7));
		expect(invert(everything(length), length)).toEqual(nothing);
		expect(everything(0)).toEqual(nothing);
	});
});

describe('following a list that changes', () => {
	it('keeps the same entries chosen wherever they are now', () => {
		const ids = fc.uniqueArray(fc.integer({ min: 1, max: 200 }), { maxLength: length });
		fc.assert(
			fc.property(ids, ids, rows, (before, after, chosen) => {
				const ranges = rangesOf(chosen.filter((row) => row < before.length));
				const kept = follow(ranges, Float64Array.from(before), Float64Array.from(after));
				expectTidy(kept);
				const chosenIds = new Set(before.filter((_, row) => has(ranges, row)));
				expect(after.filter((_, row) => has(kept, row))).toEqual(after.filter((id) => chosenIds.has(id)));
			}),
			{ numRuns: 300 }
		);
	});

	it('of a hundred thousand rows takes less than a blink', () => {
		const before = Float64Array.from({ length: 100_000 }, (_, row) => row + 1);
		const after = before.toReversed();
		const startedMs = performance.now();
		expect(countOf(follow(everything(100_000), before, after))).toBe(100_000);
		expect(performance.now() - startedMs).toBeLessThan(200);
	});
});

describe('choosing', () => {
	const plain = { adding: false, ranging: false };
	const adding = { adding: true, ranging: false };
	const ranging = { adding: false, ranging: true };

	it('a row alone, then up to another one, counts both ends', () => {
		const choice = choose(choose(noChoice, 10, plain), 90_000, ranging);
		expect(countOf(choice.ranges)).toBe(89_991);
		expect(choice).toMatchObject({ anchor: 10, focus: 90_000 });
	});

	it('ranges always begin at the row that was pointed at first', () => {
		const wide = choose(choose(noChoice, 10, plain), 20, ranging);
		expect(choose(wide, 5, ranging).ranges).toEqual(between(5, 10));
	});

	it('adding rows leaves the others, and a range may be added too', () => {
		const two = choose(choose(noChoice, 3, plain), 8, adding);
		expect(indexesOf(two.ranges)).toEqual([3, 8]);
		const more = choose(two, 10, { adding: true, ranging: true });
		expect(indexesOf(more.ranges)).toEqual([3, 8, 9, 10]);
		expect(indexesOf(choose(more, 9, adding).ranges)).toEqual([3, 8, 10]);
	});

	it('moving the keyboard alone chooses nothing', () => {
		expect(focusOn(choose(noChoice, 3, plain), 9)).toEqual({ ranges: only(3), anchor: 3, focus: 9 });
	});
});
