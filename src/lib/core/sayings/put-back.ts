import { markNames } from '#core/metadata';
import type { Database } from '#core/schema';

/** In the order in which they refer to each other. */
const tables = ['tag', 'collection', 'tag_relation', 'assignment', 'collection_member', 'mark'] as const;

const nothingSaid = { favourite: '0', rating: '0', colour: `''`, note: `''` } as const;

/** Remembers all that is said, until the end of the transaction that goes on; see `putBack`. */
export function rememberSaid(database: Database): void {
	for (const table of tables)
		database.connection.exec(`CREATE TEMP TABLE said_${table} AS SELECT * FROM main.${table}`);
}

function sayAgain(database: Database): void {
	for (const table of tables)
		database.connection.exec(`INSERT OR IGNORE INTO main.${table} SELECT * FROM said_${table}`);
	for (const mark of markNames)
		database.connection.exec(
			`UPDATE main.mark SET ${mark} = said.${mark} FROM said_mark AS said WHERE said.target = mark.target
			AND mark.${mark} = ${nothingSaid[mark]} AND said.${mark} <> ${nothingSaid[mark]}`
		);
}

/**
 * Forgets what was remembered; where it `isMuch` that is gone by now, all that is be there again, as if somebody had just
 * said it here. What others have said otherwise stays as they have it. Run inside the same transaction as `rememberSaid`.
 */
export function putBack(database: Database, isMuch: boolean): void {
	if (isMuch) sayAgain(database);
	for (const table of tables) database.connection.exec(`DROP TABLE said_${table}`);
}
