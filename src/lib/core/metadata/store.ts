import * as v from 'valibot';
import type { CollectionId, TagId } from '#core/kernel';
import type { SqlRow } from '#core/ports';
import type { Database } from '#core/schema';
import { numbersPerSlot } from '#core/sync';
import { readEntries, type Chosen } from './chosen-entries.ts';
import { collectionSchema, relationSchema, tagSchema, type Collection, type Relation, type Tag } from './schema.ts';
import { targetSql } from './targets.ts';

/** A person; what else tags files brings a number of its own. */
const bySomebody = 0;

/** The number that stands for a tag or a collection in the tables: 52 bits of 128 that are random. */
export function numberOf(id: TagId | CollectionId): number {
	return Number.parseInt(id.slice(0, 13), 16);
}

/** Rows were written by this room from what these schemas let through. */
export function rowToTag({ key, name, colour, icon, privacy }: SqlRow): Tag {
	return v.parse(tagSchema, { id: key, name, colour, icon, privacy });
}

export function rowToCollection({ key, name }: SqlRow): Collection {
	return v.parse(collectionSchema, { id: key, name });
}

export function readTag(database: Database, id: TagId): Tag | null {
	const row = database.prepare('SELECT * FROM tag WHERE id = ?').get([numberOf(id)]);
	return row === undefined ? null : rowToTag(row);
}

export function readAllTags(database: Database): Tag[] {
	return database.prepare('SELECT * FROM tag ORDER BY name, key').all([]).map(rowToTag);
}

export function insertTag(database: Database, { id, name, colour, icon, privacy }: Tag): void {
	database
		.prepare('INSERT INTO tag (id, key, name, colour, icon, privacy) VALUES (?, ?, ?, ?, ?, ?)')
		.run([numberOf(id), id, name, colour, icon, privacy]);
}

export function updateTag(database: Database, { id, name, colour, icon, privacy }: Tag): void {
	database
		.prepare('UPDATE tag SET name = ?, colour = ?, icon = ?, privacy = ? WHERE id = ?')
		.run([name, colour, icon, privacy, numberOf(id)]);
}

/** Removes a tag with all that ties it to others and to files. */
export function deleteTag(database: Database, id: TagId): void {
	const tag = numberOf(id);
	database.prepare('DELETE FROM assignment WHERE tag = ?').run([tag]);
	database.prepare('DELETE FROM tag_relation WHERE tag = ? OR other = ?').run([tag, tag]);
	database.prepare('DELETE FROM tag WHERE id = ?').run([tag]);
}

const relationsSql = `SELECT tag_relation.relation, mine.key AS tag, other.key AS other FROM tag_relation
	JOIN tag AS mine ON mine.id = tag_relation.tag JOIN tag AS other ON other.id = tag_relation.other
	WHERE (tag_relation.relation = 'parent' OR mine.key < other.key)`;
const relationOrder = 'ORDER BY tag_relation.relation, mine.key, other.key';

/** Every tie between tags; that of two synonyms once. */
export function readRelations(database: Database): Relation[] {
	return database
		.prepare(`${relationsSql} ${relationOrder}`)
		.all([])
		.map((row) => v.parse(relationSchema, row));
}

/** What ties a tag to others, both ways. */
export function readRelationsOf(database: Database, tag: TagId): Relation[] {
	return readRelations(database).filter((relation) => relation.tag === tag || relation.other === tag);
}

function bothWays({ relation, tag, other }: Relation): readonly (readonly [string, number, number])[] {
	const one = [relation, numberOf(tag), numberOf(other)] as const;
	return relation === 'synonym' ? [one, [relation, one[2], one[1]]] : [one];
}

export function insertRelation(database: Database, relation: Relation): void {
	const insert = database.prepare('INSERT OR IGNORE INTO tag_relation (relation, tag, other) VALUES (?, ?, ?)');
	for (const row of bothWays(relation)) insert.run(row);
}

export function deleteRelation(database: Database, relation: Relation): void {
	const remove = database.prepare('DELETE FROM tag_relation WHERE relation = ? AND tag = ? AND other = ?');
	for (const row of bothWays(relation)) remove.run(row);
}

/** Makes `relations`, and no others, the ties between tags. */
export function setRelations(database: Database, relations: readonly Relation[]): void {
	const wanted = new Map(relations.map((relation) => [JSON.stringify(relation), relation]));
	for (const relation of readRelations(database))
		if (!wanted.delete(JSON.stringify(relation))) deleteRelation(database, relation);
	for (const relation of wanted.values()) insertRelation(database, relation);
}

export function hasRelation(database: Database, { relation, tag, other }: Relation): boolean {
	const found = database
		.prepare('SELECT 1 FROM tag_relation WHERE relation = ? AND tag = ? AND other = ?')
		.get([relation, numberOf(tag), numberOf(other)]);
	return found !== undefined;
}

export function readTagTargets(database: Database, tag: TagId): number[] {
	return database
		.prepare('SELECT target FROM assignment WHERE tag = ? ORDER BY target')
		.column([numberOf(tag)])
		.map(Number);
}

export function countTagTargets(database: Database, tag: TagId): number {
	return Number(database.prepare('SELECT count(*) FROM assignment WHERE tag = ?').column([numberOf(tag)])[0]);
}

/** Puts a tag on targets; answers those that had it not. */
export function insertAssignments(database: Database, tag: TagId, targets: readonly number[]): number[] {
	const insert = database.prepare('INSERT OR IGNORE INTO assignment (target, tag, source) VALUES (?, ?, ?)');
	const number = numberOf(tag);
	return targets.filter((target) => insert.run([target, number, bySomebody]).changes > 0);
}

export function deleteAssignments(database: Database, tag: TagId, targets: readonly number[]): void {
	const remove = database.prepare('DELETE FROM assignment WHERE target = ? AND tag = ?');
	for (const target of targets) remove.run([target, numberOf(tag)]);
}

const chosen = 'json_each(?) AS chosen CROSS JOIN entry ON entry.id = chosen.value';
const tagged = `EXISTS (SELECT 1 FROM assignment WHERE target = ${targetSql} AND tag = ?)`;

/** Of what was chosen those that have the tag, or have it not. */
export function filterTagged(database: Database, tag: TagId, chosen: Chosen, has: boolean): number[] {
	const from = `${chosen.from} AND ${has ? '' : 'NOT '}${tagged}`;
	return readEntries(database, { ...chosen, from, parameters: [...chosen.parameters, numberOf(tag)] });
}

/** How many contents and entries lose the tag when it is taken off `entries`. */
export function countTagged(database: Database, tag: TagId, entries: readonly number[]): number {
	const [count] = database
		.prepare(`SELECT count(DISTINCT ${targetSql}) FROM ${chosen} WHERE ${tagged}`)
		.column([JSON.stringify(entries), numberOf(tag)]);
	return Number(count);
}

export function tagEntries(database: Database, tag: TagId, entries: readonly number[]): void {
	database
		.prepare(`INSERT OR IGNORE INTO assignment (target, tag, source) SELECT ${targetSql}, ?, ? FROM ${chosen}`)
		.run([numberOf(tag), bySomebody, JSON.stringify(entries)]);
}

export function untagEntries(database: Database, tag: TagId, entries: readonly number[]): void {
	database
		.prepare(`DELETE FROM assignment WHERE tag = ? AND target IN (SELECT ${targetSql} FROM ${chosen})`)
		.run([numberOf(tag), JSON.stringify(entries)]);
}

/** Of `targets` those that are there, or are kept for what comes back; a file that has a content by now counts as that. */
export function presentTargets(database: Database, targets: readonly number[]): number[] {
	return database
		.prepare(
			`SELECT DISTINCT coalesce((SELECT ${targetSql} FROM entry WHERE entry.id = chosen.value), chosen.value)
			FROM json_each(?) AS chosen WHERE chosen.value IN (SELECT id FROM entry)
			OR -chosen.value IN (SELECT id FROM content) OR chosen.value IN (SELECT target FROM gone_target)
			OR -chosen.value IN (SELECT content FROM kept_number) OR chosen.value >= ${numbersPerSlot}`
		)
		.column([JSON.stringify(targets)])
		.map(Number);
}
