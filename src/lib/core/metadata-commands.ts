import { type CollectionId, type Result, type TagId } from '#core/kernel';
import {
	readCollected,
	readCollections,
	readFavourites,
	readMarkCounts,
	readSayings,
	readTagCounts,
	readTagged,
	readTags
} from '#core/metadata';
import type { LibraryFailure } from '#core/library';
import type { Database } from '#core/schema';
import { readOverwritten } from '#core/sayings';
import type { CoreContext, Joined, Nothing } from './joined.ts';

/** As many as a person looks through. */
const overwrittenMax = 200;

/** What people said of files. It is changed by actions alone: see `actions.commit`. */
export function metadataCommands({ opened }: Joined) {
	const reading = <T>(work: (database: Database) => T): Result<T, LibraryFailure> => {
		const rooms = opened();
		return rooms.ok ? rooms.value.database.read(() => work(rooms.value.database)) : rooms;
	};
	return {
		/** Every tag with its place in the graph, by name. */
		'metadata.tags': async (_input: Nothing, _context: CoreContext) => reading(readTags),
		/** Ids of what a tag finds, with what its children and synonyms find; the rows are those of `entries.rows`. */
		'metadata.tagged': async ({ tag }: { readonly tag: TagId }, _context: CoreContext) =>
			reading((database) => readTagged(database, tag)),
		/** How many of these entries have each tag. */
		'metadata.tag-counts': async ({ entries }: { readonly entries: readonly number[] }, _context: CoreContext) =>
			reading((database) => readTagCounts(database, entries)),
		/** How the marks of these entries are spread over them, and how many are in each collection. */
		'metadata.mark-counts': async ({ entries }: { readonly entries: readonly number[] }, _context: CoreContext) =>
			reading((database) => readMarkCounts(database, entries)),
		'metadata.favourites': async (_input: Nothing, _context: CoreContext) => reading(readFavourites),
		'metadata.collections': async (_input: Nothing, _context: CoreContext) => reading(readCollections),
		/** Ids of what is in a collection, in its order. */
		'metadata.collected': async ({ collection }: { readonly collection: CollectionId }, _context: CoreContext) =>
			reading((database) => readCollected(database, collection)),
		/**
		 * Values that one device has set in the place of another one's, the latest that came first: each can be set again by
		 * the action that sets such a value.
		 */
		'metadata.overwritten': async (_input: Nothing, _context: CoreContext) =>
			reading((database) => readOverwritten(database, overwrittenMax)),
		/** All that was said of these entries. */
		'metadata.of': async ({ entries }: { readonly entries: readonly number[] }, _context: CoreContext) =>
			reading((database) => readSayings(database, entries))
	};
}
