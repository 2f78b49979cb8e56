import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
	admit,
	isRemoved,
	isSameMembership,
	joinMemberships,
	remove,
	rename,
	unsaid,
	type Membership
} from './membership.ts';

type Deed = { readonly at: number; readonly do: 'admit' | 'remove' | 'rename' | 'tell'; readonly to: number };

const deed: fc.Arbitrary<Deed> = fc.record({
	at: fc.nat(2),
	do: fc.constantFrom('admit', 'remove', 'rename', 'tell', 'tell'),
	to: fc.nat(2)
});

/** What three devices say of a fourth, after all that they did, and told each other meanwhile. */
function play(deeds: readonly Deed[]): Membership[] {
	const said: Membership[] = [unsaid, unsaid, unsaid];
	for (const [n, { at, do: what, to }] of deeds.entries()) {
		const known = said[at] ?? unsaid;
		if (what === 'admit') said[at] = admit(known);
		if (what === 'remove') said[at] = remove(known);
		if (what === 'rename') said[at] = rename(known, `name ${n}`, String(at));
		if (what === 'tell') said[to] = joinMemberships(said[to] ?? unsaid, known);
	}
	return said;
}

const inOrder = (said: readonly Membership[], order: readonly number[]) =>
	order.map((at) => said[at] ?? unsaid).reduce(joinMemberships, unsaid);

test('what devices say comes to the same in whichever order they hear it, however often', () => {
	fc.assert(
		fc.property(fc.array(deed, { maxLength: 30 }), (deeds) => {
			const said = play(deeds);
			const one = inOrder(said, [0, 1, 2]);
			for (const order of [
				[2, 1, 0],
				[1, 0, 2, 0, 1, 2]
			])
				expect(isSameMembership(inOrder(said, order), one)).toBe(true);
		})
	);
});

test('a removal holds whatever was said before or beside it, until somebody who knows of it lets the device in', () => {
	fc.assert(
		fc.property(fc.array(deed, { maxLength: 30 }), (deeds) => {
			const said = play(deeds);
			// Whoever removes it now has heard all; the others go on with what they said before.
			const removed = remove(inOrder(said, [0, 1, 2]));
			expect(isRemoved(joinMemberships(inOrder(said, [2, 0]), removed))).toBe(true);
			expect(isRemoved(admit(removed))).toBe(false);
			expect(isRemoved(joinMemberships(removed, admit(removed)))).toBe(false);
			expect(isRemoved(joinMemberships(admit(removed), remove(admit(removed))))).toBe(true);
		})
	);
});
