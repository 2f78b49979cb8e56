import fc from 'fast-check';
import { expect, test } from 'vitest';
import { entryId } from '#core/kernel';
import { bestCopy, storageClasses, type Copy } from '#core/volumes';

const content = 'ab'.repeat(32);
const copy = (n: number, more: Partial<Copy> = {}): Copy => ({
	entry: entryId(n),
	distance: 0,
	isReachable: true,
	storageClass: 'warm',
	disk: `disk ${n}`,
	...more
});
const anyCopy = fc.record({
	entry: fc.integer({ min: 1, max: 1_000 }).map(entryId),
	distance: fc.nat(3),
	isReachable: fc.boolean(),
	storageClass: fc.option(fc.constantFrom(...storageClasses)),
	disk: fc.constantFrom('a', 'b', 'c')
});
const entryOf = (copies: readonly Copy[]) => {
	const best = bestCopy(content, copies);
	return best.ok ? Number(best.value.entry) : best.failure;
};

test('this device comes before a nearer class, the nearest device before a farther one', () => {
	expect(entryOf([copy(1, { distance: 1, storageClass: 'hot' }), copy(2, { storageClass: 'deep' })])).toBe(2);
	expect(entryOf([copy(1, { distance: 2, storageClass: 'hot' }), copy(2, { distance: 1 })])).toBe(2);
});

test('on one device the warmer disk comes first, an unknown one last', () => {
	expect(entryOf([copy(1, { storageClass: null }), copy(2, { storageClass: 'deep' })])).toBe(2);
	expect(entryOf([copy(1, { storageClass: 'cold' }), copy(2, { storageClass: 'hot' }), copy(3)])).toBe(2);
});

test('what cannot be reached is no answer, and where it is told names each disk once, the nearest first', () => {
	expect(entryOf([copy(1, { isReachable: false, storageClass: 'hot' }), copy(2, { distance: 3 })])).toBe(2);
	const away = [
		copy(1, { isReachable: false, distance: 2, disk: 'Attic' }),
		copy(2, { isReachable: false, disk: 'Stick' }),
		copy(3, { isReachable: false, disk: 'Stick' })
	];
	expect(entryOf(away)).toEqual({ type: 'CopiesAway', disks: ['Stick', 'Attic'] });
	expect(entryOf([])).toEqual({ type: 'ContentUnknown', content });
});

test('the order in which copies are told changes nothing, and none that is reachable is better', () => {
	fc.assert(
		fc.property(fc.uniqueArray(anyCopy, { selector: ({ entry }) => entry, maxLength: 12 }), (copies) => {
			const best = bestCopy(content, copies);
			expect(bestCopy(content, copies.toReversed())).toEqual(best);
			const reachable = copies.filter(({ isReachable }) => isReachable);
			expect(best.ok).toBe(reachable.length > 0);
			if (!best.ok) return;
			expect(best.value.isReachable).toBe(true);
			expect(Math.min(...reachable.map(({ distance }) => distance))).toBe(best.value.distance);
		})
	);
});
