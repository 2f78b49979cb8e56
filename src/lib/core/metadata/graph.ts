import type { TagId } from '#core/kernel';
import type { Relation } from './schema.ts';

/** The graph of tags: what is found by a tag is found by its parents and its synonyms. */
export type TagGraph = {
	/** The tag itself and all that are found with it: its children and synonyms, and theirs. */
	below(tag: TagId): ReadonlySet<TagId>;
	/** Whether a relation more would make two tags find each other that are no synonyms. */
	closesCycle(relation: Relation): boolean;
	add(relation: Relation): void;
};

export function createGraph(relations: readonly Relation[]): TagGraph {
	const next = new Map<TagId, Set<TagId>>();
	const link = (from: TagId, to: TagId) => {
		const known = next.get(from);
		if (known === undefined) next.set(from, new Set([to]));
		else known.add(to);
	};
	const add = ({ relation, tag, other }: Relation) => {
		link(other, tag);
		if (relation === 'synonym') link(tag, other);
	};
	for (const relation of relations) add(relation);
	const below = (tag: TagId) => {
		const found = new Set([tag]);
		// A set hands out what is added while it is walked.
		for (const at of found) for (const to of next.get(at) ?? []) found.add(to);
		return found;
	};
	return {
		below,
		add,
		closesCycle: ({ relation, tag, other }) =>
			below(tag).has(other) || (relation === 'synonym' && below(other).has(tag))
	};
}
