import * as v from 'valibot';
import { defineAction, type Action, type Draft, type Facts } from '#core/actions';
import type { TagId } from '#core/kernel';
import type { Database } from '#core/schema';
import { inChunks, readChosen, readEntries } from './chosen-entries.ts';
import type { MetadataDomain } from './operations.ts';
import {
	filesSchema,
	nameSchema,
	privacies,
	relationSchema,
	tagColours,
	tagIcons,
	tagIdSchema,
	tagLookSchema
} from './schema.ts';
import type { Files, MetadataBlock, MetadataWarning, Relation, Tag } from './schema.ts';
import { countTagTargets, hasRelation, readAllTags, readRelationsOf } from './store.ts';
import { noteTag, planMerge, unretieable, untieable, type TagOperation } from './tag-operations.ts';

type MetadataDraft = Draft<MetadataDomain>;
type EditTag = Extract<TagOperation, { readonly kind: 'metadata.edit-tag' }>;

/** A plan of one operation, or of none where something is against it. */
export function draftOne(
	operation: MetadataDomain['operation'],
	{
		why = null,
		warnings = [],
		items = 1,
		asks = false
	}: {
		readonly why?: MetadataBlock | null;
		readonly warnings?: readonly MetadataWarning[];
		readonly items?: number;
		readonly asks?: boolean;
	}
): MetadataDraft {
	return {
		operations: why === null ? [operation] : [],
		blocked: why === null ? [] : [{ operation, why }],
		warnings: why === null ? warnings : [],
		cost: { items: why === null ? items : 0, sizeBytes: 0, estimateMs: null },
		asks
	};
}

export const emptyDraft: MetadataDraft = {
	operations: [],
	blocked: [],
	warnings: [],
	cost: { items: 0, sizeBytes: 0, estimateMs: null },
	asks: false
};

/** Files that come to something new: the operations that bring them to it, of a good size each, and those that are gone. */
export function draftOnto(
	database: Database,
	{ draft, files, facts }: { readonly draft: MetadataDraft; readonly files: Files | undefined; readonly facts: Facts },
	toOperation: (entries: readonly number[], from: number) => MetadataDomain['operation']
): MetadataDraft {
	if (files === undefined || draft.operations.length === 0) return draft;
	const chosen = readChosen(database, files, facts);
	const entries = readEntries(database, chosen);
	const chunks = inChunks(entries);
	const size = chunks[0]?.length ?? 0;
	const blocked = inChunks(chosen.gone).map((some) => ({
		operation: toOperation(some, 0),
		why: { type: 'EntriesGone', entries: some.length } as const
	}));
	return {
		...draft,
		operations: [...draft.operations, ...chunks.map((some, at) => toOperation(some, at * size))],
		blocked: [...draft.blocked, ...blocked],
		cost: { ...draft.cost, items: Math.max(1, entries.length) }
	};
}

const nameless = { name: '-', colour: 'grey', icon: 'tag', privacy: 'normal' } as const;

/** Warns of another tag of this name. */
function warnOfName(database: Database, { id, name }: Tag, facts: Facts): MetadataWarning[] {
	const isTaken = readAllTags(database).some((tag) => tag.name === name && tag.id !== id);
	facts.note(`tag-name/${name}`, isTaken ? 1 : 0);
	return isTaken ? [{ type: 'TagNameTaken', name }] : [];
}

/** `id` is 128 random bits of the caller's; `files` have it from the start. */
function defineCreateTag(database: Database): Action<MetadataDomain> {
	return defineAction({
		name: 'metadata.create-tag',
		input: v.object({
			id: tagIdSchema,
			name: nameSchema,
			colour: v.optional(v.picklist(tagColours), 'grey'),
			icon: v.optional(v.picklist(tagIcons), 'tag'),
			privacy: v.optional(v.picklist(privacies), 'normal'),
			parents: v.optional(v.array(tagIdSchema), []),
			files: v.optional(filesSchema)
		}),
		plan: ({ parents, files, ...tag }, facts): MetadataDraft => {
			const relations = [...new Set(parents)].map((other) => ({ relation: 'parent', tag: tag.id, other }) as const);
			const operation: TagOperation = { kind: 'metadata.restore-tag', tag, relations, targets: [] };
			if (noteTag(database, tag.id, facts) !== null)
				return draftOne(operation, { why: { type: 'TagExists', tag: tag.id } });
			const gone = relations.find(({ other }) => noteTag(database, other, facts) === null);
			if (gone !== undefined) return draftOne(operation, { why: { type: 'TagMissing', tag: gone.other } });
			const draft = draftOne(operation, { warnings: warnOfName(database, tag, facts) });
			return draftOnto(database, { draft, files, facts }, (entries) => ({
				kind: 'metadata.tag-entries',
				tag: tag.id,
				entries: [...entries]
			}));
		}
	});
}

/** The tie as it is kept: of two synonyms the lower id comes first. */
function tieOf({ relation, tag, other }: Relation): Relation {
	return relation === 'synonym' && other < tag ? { relation, tag: other, other: tag } : { relation, tag, other };
}

/** What changes where `wanted` are to be all that a tag is tied to in that way. */
function retie(known: readonly Relation[], wanted: readonly Relation[] | null): Pick<EditTag, 'ties' | 'unties'> {
	if (wanted === null) return { ties: [], unties: [] };
	const lacks = (relations: readonly Relation[]) => {
		const there = new Set(relations.map((relation) => JSON.stringify(relation)));
		return (relation: Relation) => !there.has(JSON.stringify(relation));
	};
	return { ties: wanted.filter(lacks(known)), unties: known.filter(lacks(wanted)) };
}

/** `parents` and `synonyms`, where given, are all that it has afterwards. */
function planTies(
	database: Database,
	{ tag, parents, synonyms }: { readonly tag: TagId; readonly parents?: TagId[]; readonly synonyms?: TagId[] },
	facts: Facts
): Pick<EditTag, 'ties' | 'unties'> {
	if (parents === undefined && synonyms === undefined) return { ties: [], unties: [] };
	const relations = readRelationsOf(database, tag);
	facts.note(`relations/${tag}`, JSON.stringify(relations));
	const wanted = (relation: Relation['relation'], others: TagId[] | undefined) =>
		others === undefined ? null : [...new Set(others)].map((other) => tieOf({ relation, tag, other }));
	const above = relations.filter((known) => known.relation === 'parent' && known.tag === tag);
	const beside = relations.filter((known) => known.relation === 'synonym');
	const [up, side] = [retie(above, wanted('parent', parents)), retie(beside, wanted('synonym', synonyms))];
	return { ties: [...up.ties, ...side.ties], unties: [...up.unties, ...side.unties] };
}

function defineEditTag(database: Database): Action<MetadataDomain> {
	return defineAction({
		name: 'metadata.edit-tag',
		input: v.object({
			tag: tagIdSchema,
			...v.partial(tagLookSchema).entries,
			parents: v.optional(v.array(tagIdSchema)),
			synonyms: v.optional(v.array(tagIdSchema))
		}),
		plan: ({ tag: id, parents, synonyms, ...wanted }, facts): MetadataDraft => {
			const tag = noteTag(database, id, facts);
			const { name, colour, icon, privacy } = tag ?? nameless;
			const from = { name, colour, icon, privacy };
			const to = {
				name: wanted.name ?? name,
				colour: wanted.colour ?? colour,
				icon: wanted.icon ?? icon,
				privacy: wanted.privacy ?? privacy
			};
			const given = { tag: id, ...(parents && { parents }), ...(synonyms && { synonyms }) };
			const ties = planTies(database, given, facts);
			const operation: EditTag = { kind: 'metadata.edit-tag', tag: id, from, to, ...ties };
			if (tag === null) return draftOne(operation, { why: { type: 'TagMissing', tag: id } });
			const why = unretieable(database, operation, facts);
			if (why !== null) return draftOne(operation, { why });
			const isSame = JSON.stringify(from) === JSON.stringify(to) && ties.ties.length + ties.unties.length === 0;
			if (isSame) return emptyDraft;
			return draftOne(operation, { warnings: name === to.name ? [] : warnOfName(database, { id, ...to }, facts) });
		}
	});
}

function defineDeleteTag(database: Database): Action<MetadataDomain> {
	return defineAction({
		name: 'metadata.delete-tag',
		input: v.object({ tag: tagIdSchema }),
		plan: ({ tag: id }, facts): MetadataDraft => {
			const known = noteTag(database, id, facts);
			const tag = known ?? { id, ...nameless };
			const [relations, targets] = [readRelationsOf(database, id), countTagTargets(database, id)];
			const operation: TagOperation = { kind: 'metadata.delete-tag', tag, relations, targets };
			if (known === null) return draftOne(operation, { why: { type: 'TagMissing', tag: id }, asks: true });
			const warnings: MetadataWarning[] = targets > 0 ? [{ type: 'TagInUse', tag: id, targets }] : [];
			return draftOne(operation, { warnings, items: Math.max(1, targets), asks: true });
		}
	});
}

function defineMergeTags(database: Database): Action<MetadataDomain> {
	return defineAction({
		name: 'metadata.merge-tags',
		input: v.pipe(
			v.object({ tag: tagIdSchema, into: tagIdSchema }),
			v.check(({ tag, into }) => tag !== into)
		),
		plan: ({ tag: id, into }, facts): MetadataDraft => {
			const known = noteTag(database, id, facts);
			const target = noteTag(database, into, facts);
			const missing = known === null ? id : target === null ? into : null;
			const { adds, targets } = planMerge(database, id, into);
			const tag = known ?? { id, ...nameless };
			const operation: TagOperation = { kind: 'metadata.merge-tags', tag, into, adds, targets };
			if (missing !== null) return draftOne(operation, { why: { type: 'TagMissing', tag: missing }, asks: true });
			facts.note(`relations/${id}`, JSON.stringify(readRelationsOf(database, id)));
			return draftOne(operation, { items: Math.max(1, targets), asks: true });
		}
	});
}

function defineRelateTags(database: Database): Action<MetadataDomain> {
	return defineAction({
		name: 'metadata.relate-tags',
		input: relationSchema,
		plan: (given, facts): MetadataDraft => {
			const tie = tieOf(given);
			facts.note(`relation/${tie.relation}/${tie.tag}/${tie.other}`, hasRelation(database, tie) ? 1 : 0);
			if (hasRelation(database, tie)) return emptyDraft;
			const operation: TagOperation = { kind: 'metadata.relate-tags', ...tie };
			const why = untieable(database, tie, facts);
			return draftOne(operation, {
				why: why?.type === 'TagCycle' ? { ...why, tag: given.tag, other: given.other } : why
			});
		}
	});
}

function defineUnrelateTags(database: Database): Action<MetadataDomain> {
	return defineAction({
		name: 'metadata.unrelate-tags',
		input: relationSchema,
		plan: (given, facts): MetadataDraft => {
			const tie = tieOf(given);
			const isTied = hasRelation(database, tie);
			facts.note(`relation/${tie.relation}/${tie.tag}/${tie.other}`, isTied ? 1 : 0);
			const missing = (id: TagId) => noteTag(database, id, facts) === null;
			const gone = [tie.tag, tie.other].find(missing);
			const operation: TagOperation = { kind: 'metadata.unrelate-tags', ...tie };
			if (gone !== undefined) return draftOne(operation, { why: { type: 'TagMissing', tag: gone } });
			return isTied ? draftOne(operation, {}) : emptyDraft;
		}
	});
}

/** What a person does with tags themselves. */
export function createTagActions(database: Database) {
	return {
		'metadata.create-tag': defineCreateTag(database),
		'metadata.edit-tag': defineEditTag(database),
		'metadata.delete-tag': defineDeleteTag(database),
		'metadata.merge-tags': defineMergeTags(database),
		'metadata.relate-tags': defineRelateTags(database),
		'metadata.unrelate-tags': defineUnrelateTags(database)
	};
}
