import * as v from 'valibot';
import { tidyName } from '#core/pairing';

/** Far beyond what people do; counts stay whole numbers. */
const countMax = 2 ** 31;
const kindLettersMax = 16;

/**
 * What a library says of one of its devices. All but the name only grows, and no clock counts: devices that have heard
 * the same say the same, in whichever order it came.
 */
export type Membership = {
	/** How often it was let in. */
	readonly admitted: number;
	/** Up to which of these times it was removed: it is a device of the library where that is less. */
	readonly removed: number;
	/** How often it was named, and by which device last. */
	readonly renames: number;
	readonly renamedBy: string;
	readonly name: string;
	/** `browser`, `peer`, or nothing where nobody has said. */
	readonly kind: string;
};

const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(countMax));
const deviceKey = v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/));

export const membershipSchema = v.pipe(
	v.strictTuple([
		count,
		count,
		count,
		v.union([v.literal(''), deviceKey]),
		v.pipe(
			v.string(),
			v.check((name) => tidyName(name) === name)
		),
		v.pipe(v.string(), v.maxLength(kindLettersMax), v.regex(/^[a-z]*$/))
	]),
	v.transform(([admitted, removed, renames, renamedBy, name, kind]): Membership => ({
		admitted,
		removed,
		renames,
		renamedBy,
		name,
		kind
	}))
);

export { deviceKey as memberKeySchema };

export function membershipToWire({ admitted, removed, renames, renamedBy, name, kind }: Membership) {
	return [admitted, removed, renames, renamedBy, name, kind];
}

/** Nobody has said anything of it. */
export const unsaid: Membership = { admitted: 0, removed: 0, renames: 0, renamedBy: '', name: '', kind: '' };

export function isSaid({ admitted, removed, renames }: Membership): boolean {
	return admitted + removed + renames > 0;
}

export function isRemoved({ admitted, removed }: Membership): boolean {
	return removed > 0 && removed >= admitted;
}

function isLaterName(a: Membership, b: Membership): boolean {
	if (a.renames !== b.renames) return a.renames > b.renames;
	return a.renamedBy === b.renamedBy ? a.name > b.name : a.renamedBy > b.renamedBy;
}

/** What follows from both. */
export function joinMemberships(a: Membership, b: Membership): Membership {
	const { renames, renamedBy, name } = isLaterName(b, a) ? b : a;
	return {
		admitted: Math.max(a.admitted, b.admitted),
		removed: Math.max(a.removed, b.removed),
		renames,
		renamedBy,
		name,
		kind: a.kind > b.kind ? a.kind : b.kind
	};
}

export function isSameMembership(a: Membership, b: Membership): boolean {
	return membershipToWire(a).join('\n') === membershipToWire(b).join('\n');
}

/** Whoever is let in is, also after a removal: that was of a time before. */
export function admit(known: Membership): Membership {
	const isIn = known.admitted > known.removed;
	return { ...known, admitted: isIn ? known.admitted : Math.min(countMax, known.removed + 1) };
}

/** Whoever is removed is out, whatever time this is. */
export function remove(known: Membership): Membership {
	return { ...known, removed: Math.max(1, known.admitted, known.removed) };
}

export function rename(known: Membership, name: string, by: string): Membership {
	return { ...known, name, renames: Math.min(countMax, known.renames + 1), renamedBy: by };
}
