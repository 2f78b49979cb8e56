import { collectionId } from '#core/kernel';
import type { Database } from '#core/schema';
import { tagColours, type MarkCounts } from './schema.ts';
import { targetSql } from './targets.ts';

const chosen = 'json_each(?) AS chosen CROSS JOIN entry ON entry.id = chosen.value';

function add<T>(counts: Map<T, number>, value: T, entries: number): void {
	counts.set(value, (counts.get(value) ?? 0) + entries);
}

/** How many of `entries` are there, how each mark is spread over those, and how many are in each collection. Run inside `read`. */
export function readMarkCounts(database: Database, entries: readonly number[]): MarkCounts {
	const ids = JSON.stringify(entries);
	const marked = database
		.prepare(
			`SELECT coalesce(favourite, 0) AS favourite, coalesce(rating, 0) AS rating, coalesce(colour, '') AS colour,
			count(*) AS entries FROM ${chosen} LEFT JOIN mark ON mark.target = ${targetSql} GROUP BY 1, 2, 3`
		)
		.all([ids]);
	const collected = database
		.prepare(
			`SELECT collection.key AS key, count(*) AS entries FROM ${chosen}
			CROSS JOIN collection_member AS member ON member.target = ${targetSql}
			JOIN collection ON collection.id = member.collection GROUP BY collection.id`
		)
		.all([ids]);
	const [ratings, colours] = [new Map<number, number>(), new Map<MarkCounts['colours'][number]['colour'], number>()];
	let [there, favourites] = [0, 0];
	for (const row of marked) {
		const count = Number(row['entries']);
		there += count;
		if (row['favourite'] === 1) favourites += count;
		add(ratings, Number(row['rating']), count);
		add(colours, tagColours.find((colour) => colour === row['colour']) ?? '', count);
	}
	return {
		there,
		favourites,
		ratings: [...ratings].map(([rating, count]) => ({ rating, entries: count })),
		colours: [...colours].map(([colour, count]) => ({ colour, entries: count })),
		collections: collected.map((row) => ({
			collection: collectionId(String(row['key'])),
			entries: Number(row['entries'])
		}))
	};
}
