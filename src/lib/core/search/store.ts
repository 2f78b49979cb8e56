import type { Database } from '#core/schema';
import type { NameSink } from '#core/index';
import { indexedText } from './pieces.ts';

/** Keeps the index of names in step with entries, inside their transactions. */
export function createNameIndex(database: Database): NameSink {
	return {
		add: (id, name) => {
			database.prepare('INSERT INTO name_index (rowid, name) VALUES (?, ?)').run([id, indexedText(name)]);
		},
		remove: (id, name) => {
			database
				.prepare(`INSERT INTO name_index (name_index, rowid, name) VALUES ('delete', ?, ?)`)
				.run([id, indexedText(name)]);
		}
	};
}

export function countIndexedNames(database: Database): number {
	return Number(database.prepare('SELECT count(DISTINCT doc) FROM name_term').column()[0] ?? 0);
}

/** Asks SQLite to check its own structure; throws `SqlFault` where it is broken. Run inside `write`. */
export function checkNameIndex(database: Database): void {
	database.connection.exec(`INSERT INTO name_index (name_index) VALUES ('integrity-check')`);
}
