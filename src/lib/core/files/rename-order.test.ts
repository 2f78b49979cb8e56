import fc from 'fast-check';
import { expect, test } from 'vitest';
import { entryId, type EntryId } from '#core/kernel';
import { renameOrder } from './rename-order.ts';

test('each name is free when it is given, and only those of a ring are told together', () => {
	const wish = fc.tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 16 }));
	fc.assert(
		fc.property(fc.uniqueArray(wish, { selector: ([id]) => id }), (wishes) => {
			// Entry n is called n; beyond 12 nobody has the name.
			const renames = wishes.map(([id, name]) => ({
				entry: entryId(id),
				name,
				holder: name > 12 ? null : entryId(name)
			}));
			const turns = renameOrder(renames);
			const all = turns.flatMap((turn) => (turn.is === 'one' ? [turn.one] : turn.ring));
			expect(all.toSorted((a, b) => a.entry - b.entry)).toEqual(renames.toSorted((a, b) => a.entry - b.entry));
			const moved = new Set<EntryId>();
			for (const turn of turns) {
				const ring = turn.is === 'one' ? [turn.one] : turn.ring;
				if (turn.is === 'ring')
					for (const [at, one] of ring.entries()) expect(one.holder).toBe(ring[(at + 1) % ring.length]?.entry);
				else {
					const { holder, entry } = turn.one;
					const isMoving = renames.some((rename) => rename.entry === holder);
					// Who has the name has been asked first, or stays where it is.
					expect(holder === null || holder === entry || !isMoving || moved.has(holder)).toBe(true);
				}
				for (const { entry } of ring) moved.add(entry);
			}
		})
	);
});

test('a chain of many thousands is put in order from its end', () => {
	const count = 50_000;
	const chain = Array.from({ length: count }, (_, at) => ({ entry: entryId(at + 1), holder: entryId(at + 2) }));
	const turns = renameOrder(chain);
	expect(turns.map((turn) => (turn.is === 'one' ? turn.one.entry : 0))).toEqual(
		chain.map(({ entry }) => entry).toReversed()
	);
	const round = renameOrder(chain.map((one, at) => (at === count - 1 ? { ...one, holder: entryId(1) } : one)));
	expect(round).toHaveLength(1);
});
