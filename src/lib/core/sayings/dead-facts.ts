import { factKinds, type Fact } from './fact.ts';
import {
	factOrder,
	hasSeen,
	isAdding,
	isDropping,
	isLater,
	isTaking,
	isTouching,
	latestMarks,
	tieText
} from './merge.ts';

/**
 * Facts that a log means the same without, whatever comes to it: the union of two logs, both, one or neither of them without
 * these, comes to the same. So each device leaves them out by itself and nobody has to know of it. What a tag or a collection is
 * called stays, and its deletion; and of what took something away whatever nobody took away anew who knew of it.
 */

/** What it puts somewhere or takes away. */
function thingsOf({ body }: Fact): readonly string[] {
	return body.ties.length > 0 ? body.ties.map(tieText) : body.targets;
}

/** Whether `later` takes away whatever `taking` does of the same thing: it was said with that known, and all that it had seen. */
function covers(later: Fact, taking: Fact): boolean {
	const seen = [...taking.body.context].map(([device, stamp]) => ({ device, stamp }));
	return [taking, ...seen].every((one) => hasSeen(later, one));
}

function groupByThing(facts: readonly Fact[]): ReadonlyMap<string, readonly Fact[]> {
	const groups = new Map<string, Fact[]>();
	for (const fact of facts)
		for (const thing of thingsOf(fact)) {
			const group = groups.get(thing);
			if (group === undefined) groups.set(thing, [fact]);
			else group.push(fact);
		}
	return groups;
}

/**
 * The last of each device for whose sake a tag is there: a deletion that has not seen one of a device has not seen its
 * last one either, so that these alone say whether it outlives any deletion to come.
 */
function lastTouching(facts: readonly Fact[]): ReadonlySet<Fact> {
	const last = new Map<string, Fact>();
	for (const fact of facts.filter(isTouching)) {
		const known = last.get(fact.device);
		if (known === undefined || isLater(fact, known)) last.set(fact.device, fact);
	}
	return new Set(last.values());
}

/** A deletion of a tag, which has a tie go with it; null where all facts are of what was deleted. */
export type Drop = { readonly fact: Fact; readonly tag: string | null };

/** Of all facts about one tag or collection, or about all ties, with the deletions of tags, those that are dead. */
export function deadMembers(facts: readonly Fact[], drops: readonly Drop[]): readonly Fact[] {
	const taken = groupByThing(facts.filter((fact) => isTaking(fact) && !isDropping(fact)));
	// Of ties the one that was made first counts, and not the last.
	const put = groupByThing(facts.filter((fact) => isAdding(fact) && fact.kind !== factKinds.tie));
	const kept = lastTouching(facts);
	const takersOf = (fact: Fact, thing: string, at: number): readonly Fact[] => {
		const tie = fact.body.ties[at];
		const hits = drops.filter(({ tag }) => tag === null || tag === tie?.tag || tag === tie?.other);
		return [...hits.map((drop) => drop.fact), ...(taken.get(thing) ?? [])];
	};
	// Whoever has seen what a device said later has seen what it said before.
	const isSaidAnew = (fact: Fact, thing: string) =>
		(put.get(thing) ?? []).some((other) => other.device === fact.device && isLater(other, fact));
	return facts.filter((fact) => {
		if (isDropping(fact) || kept.has(fact)) return false;
		const things = thingsOf(fact);
		if (isAdding(fact))
			return things.every(
				(thing, at) => takersOf(fact, thing, at).some((taker) => hasSeen(taker, fact)) || isSaidAnew(fact, thing)
			);
		return (
			isTaking(fact) && things.every((thing, at) => takersOf(fact, thing, at).some((other) => covers(other, fact)))
		);
	});
}

/** Of all facts that set one mark those that count for no target any more. */
export function deadMarks(facts: readonly Fact[]): readonly Fact[] {
	const latest = new Set([...latestMarks(facts).values()].map(factOrder));
	return facts.filter((fact) => fact.kind === factKinds.mark && !latest.has(factOrder(fact)));
}
