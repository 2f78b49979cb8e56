import type { Database } from '#core/schema';
import type { MarkName, MarkValue } from './schema.ts';
import { targetSql } from './targets.ts';

const nothingSaid: { readonly [Name in MarkName]: string } = { favourite: '0', rating: '0', colour: `''`, note: `''` };
const isEmpty = Object.entries(nothingSaid)
	.map(([name, nothing]) => `${name} = ${nothing}`)
	.join(' AND ');
// As a cross join it is walked in the order of the list, which sorting would cost as much again.
const chosen = 'json_each(?) AS chosen CROSS JOIN entry ON entry.id = chosen.value';

/** What is said of each of `entries` under `name`: the same for all that share a target. */
export function readMarks(
	database: Database,
	name: MarkName,
	entries: readonly number[]
): { readonly entry: number; readonly value: MarkValue }[] {
	return database
		.prepare(
			`SELECT entry.id AS entry, coalesce(mark.${name}, ${nothingSaid[name]}) AS value FROM ${chosen}
			LEFT JOIN mark ON mark.target = ${targetSql}`
		)
		.all([JSON.stringify(entries)])
		.map(({ entry, value }) => ({ entry: Number(entry), value: typeof value === 'number' ? value : String(value) }));
}

/** Says `value` of `entries`; a row that says nothing any more goes. */
export function writeMarks(database: Database, name: MarkName, value: MarkValue, entries: readonly number[]): void {
	const ids = JSON.stringify(entries);
	// The condition tells SQLite that what follows is no part of the join.
	database
		.prepare(
			`INSERT INTO mark (target, ${name}) SELECT DISTINCT ${targetSql}, ? FROM ${chosen} WHERE true
			ON CONFLICT (target) DO UPDATE SET ${name} = excluded.${name}`
		)
		.run([value, ids]);
	database.prepare(`DELETE FROM mark WHERE target IN (SELECT ${targetSql} FROM ${chosen}) AND ${isEmpty}`).run([ids]);
}
