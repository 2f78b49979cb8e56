import * as v from 'valibot';
import { defineAction, type Action, type Draft } from '#core/actions';
import type { Database } from '#core/schema';
import { inChunks, readChosen, readEntries, type Chosen } from './chosen-entries.ts';
import { noteCollection, type CollectionOperation } from './collection-operations.ts';
import { readLastPosition, readMembers, readPlaces, type Member } from './collections.ts';
import type { MetadataDomain } from './operations.ts';
import {
	collectionIdSchema,
	filesSchema,
	nameSchema,
	type Collection,
	type MetadataBlock,
	type MetadataWarning
} from './schema.ts';
import { draftOne, draftOnto, emptyDraft } from './tag-actions.ts';

type MetadataDraft = Draft<MetadataDomain>;

/** `files` are in it from the start. */
function defineCreateCollection(database: Database): Action<MetadataDomain> {
	return defineAction({
		name: 'metadata.create-collection',
		input: v.object({ id: collectionIdSchema, name: nameSchema, files: v.optional(filesSchema) }),
		plan: ({ files, ...collection }, facts): MetadataDraft => {
			const isTaken = noteCollection(database, collection.id, facts) !== null;
			const why = isTaken ? ({ type: 'CollectionExists', collection: collection.id } as const) : null;
			const draft = draftOne({ kind: 'metadata.restore-collection', collection, members: [] }, { why });
			return draftOnto(database, { draft, files, facts }, (entries, from) => ({
				kind: 'metadata.collect-entries',
				collection: collection.id,
				members: entries.map((entry, at) => [entry, from + at + 1])
			}));
		}
	});
}

function missing({ id }: Pick<Collection, 'id'>): MetadataBlock {
	return { type: 'CollectionMissing', collection: id };
}

function defineRenameCollection(database: Database): Action<MetadataDomain> {
	return defineAction({
		name: 'metadata.rename-collection',
		input: v.object({ collection: collectionIdSchema, name: nameSchema }),
		plan: ({ collection: id, name: to }, facts): MetadataDraft => {
			const known = noteCollection(database, id, facts);
			const operation: CollectionOperation = {
				kind: 'metadata.rename-collection',
				collection: id,
				from: known?.name ?? to,
				to
			};
			if (known === null) return draftOne(operation, { why: missing({ id }) });
			return known.name === to ? emptyDraft : draftOne(operation, {});
		}
	});
}

function defineDeleteCollection(database: Database): Action<MetadataDomain> {
	return defineAction({
		name: 'metadata.delete-collection',
		input: v.object({ collection: collectionIdSchema }),
		plan: ({ collection: id }, facts): MetadataDraft => {
			const known = noteCollection(database, id, facts);
			const targets = readMembers(database, id).length;
			const collection = known ?? { id, name: '-' };
			const operation: CollectionOperation = { kind: 'metadata.delete-collection', collection, members: targets };
			if (known === null) return draftOne(operation, { why: missing({ id }), asks: true });
			const warnings: MetadataWarning[] = targets > 0 ? [{ type: 'CollectionInUse', collection: id, targets }] : [];
			return draftOne(operation, { warnings, items: Math.max(1, targets), asks: true });
		}
	});
}

/** A plan that has `due` entries come into a collection, or leave it. */
function draftMembers(
	due: readonly Member[],
	{ entries, gone }: Pick<Chosen, 'gone'> & { readonly entries: readonly number[] },
	why: MetadataBlock | null,
	toOperation: (members: [number, number][]) => CollectionOperation
): MetadataDraft {
	const operations = inChunks(due).map((some) => toOperation(some.map(([entry, at]) => [entry, at])));
	const unplaced = (some: readonly number[]) => toOperation(some.map((entry) => [entry, 0]));
	const blocked =
		why === null
			? inChunks(gone).map((some) => ({
					operation: unplaced(some),
					why: { type: 'EntriesGone', entries: some.length } as const
				}))
			: inChunks(entries).map((some) => ({ operation: unplaced(some), why }));
	const cost = { items: due.length, sizeBytes: 0, estimateMs: null };
	return { operations, blocked, warnings: [], cost, asks: false };
}

function defineAddToCollection(database: Database): Action<MetadataDomain> {
	return defineAction({
		name: 'metadata.add-to-collection',
		input: v.object({ collection: collectionIdSchema, files: filesSchema }),
		plan: ({ collection, files }, facts): MetadataDraft => {
			const known = noteCollection(database, collection, facts);
			const chosen = readChosen(database, files, facts);
			const { gone } = chosen;
			const entries = readEntries(database, chosen);
			const before = new Set(readPlaces(database, collection, entries).map(([entry]) => entry));
			const last = readLastPosition(database, collection);
			facts.note(`collection/${collection}/last`, last);
			const due = entries.filter((entry) => !before.has(entry)).map((entry, at) => [entry, last + 1 + at] as const);
			return draftMembers(
				known === null ? [] : due,
				{ entries, gone },
				known === null ? missing({ id: collection }) : null,
				(members) => ({
					kind: 'metadata.collect-entries',
					collection,
					members
				})
			);
		}
	});
}

function defineRemoveFromCollection(database: Database): Action<MetadataDomain> {
	return defineAction({
		name: 'metadata.remove-from-collection',
		input: v.object({ collection: collectionIdSchema, files: filesSchema }),
		plan: ({ collection, files }, facts): MetadataDraft => {
			const known = noteCollection(database, collection, facts);
			const chosen = readChosen(database, files, facts);
			const { gone } = chosen;
			const entries = readEntries(database, chosen);
			const due = readPlaces(database, collection, entries);
			return draftMembers(due, { entries, gone }, known === null ? missing({ id: collection }) : null, (members) => ({
				kind: 'metadata.uncollect-entries',
				collection,
				members
			}));
		}
	});
}

/** What a person does with collections. */
export function createCollectionActions(database: Database) {
	return {
		'metadata.create-collection': defineCreateCollection(database),
		'metadata.rename-collection': defineRenameCollection(database),
		'metadata.delete-collection': defineDeleteCollection(database),
		'metadata.add-to-collection': defineAddToCollection(database),
		'metadata.remove-from-collection': defineRemoveFromCollection(database)
	};
}
