import { markNames, memberOrder, readRelations } from '#core/metadata';
import type { DeviceId } from '#core/kernel';
import type { SqlRow } from '#core/ports';
import type { Database } from '#core/schema';
import { createLocalTargets, namedTargets, rowToTarget } from './local-targets.ts';

/**
 * All that people say of files as text, a line each and in an order that is the same on every device: two libraries that
 * say the same have the same bytes. Run inside `read`.
 */
export function dump(database: Database): string {
	const { owner } = createLocalTargets(database, 0);
	const lines = [...thingLines(database), ...tieLines(database), ...rowLines(database, owner)].toSorted();
	return [...lines, ...memberLines(database, owner)].join('\n');
}

function thingLines(database: Database): string[] {
	const tags = database.prepare('SELECT key, name, colour, icon, privacy FROM tag').all();
	const collections = database.prepare('SELECT key, name FROM collection').all();
	return [
		...tags.map((row) => `tag ${JSON.stringify(Object.values(row))}`),
		...collections.map((row) => `collection ${JSON.stringify(Object.values(row))}`)
	];
}

function tieLines(database: Database): string[] {
	return readRelations(database).map(({ relation, tag, other }) => `tie ${relation} ${tag} ${other}`);
}

function lineOf(row: SqlRow, owner: (slot: number) => DeviceId, values: readonly string[]): string {
	return JSON.stringify([rowToTarget(row, owner), ...values.map((name) => row[name] ?? null)]);
}

function rowLines(database: Database, owner: (slot: number) => DeviceId): string[] {
	const [assigned, marked] = [namedTargets('assignment'), namedTargets('mark')];
	const assignments = database
		.prepare(
			`SELECT ${assigned.columns}, tag.key AS tag, source FROM assignment JOIN tag ON tag.id = assignment.tag ${assigned.joins}`
		)
		.all();
	const marks = database.prepare(`SELECT ${marked.columns}, ${markNames.join(', ')} FROM mark ${marked.joins}`).all();
	return [
		...assignments.map((row) => `assignment ${lineOf(row, owner, ['tag', 'source'])}`),
		...marks.map((row) => `mark ${lineOf(row, owner, markNames)}`)
	];
}

/** Members in the order of their collections. */
function memberLines(database: Database, owner: (slot: number) => DeviceId): string[] {
	const { columns, joins } = namedTargets('member');
	return database
		.prepare(
			`SELECT ${columns}, collection.key AS collection, member.position AS position FROM collection_member AS member
			JOIN collection ON collection.id = member.collection ${joins} ORDER BY collection.key, ${memberOrder('member')}`
		)
		.all()
		.map((row) => `member ${lineOf(row, owner, ['collection', 'position'])}`);
}
