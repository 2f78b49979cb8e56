/**
 * metadata: what people say of files — tags, which form a graph, favourites, ratings, colours, notes and collections.
 *
 * Owns their tables, and what is known of the files that have gone while something hung on them. Guarantees: what is
 * said of a file is said of every copy of its bytes, where these are known; it stays with the file when it is renamed,
 * moved or changed; of what goes it is kept for 30 days, and is there again when the same bytes come back anywhere, or
 * a file or folder that has no known bytes in the same place; no tag lies below itself. Whatever changes it is an action, and can be undone.
 *
 * The index, which comes after it, tells it what becomes of entries and contents inside its own transactions.
 */
import type { OperationTable } from '#core/actions';
import type { Database } from '#core/schema';
import { createCollectionActions } from './collection-actions.ts';
import { createCollectionOperations } from './collection-operations.ts';
import { createEntryOperations } from './entry-operations.ts';
import { createFileActions } from './file-actions.ts';
import type { MetadataDomain } from './operations.ts';
import { createTagActions } from './tag-actions.ts';
import { createTagOperations } from './tag-operations.ts';

export { readMarkCounts } from './count-marks.ts';
export { createGraph } from './graph.ts';
export { isSaying, type MetadataDomain } from './operations.ts';
export {
	readCollected,
	readCollections,
	readFavourites,
	readSayings,
	readTagCounts,
	readTagged,
	readTags
} from './read-sayings.ts';
export { markNames, markSchemas, nameSchema, tagLookSchema, type MarkName, type TagLook } from './schema.ts';
export { numberOf, readAllTags, readRelations, setRelations } from './store.ts';
export type {
	Collection,
	CollectionNode,
	Files,
	MarkCounts,
	MetadataBlock,
	MetadataWarning,
	Relation,
	Sayings,
	Tag,
	TagCounts,
	TagNode,
	TagOnEntry
} from './schema.ts';
export {
	carrySayings,
	memberOrder,
	clearGone,
	followTaken,
	noteGoneContent,
	noteGoneEntry,
	noteTaken,
	returnSayings,
	sayingChecks,
	takeInSayings,
	targetOf
} from './targets.ts';

/** The actions of this room by their names, for the engine. */
export function createMetadataActions(database: Database) {
	return { ...createTagActions(database), ...createFileActions(database), ...createCollectionActions(database) };
}

/** What people ask for. */
export type MetadataActionName = keyof ReturnType<typeof createMetadataActions>;

/** How the operations of this room are done, for the engine. */
export function createMetadataOperations(database: Database): OperationTable<MetadataDomain> {
	return {
		...createTagOperations(database),
		...createEntryOperations(database),
		...createCollectionOperations(database)
	};
}
