import { expect, it } from 'vitest';
import type { TagId } from '#core/kernel';
import type { TagNode } from '#core/metadata';
import { spreadWords } from './marks.ts';
import { foundWith, retied, tagPathWords, tagTree, type TagBranch } from './tag-tree.ts';

const tag = (name: string, parents: readonly string[] = [], synonyms: readonly string[] = []): TagNode => ({
	id: name as TagId,
	name,
	privacy: 'normal',
	colour: 'grey',
	icon: 'tag',
	parents: parents as TagId[],
	children: [],
	synonyms: synonyms as TagId[],
	entries: 0
});
const tags = [
	tag('France', ['Places'], ['Gallia']),
	tag('Gallia', [], ['France']),
	tag('Paris', ['France', 'Trips']),
	tag('Places'),
	tag('Trips')
];
const [france] = tags;
const shown = (branches: readonly TagBranch[], depth = 0): string[] =>
	branches.flatMap((branch) => [`${'-'.repeat(depth)}${branch.tag.name}`, ...shown(branch.branches, depth + 1)]);

it('lists a tag under each tag that it lies under, and says where lines are left out', () => {
	const { branches, isWhole } = tagTree(tags, 100);
	expect(shown(branches)).toEqual(['Gallia', 'Places', '-France', '--Paris', 'Trips', '-Paris']);
	expect(isWhole).toBe(true);
	const cut = tagTree(tags, 3);
	expect([shown(cut.branches), cut.isWhole]).toEqual([['Gallia', 'Places', '-France'], false]);
	// One that lies under a hidden tag alone, which is not among them, stands at the top.
	expect(shown(tagTree([tag('a', ['hidden'])], 9).branches)).toEqual(['a']);
});

it('knows what is found with a tag, also once it is tied otherwise', () => {
	const found = (some: readonly TagNode[], id: string) => [...foundWith(some, id as TagId)].toSorted();
	expect(found(tags, 'Places')).toEqual(['France', 'Gallia', 'Paris', 'Places']);
	expect(found(tags, 'Gallia')).toEqual(['France', 'Gallia', 'Paris']);
	const other = retied(tags, 'France' as TagId, { parents: ['Trips'] as TagId[], synonyms: ['Places'] as TagId[] });
	expect(found(other, 'Gallia')).toEqual(['Gallia']);
	expect(found(other, 'Places')).toEqual(['France', 'Paris', 'Places']);
	expect(france && tagPathWords(france, tags)).toBe('Places / France');
});

it('tells how a mark is spread, and nothing where all have the same', () => {
	expect(spreadWords([{ name: 'Red', entries: 2 }])).toBe('');
	const shares = [
		{ name: 'No rating', entries: 1 },
		{ name: '4 stars', entries: 2 }
	];
	expect(spreadWords(shares)).toBe('4 stars on 2, no rating on 1');
	expect(spreadWords([...shares, { name: '1 star', entries: 1 }, { name: '2 stars', entries: 1 }])).toMatch(/others$/);
});
