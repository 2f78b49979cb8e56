import type { SqlValue } from '#core/ports';
import type { Database } from '#core/schema';
import type { Chosen } from './chosen-entries.ts';
import type { MarkName, MarkValue } from './schema.ts';
import { targetSql } from './targets.ts';

const nothingSaid: { readonly [Name in MarkName]: string } = { favourite: '0', rating: '0', colour: `''`, note: `''` };
const isEmpty = Object.entries(nothingSaid)
	.map(([name, nothing]) => `${name} = ${nothing}`)
	.join(' AND ');
const chosen = 'json_each(?) AS chosen CROSS JOIN entry ON entry.id = chosen.value';

/** What is said of each of the chosen under `name`: the same for all that share a target. */
export function readMarks(
	database: Database,
	name: MarkName,
	{ from, order, parameters, except }: Chosen
): { readonly entry: number; readonly value: MarkValue }[] {
	// A subquery, as a join would have to come before the condition.
	const value = `coalesce((SELECT ${name} FROM mark WHERE mark.target = ${targetSql}), ${nothingSaid[name]})`;
	return database
		.prepare(`SELECT entry.id AS entry, ${value} AS value FROM ${from} ${order}`)
		.all(parameters)
		.map((row) => ({ entry: Number(row['entry']), value: toMarkValue(row['value']) }))
		.filter(({ entry }) => !except.has(entry));
}

function toMarkValue(value: SqlValue | undefined): MarkValue {
	return typeof value === 'number' ? value : String(value);
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
