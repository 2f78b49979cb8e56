import * as v from 'valibot';
import { defineAction, type Action, type Draft, type Facts } from '#core/actions';
import type { TagId } from '#core/kernel';
import type { Database } from '#core/schema';
import type { MetadataDomain } from './operations.ts';
import { relationSchema, tagColours, tagIcons, tagIdSchema, tagLookSchema, privacies, nameSchema } from './schema.ts';
import type { MetadataBlock, MetadataWarning, Relation, Tag } from './schema.ts';
import { countTagTargets, hasRelation, readAllTags, readRelationsOf } from './store.ts';
import { noteTag, planMerge, untieable, type TagOperation } from './tag-operations.ts';

type MetadataDraft = Draft<MetadataDomain>;

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

const nameless = { name: '-', colour: 'grey', icon: 'tag', privacy: 'normal' } as const;

/** Warns of another tag of this name. */
function warnOfName(database: Database, { id, name }: Tag, facts: Facts): MetadataWarning[] {
	const isTaken = readAllTags(database).some((tag) => tag.name === name && tag.id !== id);
	facts.note(`tag-name/${name}`, isTaken ? 1 : 0);
	return isTaken ? [{ type: 'TagNameTaken', name }] : [];
}

/** `id` is 128 random bits of the caller's. */
function defineCreateTag(database: Database): Action<MetadataDomain> {
	return defineAction({
		name: 'metadata.create-tag',
		input: v.object({
			id: tagIdSchema,
			name: nameSchema,
			colour: v.optional(v.picklist(tagColours), 'grey'),
			icon: v.optional(v.picklist(tagIcons), 'tag'),
			privacy: v.optional(v.picklist(privacies), 'normal'),
			parents: v.optional(v.array(tagIdSchema), [])
		}),
		plan: ({ parents, ...tag }, facts): MetadataDraft => {
			const relations = [...new Set(parents)].map((other) => ({ relation: 'parent', tag: tag.id, other }) as const);
			const operation: TagOperation = { kind: 'metadata.restore-tag', tag, relations, targets: [] };
			if (noteTag(database, tag.id, facts) !== null)
				return draftOne(operation, { why: { type: 'TagExists', tag: tag.id } });
			const gone = relations.find(({ other }) => noteTag(database, other, facts) === null);
			if (gone !== undefined) return draftOne(operation, { why: { type: 'TagMissing', tag: gone.other } });
			return draftOne(operation, { warnings: warnOfName(database, tag, facts) });
		}
	});
}

function defineEditTag(database: Database): Action<MetadataDomain> {
	return defineAction({
		name: 'metadata.edit-tag',
		input: v.object({ tag: tagIdSchema, ...v.partial(tagLookSchema).entries }),
		plan: ({ tag: id, ...wanted }, facts): MetadataDraft => {
			const tag = noteTag(database, id, facts);
			const { name, colour, icon, privacy } = tag ?? nameless;
			const from = { name, colour, icon, privacy };
			const to = {
				name: wanted.name ?? name,
				colour: wanted.colour ?? colour,
				icon: wanted.icon ?? icon,
				privacy: wanted.privacy ?? privacy
			};
			const operation: TagOperation = { kind: 'metadata.edit-tag', tag: id, from, to };
			if (tag === null) return draftOne(operation, { why: { type: 'TagMissing', tag: id } });
			if (JSON.stringify(from) === JSON.stringify(to)) return emptyDraft;
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

/** The tie as it is kept: of two synonyms the lower id comes first. */
function tieOf({ relation, tag, other }: Relation): Relation {
	return relation === 'synonym' && other < tag ? { relation, tag: other, other: tag } : { relation, tag, other };
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
