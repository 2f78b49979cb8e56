import type { CollectionId } from '#core/kernel';
import type { Database } from '#core/schema';
import type { Collection } from './schema.ts';
import { numberOf, rowToCollection } from './store.ts';
import { memberOrder, targetSql } from './targets.ts';

const chosen = `json_each(?) AS chosen JOIN entry ON entry.id = chosen.value ->> 0`;

/** An entry, or a target, with its place in the order of a collection. */
export type Member = readonly [item: number, position: number];

export function readCollection(database: Database, id: CollectionId): Collection | null {
	const row = database.prepare('SELECT * FROM collection WHERE id = ?').get([numberOf(id)]);
	return row === undefined ? null : rowToCollection(row);
}

export function insertCollection(database: Database, { id, name }: Collection): void {
	database.prepare('INSERT INTO collection (id, key, name) VALUES (?, ?, ?)').run([numberOf(id), id, name]);
}

export function renameCollection(database: Database, id: CollectionId, name: string): void {
	database.prepare('UPDATE collection SET name = ? WHERE id = ?').run([name, numberOf(id)]);
}

/** Removes a collection; its files stay where they are. */
export function deleteCollection(database: Database, id: CollectionId): void {
	database.prepare('DELETE FROM collection_member WHERE collection = ?').run([numberOf(id)]);
	database.prepare('DELETE FROM collection WHERE id = ?').run([numberOf(id)]);
}

/** The targets of a collection in their order. */
export function readMembers(database: Database, id: CollectionId): Member[] {
	return database
		.prepare(
			`SELECT target, position FROM collection_member WHERE collection = ? ORDER BY ${memberOrder('collection_member')}`
		)
		.all([numberOf(id)])
		.map((row) => [Number(row['target']), Number(row['position'])] as const);
}

export function insertMembers(database: Database, id: CollectionId, members: readonly Member[]): void {
	const insert = database.prepare(
		'INSERT OR IGNORE INTO collection_member (collection, target, position) VALUES (?, ?, ?)'
	);
	for (const [target, position] of members) insert.run([numberOf(id), target, position]);
}

export function readLastPosition(database: Database, id: CollectionId): number {
	const [last] = database
		.prepare('SELECT max(position) FROM collection_member WHERE collection = ?')
		.column([numberOf(id)]);
	return Number(last ?? 0);
}

/** Of `entries` those that are in the collection, each with its place. */
export function readPlaces(database: Database, id: CollectionId, entries: readonly number[]): Member[] {
	return database
		.prepare(
			`SELECT entry.id AS entry, collection_member.position AS position
			FROM json_each(?) AS chosen JOIN entry ON entry.id = chosen.value
			JOIN collection_member ON collection_member.collection = ? AND collection_member.target = ${targetSql}
			ORDER BY chosen.key`
		)
		.all([JSON.stringify(entries), numberOf(id)])
		.map((row) => [Number(row['entry']), Number(row['position'])] as const);
}

/** Puts entries at their places; of copies the first has the place. */
export function collectEntries(database: Database, id: CollectionId, members: readonly Member[]): void {
	database
		.prepare(
			`INSERT OR IGNORE INTO collection_member (collection, target, position)
			SELECT ?, ${targetSql}, chosen.value ->> 1 FROM ${chosen} ORDER BY chosen.key`
		)
		.run([numberOf(id), JSON.stringify(members)]);
}

export function uncollectEntries(database: Database, id: CollectionId, entries: readonly number[]): void {
	database
		.prepare(
			`DELETE FROM collection_member WHERE collection = ?
			AND target IN (SELECT ${targetSql} FROM json_each(?) AS chosen JOIN entry ON entry.id = chosen.value)`
		)
		.run([numberOf(id), JSON.stringify(entries)]);
}
