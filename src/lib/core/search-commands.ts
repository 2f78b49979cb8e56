import { readLocated } from '#core/index';
import { ok, type Result } from '#core/kernel';
import type { StorageFailure } from '#core/schema';
import type { FindInput, FindOrder, FoundRow } from '#core/search';
import type { CoreContext, Joined, Opened } from './joined.ts';

const bestFirst: FindOrder = { by: 'fit', descending: false };

/** Rows of what was found: where they are, and why. */
async function readFound(
	{ search, database }: Pick<Opened, 'search' | 'database'>,
	asked: FindInput & { readonly entries: readonly number[] },
	signal: AbortSignal
): Promise<Result<readonly FoundRow[], StorageFailure>> {
	const reasons = await search.why(asked, signal);
	if (!reasons.ok) return reasons;
	const why = new Map(reasons.value.map((one) => [Number(one.entry), one]));
	return database.read(() =>
		readLocated(database, asked.entries).map((row) => ({ ...row, why: why.get(row.id) ?? null }))
	);
}

/** What is asked is text in the language of queries; none is wrong, and each answer says how it was read. */
export function searchCommands({ opened }: Joined) {
	return {
		/** Ids of all that is found, in order, with as many of the first rows as are wanted. */
		'search.find': async (
			{ rows = 0, ...input }: FindInput & { readonly order?: FindOrder; readonly rows?: number },
			{ signal }: CoreContext
		) => {
			const rooms = opened();
			if (!rooms.ok) return rooms;
			const answer = await rooms.value.search.find({ order: bestFirst, ...input }, signal);
			if (!answer.ok) return answer;
			const first = await readFound(
				rooms.value,
				{ ...input, entries: [...answer.value.ids.subarray(0, rows)] },
				signal
			);
			return first.ok ? ok({ ...answer.value, rows: first.value }) : first;
		},
		/** More rows of what a text has found. */
		'search.rows': async (input: FindInput & { readonly entries: readonly number[] }, { signal }: CoreContext) => {
			const rooms = opened();
			return rooms.ok ? readFound(rooms.value, input, signal) : rooms;
		},
		/** How what is found is spread over kinds, places, dates and the like. */
		'search.facets': async (input: FindInput, { signal }: CoreContext) => {
			const rooms = opened();
			return rooms.ok ? rooms.value.search.facets(input, signal) : rooms;
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
