import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assignSlots } from './recycling.ts';

describe('slots', () => {
	it('show every row in view once, keep rows where they are, and keep the focused row', () => {
		const steps = fc.array(fc.record({ from: fc.nat(500), focus: fc.option(fc.nat(600)) }), { maxLength: 40 });
		fc.assert(
			fc.property(steps, (moves) => {
				let slots = Array.from({ length: 31 }, () => -1);
				for (const { from, focus } of moves) {
					const pinned = focus !== null && slots.includes(focus) ? focus : null;
					const next = assignSlots(slots, from, from + 30, pinned);
					const shown = next.filter((row) => row !== -1);
					expect(new Set(shown).size).toBe(shown.length);
					for (let row = from; row < from + 30; row++) expect(next).toContain(row);
					if (pinned !== null) expect(next.indexOf(pinned)).toBe(slots.indexOf(pinned));
					for (const [slot, row] of slots.entries()) if (row >= from && row < from + 30) expect(next[slot]).toBe(row);
					slots = next;
				}
			}),
			{ numRuns: 200 }
		);
	});

	it('leave free what a short list does not need', () => {
		expect(assignSlots([-1, -1, -1], 0, 2, null)).toEqual([0, 1, -1]);
	});
});
