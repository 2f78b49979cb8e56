import type { SqlStatement } from '#core/ports';
import type { Database } from '#core/schema';
import { rowToEntry, type EntryRow, type NameSink } from '#core/index';
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

/** Ids of entries whose names have the pieces of `words`, at most `limit`; a superset of the true matches. */
export function readCandidates(database: Database, words: readonly string[], anchor: Anchor, limit: number): number[] {
	const pieces = wantedPieces(words, anchor);
	if (pieces.length > 0) {
		return database
			.prepare('SELECT rowid FROM name_index WHERE name_index MATCH ? LIMIT ?')
			.column([piecesToMatch(pieces), limit])
			.map(Number);
	}
	const [word = ''] = words;
	const { from, below } = shortRange(word, anchor);
	return database
		.prepare('SELECT DISTINCT doc FROM name_term WHERE term >= ? AND term < ? LIMIT ?')
		.column([from, below, limit])
		.map(Number);
}

const one = 'SELECT id, parent, name, kind, sizeBytes, modifiedMs FROM entry WHERE id = ?';

/** The entry of `id`, or null for one that is no more. */
export function entryReader(database: Database): (id: number) => EntryRow | null {
	const statement: SqlStatement = database.prepare(one);
	return (id) => {
		const row = statement.get([id]);
		return row === undefined ? null : rowToEntry(row);
	};
}

export function countIndexedNames(database: Database): number {
	return Number(database.prepare('SELECT count(DISTINCT doc) FROM name_term').column()[0] ?? 0);
}

/** Asks SQLite to check its own structure; throws `SqlFault` where it is broken. Run inside `write`. */
export function checkNameIndex(database: Database): void {
	database.connection.exec(`INSERT INTO name_index (name_index) VALUES ('integrity-check')`);
}
