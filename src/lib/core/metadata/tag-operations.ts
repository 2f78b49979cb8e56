import * as v from 'valibot';
import { defineRows, type Facts } from '#core/actions';
import type { TagId } from '#core/kernel';
import type { Database } from '#core/schema';
import { createGraph } from './graph.ts';
import { relationSchema, tagIdSchema, tagLookSchema, tagSchema, targetsSchema } from './schema.ts';
import type { MetadataBlock, Relation, Tag, TagLook } from './schema.ts';
import {
	countTagTargets,
	deleteAssignments,
	deleteRelation,
	deleteTag,
	hasRelation,
	insertAssignments,
	insertRelation,
	insertTag,
	presentTargets,
	readRelations,
	readRelationsOf,
	readTag,
	readTagTargets,
	updateTag
} from './store.ts';

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const relationsSchema = v.array(relationSchema);

/** A tag that comes into being, or comes back with all that hung on it. */
export const restoreTag = v.object({
	kind: v.literal('metadata.restore-tag'),
	tag: tagSchema,
	relations: relationsSchema,
	targets: targetsSchema
});
export const deleteTagSchema = v.object({
	kind: v.literal('metadata.delete-tag'),
	tag: tagSchema,
	relations: relationsSchema,
	/** How many contents and entries lose it. */
	targets: count
});
/** A tag comes to look otherwise, and to lie elsewhere: `unties` go before `ties` come. */
export const editTag = v.object({
	kind: v.literal('metadata.edit-tag'),
	tag: tagIdSchema,
	from: tagLookSchema,
	to: tagLookSchema,
	ties: v.optional(relationsSchema, []),
	unties: v.optional(relationsSchema, [])
});
/** `tag` goes, and what had it has `into`; `adds` are the ties that `into` takes over. */
export const mergeTags = v.object({
	kind: v.literal('metadata.merge-tags'),
	tag: tagSchema,
	into: tagIdSchema,
	adds: relationsSchema,
	targets: count
});
/** `tag` is there again, with what it had; `into` has not what it had only from it. */
export const unmergeTags = v.object({
	kind: v.literal('metadata.unmerge-tags'),
	tag: tagSchema,
	into: tagIdSchema,
	relations: relationsSchema,
	targets: targetsSchema,
	adds: relationsSchema,
	added: targetsSchema
});
export const relateTags = v.object({ kind: v.literal('metadata.relate-tags'), ...relationSchema.entries });
export const unrelateTags = v.object({ kind: v.literal('metadata.unrelate-tags'), ...relationSchema.entries });

type Restore = v.InferOutput<typeof restoreTag>;
type Unmerge = v.InferOutput<typeof unmergeTags>;
export type TagOperation =
	| Restore
	| v.InferOutput<typeof deleteTagSchema>
	| v.InferOutput<typeof editTag>
	| v.InferOutput<typeof mergeTags>
	| Unmerge
	| v.InferOutput<typeof relateTags>
	| v.InferOutput<typeof unrelateTags>;

/** A tag as the operations before leave it, else as it is now, which is noted among the facts. */
export function noteTag(database: Database, id: TagId, facts: Facts): Tag | null {
	const coming = facts.foreseen(`tag/${id}`);
	if (coming !== undefined) return coming === null ? null : v.parse(tagSchema, JSON.parse(String(coming)));
	const tag = readTag(database, id);
	facts.note(`tag/${id}`, tag === null ? null : JSON.stringify(tag));
	return tag;
}

/** Says that a tag will be there, or, without how it looks, will not. */
function foreseeTag(id: TagId, tag: Tag | null, facts: Facts): void {
	facts.foresee(`tag/${id}`, tag === null ? null : JSON.stringify(tag));
}

/** How many lose it when it is deleted, after the operations before have taken it off some. */
function countLosing(database: Database, tag: TagId, facts: Facts): number {
	return Math.max(0, countTagTargets(database, tag) - Number(facts.foreseen(`untagged/${tag}`) ?? 0));
}

function isSameLook(a: TagLook, b: TagLook): boolean {
	return a.name === b.name && a.colour === b.colour && a.icon === b.icon && a.privacy === b.privacy;
}

function missing(database: Database, tag: TagId, facts: Facts): MetadataBlock | null {
	return noteTag(database, tag, facts) === null ? { type: 'TagMissing', tag } : null;
}

/** Why a tag is not as an operation takes it to be. */
function changed(database: Database, { id, ...look }: Tag, facts: Facts): MetadataBlock | null {
	const tag = noteTag(database, id, facts);
	if (tag === null) return { type: 'TagMissing', tag: id };
	return isSameLook(tag, look) ? null : { type: 'TagChanged', tag: id };
}

/** Why there cannot be a new tag of this id. */
function taken(database: Database, { id }: Tag, facts: Facts): MetadataBlock | null {
	return noteTag(database, id, facts) === null ? null : { type: 'TagExists', tag: id };
}

/** Why a tie cannot be made. */
export function untieable(database: Database, relation: Relation, facts: Facts): MetadataBlock | null {
	const { tag, other } = relation;
	const gone = missing(database, tag, facts) ?? missing(database, other, facts);
	if (gone !== null) return gone;
	if (hasRelation(database, relation)) return { type: 'TagChanged', tag };
	return createGraph(readRelations(database)).closesCycle(relation) ? { type: 'TagCycle', tag, other } : null;
}

/** Why the ties of a tag cannot become what an operation makes of them. */
export function unretieable(
	database: Database,
	{ tag, ties, unties }: Pick<v.InferOutput<typeof editTag>, 'tag' | 'ties' | 'unties'>,
	facts: Facts
): MetadataBlock | null {
	for (const { tag: one, other } of [...ties, ...unties]) {
		const gone = missing(database, one === tag ? other : one, facts);
		if (gone !== null) return gone;
	}
	const leaving = new Set(unties.map((relation) => JSON.stringify(relation)));
	const isKnown = (relation: Relation) => hasRelation(database, relation);
	if (!unties.every(isKnown) || ties.some(isKnown)) return { type: 'TagChanged', tag };
	const graph = createGraph(readRelations(database).filter((relation) => !leaving.has(JSON.stringify(relation))));
	for (const tie of ties) {
		if (graph.closesCycle(tie)) return { type: 'TagCycle', tag, other: tie.tag === tag ? tie.other : tie.tag };
		graph.add(tie);
	}
	return null;
}

type Parted<T> = { due: T; blocked: { operation: T; why: MetadataBlock }[] };

/**
 * What of a tag that comes back can: ties to tags that are there and close no cycle, and files that are there. What
 * cannot is told by an operation that has nothing but that.
 */
function partRestored<T extends Restore | Unmerge>(database: Database, operation: T): Parted<T> {
	const { tag, relations, targets } = operation;
	// What the other tag took over goes back first.
	const leaving = new Set('adds' in operation ? operation.adds.map((relation) => JSON.stringify(relation)) : []);
	const graph = createGraph(readRelations(database).filter((relation) => !leaving.has(JSON.stringify(relation))));
	const blocked: Parted<T>['blocked'] = [];
	const kept = relations.filter((relation) => {
		const friend = relation.tag === tag.id ? relation.other : relation.tag;
		const isGone = readTag(database, friend) === null;
		if (!isGone && !graph.closesCycle(relation)) {
			graph.add(relation);
			return true;
		}
		const why = isGone ? ({ type: 'TagMissing', tag: friend } as const) : ({ type: 'TagCycle', ...relation } as const);
		blocked.push({ operation: { ...operation, relations: [relation], targets: [] }, why });
		return false;
	});
	const present = presentTargets(database, targets);
	const goneCount = targets.length - present.length;
	if (goneCount > 0)
		blocked.push({
			operation: { ...operation, relations: [], targets: [] },
			why: { type: 'EntriesGone', entries: goneCount }
		});
	return { due: { ...operation, relations: kept, targets: present }, blocked };
}

function putBack(database: Database, { tag, relations, targets }: Omit<Restore, 'kind'>): void {
	insertTag(database, tag);
	for (const relation of relations) insertRelation(database, relation);
	insertAssignments(database, tag.id, targets);
}

function lifeOperations(database: Database) {
	return {
		'metadata.restore-tag': defineRows(restoreTag, {
			check: ({ tag }, facts) => taken(database, tag, facts),
			part: (operation) => partRestored(database, operation),
			foresee: ({ tag }, facts) => foreseeTag(tag.id, tag, facts),
			measure: ({ targets }) => ({ items: Math.max(1, targets.length), sizeBytes: 0 }),
			apply: (operation): TagOperation => {
				putBack(database, operation);
				const { tag, relations, targets } = operation;
				return { kind: 'metadata.delete-tag', tag, relations, targets: targets.length };
			}
		}),
		'metadata.delete-tag': defineRows(deleteTagSchema, {
			check: ({ tag }, facts) => changed(database, tag, facts),
			// What has come to hang on it since goes with it, and comes back with it.
			part: ({ kind, tag }, facts) => ({
				due: { kind, tag, relations: readRelationsOf(database, tag.id), targets: countLosing(database, tag.id, facts) },
				blocked: []
			}),
			foresee: ({ tag }, facts) => foreseeTag(tag.id, null, facts),
			measure: ({ targets }) => ({ items: Math.max(1, targets), sizeBytes: 0 }),
			apply: ({ tag, relations }): TagOperation => {
				const targets = readTagTargets(database, tag.id);
				deleteTag(database, tag.id);
				return { kind: 'metadata.restore-tag', tag, relations, targets };
			}
		}),
		'metadata.edit-tag': defineRows(editTag, {
			check: (operation, facts) =>
				changed(database, { id: operation.tag, ...operation.from }, facts) ?? unretieable(database, operation, facts),
			measure: () => ({ items: 1, sizeBytes: 0 }),
			apply: ({ kind, tag, from, to, ties, unties }): TagOperation => {
				updateTag(database, { id: tag, ...to });
				for (const relation of unties) deleteRelation(database, relation);
				for (const relation of ties) insertRelation(database, relation);
				return { kind, tag, from: to, to: from, ties: unties, unties: ties };
			}
		})
	};
}

function mergeOperations(database: Database) {
	return {
		'metadata.merge-tags': defineRows(mergeTags, {
			check: ({ tag, into }, facts) => changed(database, tag, facts) ?? missing(database, into, facts),
			part: (operation) => ({
				due: { ...operation, ...planMerge(database, operation.tag.id, operation.into) },
				blocked: []
			}),
			measure: ({ targets }) => ({ items: Math.max(1, targets), sizeBytes: 0 }),
			apply: ({ tag, into, adds }): TagOperation => {
				const relations = readRelationsOf(database, tag.id);
				const targets = readTagTargets(database, tag.id);
				deleteTag(database, tag.id);
				for (const relation of adds) insertRelation(database, relation);
				const added = insertAssignments(database, into, targets);
				return { kind: 'metadata.unmerge-tags', tag, into, relations, targets, adds, added };
			}
		}),
		'metadata.unmerge-tags': defineRows(unmergeTags, {
			check: ({ tag, into }, facts) => taken(database, tag, facts) ?? missing(database, into, facts),
			part: (operation) => partRestored(database, operation),
			measure: ({ targets }) => ({ items: Math.max(1, targets.length), sizeBytes: 0 }),
			apply: (operation): TagOperation => {
				const { tag, into, adds, added, targets } = operation;
				for (const relation of adds) deleteRelation(database, relation);
				deleteAssignments(database, into, added);
				putBack(database, operation);
				return { kind: 'metadata.merge-tags', tag, into, adds, targets: targets.length };
			}
		})
	};
}

function tieOperations(database: Database) {
	return {
		'metadata.relate-tags': defineRows(relateTags, {
			check: (relation, facts) => untieable(database, relation, facts),
			measure: () => ({ items: 1, sizeBytes: 0 }),
			apply: (operation): TagOperation => {
				insertRelation(database, operation);
				return { ...operation, kind: 'metadata.unrelate-tags' };
			}
		}),
		'metadata.unrelate-tags': defineRows(unrelateTags, {
			check: (relation, facts): MetadataBlock | null => {
				const gone = missing(database, relation.tag, facts) ?? missing(database, relation.other, facts);
				return gone ?? (hasRelation(database, relation) ? null : { type: 'TagChanged', tag: relation.tag });
			},
			measure: () => ({ items: 1, sizeBytes: 0 }),
			apply: (operation): TagOperation => {
				deleteRelation(database, operation);
				return { ...operation, kind: 'metadata.relate-tags' };
			}
		})
	};
}

/** What `into` takes over when `tag` is merged into it: every tie but those that would close a cycle. */
export function planMerge(
	database: Database,
	tag: TagId,
	into: TagId
): { readonly adds: Relation[]; readonly targets: number } {
	const all = readRelations(database);
	const isIts = (relation: Relation) => relation.tag === tag || relation.other === tag;
	const graph = createGraph(all.filter((relation) => !isIts(relation)));
	const known = new Set(all.map((relation) => JSON.stringify(relation)));
	const adds: Relation[] = [];
	for (const { relation, tag: one, other } of all.filter(isIts)) {
		const ends = [one === tag ? into : one, other === tag ? into : other] as const;
		const [first, second] = relation === 'synonym' ? ends.toSorted() : ends;
		if (first === undefined || second === undefined) continue;
		const tie = { relation, tag: first, other: second };
		if (known.has(JSON.stringify(tie)) || graph.closesCycle(tie)) continue;
		graph.add(tie);
		adds.push(tie);
	}
	return { adds, targets: countTagTargets(database, tag) };
}

/** How tags themselves are changed. */
export function createTagOperations(database: Database) {
	return { ...lifeOperations(database), ...mergeOperations(database), ...tieOperations(database) };
}
