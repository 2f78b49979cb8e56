import { entryId, tagId, type CollectionId, type EntryId, type TagId } from '#core/kernel';
import type { Database } from '#core/schema';
import { createGraph } from './graph.ts';
import {
	tagColours,
	type CollectionNode,
	type Sayings,
	type TagCounts,
	type TagNode,
	type TagOnEntry
} from './schema.ts';
import { numberOf, readAllTags, readRelations, rowToCollection, rowToTag } from './store.ts';
import { entriesOf, isThereSql, memberOrder, targetSql } from './targets.ts';

/** How many entries each tag is on by itself: for each content, all of its copies. */
function countEntries(database: Database): ReadonlyMap<string, number> {
	const rows = database
		.prepare(
			`SELECT tag.key AS key, sum(entries) AS entries FROM (
				SELECT tag, count(*) AS entries FROM assignment JOIN entry ON entry.id = assignment.target
				WHERE ${isThereSql} GROUP BY tag
				UNION ALL
				SELECT tag, count(*) AS entries FROM assignment
				CROSS JOIN entry ON entry.kind = 1 AND entry.content = -assignment.target
				WHERE assignment.target < 0 AND ${isThereSql} GROUP BY tag
			) AS counted JOIN tag ON tag.id = counted.tag GROUP BY key`
		)
		.all([]);
	return new Map(rows.map((row) => [String(row['key']), Number(row['entries'])]));
}

/** Every tag with its place in the graph, by name. Run inside `read`. */
export function readTags(database: Database): TagNode[] {
	const counts = countEntries(database);
	const nodes = new Map<TagId, { parents: TagId[]; children: TagId[]; synonyms: TagId[] }>();
	const tags = readAllTags(database);
	for (const { id } of tags) nodes.set(id, { parents: [], children: [], synonyms: [] });
	for (const { relation, tag, other } of readRelations(database)) {
		nodes.get(tag)?.[relation === 'parent' ? 'parents' : 'synonyms'].push(other);
		nodes.get(other)?.[relation === 'parent' ? 'children' : 'synonyms'].push(tag);
	}
	return tags.map((tag) => ({
		...tag,
		...(nodes.get(tag.id) ?? { parents: [], children: [], synonyms: [] }),
		entries: counts.get(tag.id) ?? 0
	}));
}

/** How many of `entries` are there, and how many of those have each tag. Run inside `read`. */
export function readTagCounts(database: Database, entries: readonly number[]): TagCounts {
	const from = 'json_each(?) AS chosen CROSS JOIN entry ON entry.id = chosen.value';
	const chosen = JSON.stringify(entries);
	const [there] = database.prepare(`SELECT count(*) FROM ${from}`).column([chosen]);
	const rows = database
		.prepare(
			`SELECT tag.key AS key, count(*) AS entries FROM ${from}
			CROSS JOIN assignment ON assignment.target = ${targetSql} JOIN tag ON tag.id = assignment.tag GROUP BY tag.id`
		)
		.all([chosen]);
	const counts = rows.map((row) => ({ tag: tagId(String(row['key'])), entries: Number(row['entries']) }));
	return { there: Number(there), counts };
}

/** Ids in the order of a listing by name: folders first. */
const inOrder = 'ORDER BY (kind <> 0), sortKey, name, id';

/**
 * Every file and folder that a tag finds, by name: those that have it, one of its children or synonyms, or theirs.
 * Run inside `read`.
 */
export function readTagged(database: Database, tag: TagId): Float64Array {
	const tags = [...createGraph(readRelations(database)).below(tag)].map(numberOf);
	const ids = database
		.prepare(
			`WITH chosen AS (SELECT DISTINCT target FROM assignment WHERE tag IN (SELECT value FROM json_each(?)))
			SELECT id FROM entry WHERE id IN (
				SELECT target FROM chosen WHERE target > 0 UNION ALL
				SELECT entry.id FROM chosen CROSS JOIN entry ON entry.kind = 1 AND entry.content = -chosen.target
				WHERE chosen.target < 0
			) AND ${isThereSql} ${inOrder}`
		)
		.column([JSON.stringify(tags)]);
	return Float64Array.from(ids, Number);
}

/** Every favourite, by name. Run inside `read`. */
export function readFavourites(database: Database): Float64Array {
	const ids = database
		.prepare(
			`WITH chosen AS (SELECT target FROM mark WHERE favourite = 1)
			SELECT id FROM entry WHERE id IN (
				SELECT target FROM chosen WHERE target > 0 UNION ALL
				SELECT entry.id FROM chosen CROSS JOIN entry ON entry.kind = 1 AND entry.content = -chosen.target
				WHERE chosen.target < 0
			) AND ${isThereSql} ${inOrder}`
		)
		.column([]);
	return Float64Array.from(ids, Number);
}

/** Every collection with the number of files that it shows. Run inside `read`. */
export function readCollections(database: Database): CollectionNode[] {
	return database
		.prepare(
			`SELECT collection.key AS key, collection.name AS name, (
				SELECT count(*) FROM collection_member AS member WHERE member.collection = collection.id
				AND EXISTS (${entriesOf('member')})
			) AS entries FROM collection ORDER BY name, key`
		)
		.all([])
		.map((row) => ({ ...rowToCollection(row), entries: Number(row['entries']) }));
}

/** What is in a collection, in its order; of copies the one that came first. Run inside `read`. */
export function readCollected(database: Database, collection: CollectionId): Float64Array {
	const ids = database
		.prepare(
			`SELECT (SELECT min(id) FROM (${entriesOf('member')})) AS entry FROM collection_member AS member
			WHERE member.collection = ? AND entry IS NOT NULL ORDER BY ${memberOrder('member')}`
		)
		.column([numberOf(collection)]);
	return Float64Array.from(ids, Number);
}

function readOne(database: Database, entry: EntryId): Sayings | null {
	const [target] = database.prepare(`SELECT ${targetSql} FROM entry WHERE id = ?`).column([entry]);
	if (typeof target !== 'number') return null;
	const tags = database
		.prepare(
			'SELECT tag.* FROM assignment JOIN tag ON tag.id = assignment.tag WHERE assignment.target = ? ORDER BY name, key'
		)
		.all([target])
		.map((row): TagOnEntry => ({ ...rowToTag(row), byContent: target < 0 }));
	const mark = database.prepare('SELECT favourite, rating, colour, note FROM mark WHERE target = ?').get([target]);
	const collections = database
		.prepare(
			`SELECT collection.key AS key, collection.name AS name FROM collection_member
			JOIN collection ON collection.id = collection_member.collection
			WHERE collection_member.target = ? ORDER BY name, key`
		)
		.all([target])
		.map(rowToCollection);
	return {
		entry,
		tags,
		favourite: mark?.['favourite'] === 1,
		rating: Number(mark?.['rating'] ?? 0),
		colour: tagColours.find((colour) => colour === mark?.['colour']) ?? null,
		note: String(mark?.['note'] ?? ''),
		collections
	};
}

/** What is said of each of `entries` that is there, in the order asked for. Run inside `read`. */
export function readSayings(database: Database, entries: readonly number[]): Sayings[] {
	return entries.map((id) => readOne(database, entryId(id))).filter((sayings) => sayings !== null);
}
