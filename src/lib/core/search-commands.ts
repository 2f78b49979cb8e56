import { readLocated } from '#core/index';
import { ok } from '#core/kernel';
import type { FindInput, FindOrder } from '#core/search';
import type { CoreContext, Joined } from './joined.ts';

const bestFirst: FindOrder = { by: 'fit', descending: false };

/** What is asked is text in the language of queries; none is wrong, and each answer says how it was read. */
export function searchCommands({ opened }: Joined) {
	return {
		/** Ids of all that is found, in order; the rows are those of `entries.located`. */
		'search.find': async (input: FindInput & { readonly order?: FindOrder }, { signal }: CoreContext) => {
			const rooms = opened();
			return rooms.ok ? rooms.value.search.find({ order: bestFirst, ...input }, signal) : rooms;
		},
		/** How what is found is spread over kinds, places, dates and the like. */
		'search.facets': async (input: FindInput, { signal }: CoreContext) => {
			const rooms = opened();
			return rooms.ok ? rooms.value.search.facets(input, signal) : rooms;
		},
		/** Why these entries are found. */
		'search.why': async (input: FindInput & { readonly entries: readonly number[] }, { signal }: CoreContext) => {
			const rooms = opened();
			return rooms.ok ? rooms.value.search.why(input, signal) : rooms;
		},
		/** The first of what is found, with where they are, and how many there are at all. */
		'search.first': async (
			{ limit, ...input }: FindInput & { readonly limit: number; readonly order?: FindOrder },
			{ signal }: CoreContext
		) => {
			const rooms = opened();
			if (!rooms.ok) return rooms;
			const { search, database } = rooms.value;
			const answer = await search.find({ order: bestFirst, ...input }, signal);
			if (!answer.ok) return answer;
			const { ids, read } = answer.value;
			const found = database.read(() => readLocated(database, [...ids.subarray(0, limit)]));
			return found.ok ? ok({ found: found.value, count: ids.length, read }) : found;
		}
	};
}
