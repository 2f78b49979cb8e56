import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { physicalClassOf, storageClasses, tierOf } from '#core/volumes';

const known = fc.constantFrom(...storageClasses);
const maybe = fc.option(known);
const media = fc.constantFrom('memory', 'flash', 'spinning', 'network', 'cloud', null);
const bytesPerSecond = fc.integer({ min: 1, max: 20_000_000_000 });
const rank = (storageClass: (typeof storageClasses)[number]) => storageClasses.indexOf(storageClass);

describe('the class of a location', () => {
	test('is the colder of what its disk gives and what is wanted', () => {
		fc.assert(
			fc.property(known, known, (physical, logical) => {
				const { effective } = tierOf(physical, logical);
				expect(effective).toBe(storageClasses[Math.max(rank(physical), rank(logical))]);
			})
		);
	});

	test('is what is known where one of the two is not', () => {
		fc.assert(
			fc.property(maybe, (one) => {
				expect(tierOf(one, null).effective).toBe(one);
				expect(tierOf(null, one).effective).toBe(one);
				expect(tierOf(one, null).isSlowerThanWanted).toBe(false);
				expect(tierOf(null, one).isSlowerThanWanted).toBe(false);
			})
		);
	});

	test('warns exactly where the disk is slower than wanted', () => {
		expect(tierOf('cold', 'hot').isSlowerThanWanted).toBe(true);
		fc.assert(
			fc.property(known, known, (physical, logical) => {
				expect(tierOf(physical, logical).isSlowerThanWanted).toBe(rank(physical) > rank(logical));
			})
		);
	});
});

describe('the class of a volume', () => {
	test.each([
		['flash', 'hot'],
		['memory', 'hot'],
		['spinning', 'warm'],
		['network', 'cold'],
		['cloud', 'cold'],
		[null, null]
	] as const)('of %s that was not measured is %s', (medium, expected) => {
		expect(physicalClassOf(medium, null)).toBe(expected);
	});

	test('is what was measured past every cache, whatever the system says', () => {
		fc.assert(
			fc.property(media, bytesPerSecond, (medium, speed) => {
				const expected = speed >= 300_000_000 ? 'hot' : speed >= 25_000_000 ? 'warm' : 'cold';
				expect(physicalClassOf(medium, { bytesPerSecond: speed, isDirect: true })).toBe(expected);
			})
		);
	});

	test('is never made warmer by a speed that a cache may have helped', () => {
		fc.assert(
			fc.property(media, bytesPerSecond, (medium, speed) => {
				const told = physicalClassOf(medium, null);
				const found = physicalClassOf(medium, { bytesPerSecond: speed, isDirect: false });
				if (speed > 100_000_000) expect(found).toBe(told);
				else expect(rank(found ?? 'hot')).toBeGreaterThanOrEqual(rank(told ?? 'warm'));
			})
		);
	});
});
