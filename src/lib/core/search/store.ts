import type { Database } from '#core/schema';
import type { NameSink } from '#core/index';
import { indexedText, piecesToMatch, shortRange, wantedPieces, type Anchor } from './pieces.ts';

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

/** An entry's name, before it has been compared with what was typed. */
export type Candidate = { readonly id: number; readonly name: string };

// The candidates are bounded before their names are looked up, and each name costs a few bytes, not a row.
const byPieces = `SELECT entry.id, entry.name FROM (SELECT rowid FROM name_index WHERE name_index MATCH ? LIMIT ?) AS hit
	JOIN entry ON entry.id = hit.rowid`;
const byRange = `SELECT entry.id, entry.name FROM
	(SELECT DISTINCT doc FROM name_term WHERE term >= ? AND term < ? LIMIT ?) AS hit JOIN entry ON entry.id = hit.doc`;

/** Entries whose names have the pieces of `words`, at most `limit`; a superset of the true matches. */
export function readCandidates(
	database: Database,
	words: readonly string[],
	anchor: Anchor,
	limit: number
): Candidate[] {
	const pieces = wantedPieces(words, anchor);
	const [word = ''] = words;
	const { from, below } = shortRange(word, anchor);
	const rows =
		pieces.length > 0
			? database.prepare(byPieces).all([piecesToMatch(pieces), limit])
			: database.prepare(byRange).all([from, below, limit]);
	return rows.map((row) => ({ id: Number(row['id']), name: String(row['name']) }));
}

export function countIndexedNames(database: Database): number {
	return Number(database.prepare('SELECT count(DISTINCT doc) FROM name_term').column()[0] ?? 0);
}

/** Asks SQLite to check its own structure; throws `SqlFault` where it is broken. Run inside `write`. */
export function checkNameIndex(database: Database): void {
	database.connection.exec(`INSERT INTO name_index (name_index) VALUES ('integrity-check')`);
}
