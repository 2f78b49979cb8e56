import { stampText } from '#core/kernel';
import { factKinds, type Fact, type TargetKey, type Tie } from './fact.ts';

/**
 * How facts become one. All of it is a function of a set of facts: their order does not matter, nor how often each is
 * there (Shapiro et al., "A comprehensive study of Convergent and Commutative Replicated Data Types", 2011). A fact that
 * takes away names what it saw (its context), so that what was put there at the same time stays: an observed-remove set,
 * with contexts for tombstones. Of values the one with the highest stamp counts.
 */

const adding: ReadonlySet<number> = new Set([factKinds.tag, factKinds.collect, factKinds.tie]);
const removing: ReadonlySet<number> = new Set([factKinds.untag, factKinds.uncollect, factKinds.untie]);
const dropping: ReadonlySet<number> = new Set([factKinds.dropTag, factKinds.dropCollection]);
const describing: ReadonlySet<number> = new Set([factKinds.describeTag, factKinds.describeCollection]);

export function isAdding({ kind }: Pick<Fact, 'kind'>): boolean {
	return adding.has(kind);
}

/** Whether it takes something away, and so has a context. */
export function isTaking({ kind }: Pick<Fact, 'kind'>): boolean {
	return removing.has(kind) || dropping.has(kind);
}

export function isDropping({ kind }: Pick<Fact, 'kind'>): boolean {
	return dropping.has(kind);
}

/** Whether a tag or a collection is there for its sake. */
export function isTouching(fact: Pick<Fact, 'kind'>): boolean {
	return describing.has(fact.kind) || fact.kind === factKinds.tag || fact.kind === factKinds.collect;
}

/** Orders facts in time; two that differ are never equal. */
export function factOrder({ stamp, device }: Pick<Fact, 'stamp' | 'device'>): string {
	return stampText(stamp, device);
}

export function isLater(a: Fact, b: Fact): boolean {
	return a.stamp === b.stamp ? a.device > b.device : a.stamp > b.stamp;
}

/** Whether the device that said `taking` had seen `fact`; of its own it has seen all before. */
export function hasSeen(taking: Fact, { device, stamp }: Pick<Fact, 'device' | 'stamp'>): boolean {
	if (taking.device === device) return stamp < taking.stamp;
	return (taking.body.context.get(device) ?? 0) >= stamp;
}

function latest(a: Fact | undefined, b: Fact): Fact {
	return a !== undefined && isLater(a, b) ? a : b;
}

/** Of facts about one tag or collection: the targets that are in it, each with the latest fact that keeps it there. */
export function liveTargets(facts: readonly Fact[]): ReadonlyMap<TargetKey, Fact> {
	const takings = facts.filter(isTaking);
	const live = new Map<TargetKey, Fact>();
	for (const fact of facts.filter(isAdding)) {
		const seenBy = takings.filter((taking) => hasSeen(taking, fact));
		if (seenBy.some(isDropping)) continue;
		const taken = new Set(seenBy.flatMap(({ body }) => body.targets));
		for (const target of fact.body.targets) if (!taken.has(target)) live.set(target, latest(live.get(target), fact));
	}
	return live;
}

/** Of facts about one tag or collection: whether it is there. What was said of it unseen by a deletion outlives that. */
export function isThere(facts: readonly Fact[]): boolean {
	const drops = facts.filter(isDropping);
	return facts.some((fact) => isTouching(fact) && !drops.some((drop) => hasSeen(drop, fact)));
}

/** Of facts that set fields of one thing: of each field the latest fact that sets it. */
export function latestFields(
	facts: readonly Fact[]
): ReadonlyMap<number, { readonly fact: Fact; readonly value: string }> {
	const fields = new Map<number, { fact: Fact; value: string }>();
	for (const fact of facts) {
		if (!describing.has(fact.kind)) continue;
		for (const [field, value] of fact.body.fields) {
			const known = fields.get(field);
			if (known === undefined || isLater(fact, known.fact)) fields.set(field, { fact, value });
		}
	}
	return fields;
}

/** Of facts that set one mark: of each target the latest fact that sets it. */
export function latestMarks(facts: readonly Fact[]): ReadonlyMap<TargetKey, Fact> {
	const marks = new Map<TargetKey, Fact>();
	for (const fact of facts)
		if (fact.kind === factKinds.mark)
			for (const target of fact.body.targets) marks.set(target, latest(marks.get(target), fact));
	return marks;
}

/** As text: of two ties that are the same it is the same, whichever of two synonyms is named first. */
export function tieText({ relation, tag, other }: Tie): string {
	return [relation, ...(relation === 'synonym' && tag > other ? [other, tag] : [tag, other])].join(' ');
}

/**
 * Of facts about ties, and of the deletions of tags, `drops`, each with its tag: the ties that were made and that nobody
 * has undone, the one that was made first in front.
 */
export function liveTies(facts: readonly Fact[], drops: readonly (readonly [tag: string, fact: Fact])[]): Tie[] {
	const undone = facts.filter(isTaking).map((fact) => ({ fact, ties: new Set(fact.body.ties.map(tieText)) }));
	const live = new Map<string, { readonly tie: Tie; readonly order: string }>();
	for (const fact of facts.filter(isAdding)) {
		const takings = undone.filter((taking) => hasSeen(taking.fact, fact));
		const dropped = new Set(drops.filter(([, drop]) => hasSeen(drop, fact)).map(([tag]) => tag));
		for (const [at, tie] of fact.body.ties.entries()) {
			const text = tieText(tie);
			const isGone = takings.some(({ ties }) => ties.has(text)) || dropped.has(tie.tag) || dropped.has(tie.other);
			const order = `${factOrder(fact)} ${String(at).padStart(4, '0')}`;
			const known = live.get(text);
			if (!isGone && (known === undefined || order < known.order)) live.set(text, { tie, order });
		}
	}
	return [...live.values()].toSorted((a, b) => (a.order < b.order ? -1 : 1)).map(({ tie }) => tie);
}
