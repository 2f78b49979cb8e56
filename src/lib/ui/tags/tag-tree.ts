import type { TagId } from '#core/kernel';
import type { TagNode } from '#core/metadata';

/** A line of the list of tags, with what lies under it. */
export type TagBranch = {
	readonly tag: TagNode;
	/** Tells it from the same tag elsewhere. */
	readonly key: string;
	readonly branches: readonly TagBranch[];
};

/** Tags as an indented list: one that lies under two stands under both. Lines beyond `linesMax` are left out. */
export function tagTree(
	tags: readonly TagNode[],
	linesMax: number
): { readonly branches: readonly TagBranch[]; readonly isWhole: boolean } {
	const known = new Map(tags.map((tag) => [tag.id, tag]));
	const under = new Map<TagId, TagNode[]>();
	for (const tag of tags) for (const parent of tag.parents) under.set(parent, [...(under.get(parent) ?? []), tag]);
	let lines = 0;
	const branch = (some: readonly TagNode[], above: string): TagBranch[] => {
		const branches: TagBranch[] = [];
		for (const tag of some) {
			if (lines++ >= linesMax) break;
			const key = `${above}/${tag.id}`;
			branches.push({ tag, key, branches: branch(under.get(tag.id) ?? [], key) });
		}
		return branches;
	};
	const top = tags.filter(({ parents }) => !parents.some((parent) => known.has(parent)));
	return { branches: branch(top, ''), isWhole: lines <= linesMax };
}

/** What a tag finds beside its own files: itself, its children and synonyms, and theirs. */
export function foundWith(tags: readonly TagNode[], tag: TagId): ReadonlySet<TagId> {
	const next = new Map<TagId, TagId[]>();
	const link = (from: TagId, to: TagId) => next.set(from, [...(next.get(from) ?? []), to]);
	for (const { id, parents, synonyms } of tags) {
		for (const parent of parents) link(parent, id);
		for (const synonym of synonyms) link(id, synonym);
	}
	const found = new Set([tag]);
	// A set hands out what is added while it is walked.
	for (const at of found) for (const to of next.get(at) ?? []) found.add(to);
	return found;
}

/** The tags as they would be if `tag` lay under `parents` and had `synonyms`. */
export function retied(
	tags: readonly TagNode[],
	tag: TagId,
	{ parents, synonyms }: Pick<TagNode, 'parents' | 'synonyms'>
): readonly TagNode[] {
	return tags.map((node) => {
		if (node.id === tag) return { ...node, parents, synonyms };
		const others = node.synonyms.filter((other) => other !== tag);
		return { ...node, synonyms: synonyms.includes(node.id) ? [...others, tag] : others };
	});
}

/** The names from the top down to a tag, by its first parents: `Places / France`. */
export function tagPathWords(tag: TagNode, tags: readonly TagNode[]): string {
	const above = tags.find(({ id }) => id === tag.parents[0]);
	return above === undefined ? tag.name : `${tagPathWords(above, tags)} / ${tag.name}`;
}
