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
 * Facts that no facts to come can bring to life: a log means the same without them, together with whatever devices have
 * said without having heard of them. What a tag or a collection is called stays, and so does its deletion: they are few.
 */

type Things = { readonly fact: Fact; readonly things: readonly string[] };

/** What it puts somewhere or takes away. */
function thingsOf(fact: Fact): Things {
	return { fact, things: fact.body.ties.length > 0 ? fact.body.ties.map(tieText) : fact.body.targets };
}

/** Tags whose deletion has a tie go with them. */
type Drop = { readonly fact: Fact; readonly tag: string | null };

function isDead({ fact, things }: Things, takings: readonly Things[], drops: readonly Drop[]): boolean {
	const seenBy = drops.filter((drop) => hasSeen(drop.fact, fact));
	if (seenBy.some(({ tag }) => tag === null)) return true;
	const taken = new Set(takings.filter((taking) => hasSeen(taking.fact, fact)).flatMap((taking) => taking.things));
	const gone = new Set(seenBy.map(({ tag }) => tag));
	return things.every((thing, at) => {
		const tie = fact.body.ties[at];
		return taken.has(thing) || (tie !== undefined && (gone.has(tie.tag) || gone.has(tie.other)));
	});
}

/**
 * The last of each device for whose sake a tag is there: a deletion that has not seen one of a device has not seen its
 * last one either, so that these alone say whether it outlives any deletion to come.
 */
function lastTouching(facts: readonly Fact[]): ReadonlySet<string> {
	const last = new Map<string, Fact>();
	for (const fact of facts.filter(isTouching)) {
		const known = last.get(fact.device);
		if (known === undefined || isLater(fact, known)) last.set(fact.device, fact);
	}
	return new Set([...last.values()].map(factOrder));
}

/**
 * Of all facts about one tag or collection, or about all ties, with the deletions of tags, those that are dead among
 * what is `settled`: what was put somewhere and taken away again, and what took away nothing that is left.
 */
export function deadMembers(
	facts: readonly Fact[],
	drops: readonly Drop[],
	isSettled: (fact: Fact) => boolean
): readonly Fact[] {
	const takings = facts.filter((fact) => isTaking(fact) && !isDropping(fact)).map(thingsOf);
	const adding = facts.filter(isAdding).map(thingsOf);
	const kept = lastTouching(facts);
	const mayGo = (fact: Fact) => isSettled(fact) && !kept.has(factOrder(fact));
	const dead = adding.filter((one) => mayGo(one.fact) && isDead(one, takings, drops));
	const gone = new Set(dead.map(({ fact }) => factOrder(fact)));
	const left = adding.filter(({ fact }) => !gone.has(factOrder(fact)));
	const idle = takings.filter(({ fact: taking, things }) => {
		if (!isSettled(taking)) return false;
		const taken = new Set(things);
		return !left.some(({ fact, things: its }) => hasSeen(taking, fact) && its.some((thing) => taken.has(thing)));
	});
	return [...dead, ...idle].map(({ fact }) => fact);
}

/** Of all facts that set one mark those that are settled and count for no target any more. */
export function deadMarks(facts: readonly Fact[], isSettled: (fact: Fact) => boolean): readonly Fact[] {
	const latest = new Set([...latestMarks(facts).values()].map(factOrder));
	return facts.filter((fact) => fact.kind === factKinds.mark && isSettled(fact) && !latest.has(factOrder(fact)));
}
