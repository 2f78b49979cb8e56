import type { Database } from '#core/schema';
import type { NameSink } from '#core/index';
import { numbersPerSlot } from '#core/kernel';
import { indexedText, piecesToMatch, shortRange, wantedPieces, type Anchor } from './pieces.ts';
import type { FindScope } from './schema.ts';

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

/** Names looked at for those that lie below a folder: bounds the time of a word that is everywhere else. */
const scannedMax = 20_000;

// The candidates are bounded before their names are looked up, and each name costs a few bytes, not a row.
const byPieces = `SELECT rowid AS id FROM name_index WHERE name_index MATCH ? AND rowid >= ? AND rowid < ? LIMIT ?`;
const byRange = `SELECT DISTINCT doc AS id FROM name_term
	WHERE term >= ? AND term < ? AND doc >= ? AND doc < ? LIMIT ?`;
const below = `entry.parent IN (SELECT descendant FROM closure WHERE ancestor = ?)`;

/** The numbers that what is meant has. */
function rangeOf(scope: FindScope | undefined): readonly [least: number, below: number] {
	if (scope === undefined) return [0, Number.MAX_SAFE_INTEGER];
	const slot = scope.is === 'folder' ? Math.floor(scope.folder / numbersPerSlot) : 0;
	return [slot * numbersPerSlot, (slot + 1) * numbersPerSlot];
}

export type Candidates = {
	readonly all: readonly Candidate[];
	/** There may be more. */
	readonly isCut: boolean;
};

/** Entries whose names have the pieces of `words`, at most `limit`; a superset of the true matches. */
export function readCandidates(
	database: Database,
	words: readonly string[],
	{ anchor, scope }: { readonly anchor: Anchor; readonly scope?: FindScope | undefined },
	limit: number
): Candidates {
	const pieces = wantedPieces(words, anchor);
	const [word = ''] = words;
	const { from, below: end } = shortRange(word, anchor);
	const folder = scope?.is === 'folder' ? scope.folder : null;
	const hits = pieces.length > 0 ? byPieces : byRange;
	const wanted = pieces.length > 0 ? [piecesToMatch(pieces)] : [from, end];
	const scanned = folder === null ? limit : scannedMax;
	const rows = database
		.prepare(
			`SELECT hit.id, entry.name, ${folder === null ? '1' : below} AS isBelow
			FROM (${hits}) AS hit JOIN entry ON entry.id = hit.id`
		)
		.all([...(folder === null ? [] : [folder]), ...wanted, ...rangeOf(scope), scanned]);
	const all = rows.flatMap(({ id, name, isBelow }) => (isBelow === 1 ? [{ id: Number(id), name: String(name) }] : []));
	return { all: all.slice(0, limit), isCut: rows.length === scanned || all.length >= limit };
}

export function countIndexedNames(database: Database): number {
	return Number(database.prepare('SELECT count(DISTINCT doc) FROM name_term').column()[0] ?? 0);
}

/** Asks SQLite to check its own structure; throws `SqlFault` where it is broken. Run inside `write`. */
export function checkNameIndex(database: Database): void {
	database.connection.exec(`INSERT INTO name_index (name_index) VALUES ('integrity-check')`);
}
