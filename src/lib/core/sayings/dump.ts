import { markNames, memberOrder, readRelations } from '#core/metadata';
import type { SqlRow } from '#core/ports';
import type { Database } from '#core/schema';
import { targetKeySql } from './local-targets.ts';

/**
 * All that people say of files as text, a line each and in an order that is the same on every device: two libraries that
 * say the same have the same bytes. Run inside `read`.
 */
export function dump(database: Database): string {
	const lines = [...thingLines(database), ...tieLines(database), ...rowLines(database)].toSorted();
	return [...lines, ...memberLines(database)].join('\n');
}

function thingLines(database: Database): string[] {
	const tags = database.prepare('SELECT key, name, colour, icon, privacy FROM tag').all();
	const collections = database.prepare('SELECT key, name FROM collection').all();
	return [...tags.map((row) => `tag ${lineOf(row)}`), ...collections.map((row) => `collection ${lineOf(row)}`)];
}

function tieLines(database: Database): string[] {
	return readRelations(database).map(({ relation, tag, other }) => `tie ${relation} ${tag} ${other}`);
}

function lineOf(row: SqlRow): string {
	return JSON.stringify(Object.values(row));
}

function rowLines(database: Database): string[] {
	const assignments = database
		.prepare(
			`SELECT ${targetKeySql('assignment')} AS target, tag.key AS tag, source
			FROM assignment JOIN tag ON tag.id = assignment.tag`
		)
		.all();
	const marks = database.prepare(`SELECT ${targetKeySql('mark')} AS target, ${markNames.join(', ')} FROM mark`).all();
	return [...assignments.map((row) => `assignment ${lineOf(row)}`), ...marks.map((row) => `mark ${lineOf(row)}`)];
}

/** Members in the order of their collections. */
function memberLines(database: Database): string[] {
	return database
		.prepare(
			`SELECT ${targetKeySql('member')} AS target, collection.key AS collection, member.position AS position
			FROM collection_member AS member JOIN collection ON collection.id = member.collection
			ORDER BY collection.key, ${memberOrder('member')}`
		)
		.all()
		.map((row) => `member ${lineOf(row)}`);
}
