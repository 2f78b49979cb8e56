import * as v from 'valibot';
import { defineRows, type Facts } from '#core/actions';
import type { CollectionId } from '#core/kernel';
import type { Database } from '#core/schema';
import { presentEntries } from './chosen-entries.ts';
import {
	collectEntries,
	deleteCollection,
	insertCollection,
	insertMembers,
	readCollection,
	readMembers,
	readPlaces,
	renameCollection,
	uncollectEntries
} from './collections.ts';
import { collectionIdSchema, collectionSchema, nameSchema, type Collection, type MetadataBlock } from './schema.ts';
import { presentTargets } from './store.ts';

const whole = v.pipe(v.number(), v.safeInteger());
/** Numbers of entries, or targets, with their places in the order. */
const membersSchema = v.array(v.tuple([whole, whole]));

export const restoreCollection = v.object({
	kind: v.literal('metadata.restore-collection'),
	collection: collectionSchema,
	members: membersSchema
});
export const deleteCollectionSchema = v.object({
	kind: v.literal('metadata.delete-collection'),
	collection: collectionSchema,
	members: whole
});
export const renameCollectionSchema = v.object({
	kind: v.literal('metadata.rename-collection'),
	collection: collectionIdSchema,
	from: nameSchema,
	to: nameSchema
});
export const collectSome = v.object({
	kind: v.literal('metadata.collect-entries'),
	collection: collectionIdSchema,
	members: membersSchema
});
export const uncollectSome = v.object({
	kind: v.literal('metadata.uncollect-entries'),
	collection: collectionIdSchema,
	members: membersSchema
});

export type CollectionOperation =
	| v.InferOutput<typeof restoreCollection>
	| v.InferOutput<typeof deleteCollectionSchema>
	| v.InferOutput<typeof renameCollectionSchema>
	| v.InferOutput<typeof collectSome>
	| v.InferOutput<typeof uncollectSome>;

/** A collection as the operations before leave it, else as it is now, which is noted among the facts. */
export function noteCollection(database: Database, id: CollectionId, facts: Facts): Collection | null {
	const coming = facts.foreseen(`collection/${id}`);
	if (coming !== undefined) return coming === null ? null : { id, name: String(coming) };
	const collection = readCollection(database, id);
	facts.note(`collection/${id}`, collection === null ? null : collection.name);
	return collection;
}

function missing(database: Database, collection: CollectionId, facts: Facts): MetadataBlock | null {
	return noteCollection(database, collection, facts) === null ? { type: 'CollectionMissing', collection } : null;
}

function changed(database: Database, { id, name }: Collection, facts: Facts): MetadataBlock | null {
	const found = noteCollection(database, id, facts);
	if (found === null) return { type: 'CollectionMissing', collection: id };
	return found.name === name ? null : { type: 'CollectionChanged', collection: id };
}

type Members = { readonly members: [number, number][] };

function partMembers<T extends Members>(operation: T, there: ReadonlySet<number>) {
	const members = operation.members.filter(([item]) => there.has(item));
	if (members.length === operation.members.length) return { due: operation, blocked: [] };
	const gone = operation.members.filter(([item]) => !there.has(item));
	const why = { type: 'EntriesGone', entries: gone.length } as const;
	return { due: { ...operation, members }, blocked: [{ operation: { ...operation, members: gone }, why }] };
}

const measure = ({ members }: Members) => ({ items: Math.max(1, members.length), sizeBytes: 0 });

function lifeOperations(database: Database) {
	return {
		'metadata.restore-collection': defineRows(restoreCollection, {
			check: ({ collection: { id } }, facts): MetadataBlock | null =>
				noteCollection(database, id, facts) === null ? null : { type: 'CollectionExists', collection: id },
			part: (operation) => {
				const targets = operation.members.map(([target]) => target);
				return partMembers(operation, new Set(presentTargets(database, targets)));
			},
			foresee: ({ collection: { id, name } }, facts) => facts.foresee(`collection/${id}`, name),
			measure,
			apply: ({ collection, members }): CollectionOperation => {
				insertCollection(database, collection);
				insertMembers(database, collection.id, members);
				return { kind: 'metadata.delete-collection', collection, members: members.length };
			}
		}),
		'metadata.delete-collection': defineRows(deleteCollectionSchema, {
			check: ({ collection }, facts) => changed(database, collection, facts),
			part: ({ kind, collection }, facts) => {
				const leaving = Number(facts.foreseen(`uncollected/${collection.id}`) ?? 0);
				const members = Math.max(0, readMembers(database, collection.id).length - leaving);
				return { due: { kind, collection, members }, blocked: [] };
			},
			foresee: ({ collection: { id } }, facts) => facts.foresee(`collection/${id}`, null),
			measure: ({ members }) => ({ items: Math.max(1, members), sizeBytes: 0 }),
			apply: ({ collection }): CollectionOperation => {
				const members = readMembers(database, collection.id).map(([target, at]): [number, number] => [target, at]);
				deleteCollection(database, collection.id);
				return { kind: 'metadata.restore-collection', collection, members };
			}
		}),
		'metadata.rename-collection': defineRows(renameCollectionSchema, {
			check: ({ collection: id, from }, facts) => changed(database, { id, name: from }, facts),
			measure: () => ({ items: 1, sizeBytes: 0 }),
			apply: ({ kind, collection, from, to }): CollectionOperation => {
				renameCollection(database, collection, to);
				return { kind, collection, from: to, to: from };
			}
		})
	};
}

/** How collections and what is in them are changed. */
export function createCollectionOperations(database: Database) {
	const check = ({ collection }: { readonly collection: CollectionId }, facts: Facts) =>
		missing(database, collection, facts);
	const part = <T extends Members>(operation: T) =>
		partMembers(
			operation,
			new Set(
				presentEntries(
					database,
					operation.members.map(([entry]) => entry)
				)
			)
		);
	return {
		...lifeOperations(database),
		'metadata.collect-entries': defineRows(collectSome, {
			check,
			part,
			measure,
			apply: ({ collection, members }): CollectionOperation | null => {
				const entries = members.map(([entry]) => entry);
				const before = new Set(readPlaces(database, collection, entries).map(([entry]) => entry));
				const due = members.filter(([entry]) => !before.has(entry));
				collectEntries(database, collection, due);
				return due.length === 0 ? null : { kind: 'metadata.uncollect-entries', collection, members: due };
			}
		}),
		'metadata.uncollect-entries': defineRows(uncollectSome, {
			check,
			part,
			foresee: ({ collection, members }, facts) => {
				const before = Number(facts.foreseen(`uncollected/${collection}`) ?? 0);
				facts.foresee(`uncollected/${collection}`, before + members.length);
			},
			measure,
			apply: ({ collection, members }): CollectionOperation | null => {
				const entries = members.map(([entry]) => entry);
				const due = readPlaces(database, collection, entries).map(([entry, at]): [number, number] => [entry, at]);
				uncollectEntries(database, collection, entries);
				return due.length === 0 ? null : { kind: 'metadata.collect-entries', collection, members: due };
			}
		})
	};
}
