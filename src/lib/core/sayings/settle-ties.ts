import { createGraph, readAllTags, setRelations, type Relation } from '#core/metadata';
import { tagId, type TagId } from '#core/kernel';
import type { Database } from '#core/schema';
import { factKinds, type Fact } from './fact.ts';
import { liveTies } from './merge.ts';
import { readFacts, readFactsOfKind } from './store.ts';
import { tagSubject, tiesSubject } from './subjects.ts';

/**
 * Has the ties between tags be those that facts say: in the order in which they were made, those left out that would
 * have a tag lie below itself. Two devices that have each made half of a circle show the same half.
 */
export function settleTies(database: Database): void {
	const facts = readFacts(database, tiesSubject);
	const tags = new Set(facts.flatMap(({ body }) => body.ties.flatMap(({ tag, other }) => [tag, other])));
	const drops: (readonly [string, Fact])[] = [];
	for (const tag of tags)
		for (const drop of readFactsOfKind(database, tagSubject(tag), factKinds.dropTag)) drops.push([tag, drop]);
	const there = new Set<TagId>(readAllTags(database).map(({ id }) => id));
	const graph = createGraph([]);
	const shown: Relation[] = [];
	for (const { relation, tag, other } of liveTies(facts, drops)) {
		const [first, second] = relation === 'synonym' && tag > other ? [other, tag] : [tag, other];
		const tie: Relation = { relation, tag: tagId(first), other: tagId(second) };
		if (!there.has(tie.tag) || !there.has(tie.other) || graph.closesCycle(tie)) continue;
		graph.add(tie);
		shown.push(tie);
	}
	setRelations(database, shown);
}
