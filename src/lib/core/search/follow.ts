import { typeOfFile } from '#core/content';
import { entryId } from '#core/kernel';
import { targetOf } from '#core/metadata';
import type { SqlRow } from '#core/ports';
import { entryKindName, type Database } from '#core/schema';
import type { EntryClass } from './classes.ts';
import { Columns, type Looked } from './columns.ts';

/**
 * Triggers of the connection alone, in memory: whoever writes a row, it is noted in the same transaction, and with the
 * transaction it is undone. A trigger looks first, as the statement that fires it decides what conflicts do.
 */
const note = (entry: string) =>
	`INSERT INTO search_changed (entry) SELECT ${entry} WHERE NOT EXISTS (SELECT 1 FROM search_changed WHERE entry = ${entry})`;
const said = 'UPDATE search_said SET version = version + 1';

const following: readonly string[] = [
	'CREATE TEMP TABLE IF NOT EXISTS search_changed (entry INTEGER PRIMARY KEY)',
	'CREATE TEMP TABLE IF NOT EXISTS search_said (version INTEGER NOT NULL)',
	'INSERT INTO search_said (version) SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM search_said)',
	`CREATE TEMP TRIGGER IF NOT EXISTS search_entry_added AFTER INSERT ON entry BEGIN ${note('NEW.id')}; END`,
	`CREATE TEMP TRIGGER IF NOT EXISTS search_entry_changed
		AFTER UPDATE OF id, parent, kind, name, sizeBytes, modifiedMs, content ON entry
		BEGIN ${note('OLD.id')}; ${note('NEW.id')}; END`,
	`CREATE TEMP TRIGGER IF NOT EXISTS search_entry_gone AFTER DELETE ON entry BEGIN ${note('OLD.id')}; END`,
	`CREATE TEMP TRIGGER IF NOT EXISTS search_content_changed AFTER UPDATE OF type, kind ON content BEGIN
		INSERT INTO search_changed (entry) SELECT entry.id FROM entry WHERE entry.kind = 1 AND entry.content = NEW.id
		AND NOT EXISTS (SELECT 1 FROM search_changed WHERE search_changed.entry = entry.id); END`,
	...['assignment', 'tag', 'tag_relation', 'mark'].flatMap((table) =>
		['INSERT', 'UPDATE', 'DELETE'].map(
			(what) =>
				`CREATE TEMP TRIGGER IF NOT EXISTS search_${table}_${what.toLowerCase()} AFTER ${what} ON ${table} BEGIN ${said}; END`
		)
	)
];

const selectLooked = `SELECT entry.id AS id, entry.parent AS parent, entry.kind AS kind, entry.name AS name,
		entry.sizeBytes AS sizeBytes, entry.modifiedMs AS modifiedMs, entry.content AS content, content.type AS seen,
		content.kind AS seenKind
	FROM entry LEFT JOIN content ON content.id = entry.content`;
const selectSlice = `${selectLooked} WHERE entry.id > ? ORDER BY entry.id LIMIT ?`;
const selectOne = `${selectLooked} WHERE entry.id = ?`;

/** Entries read at a time: some hundredths of a second. */
const sliceRows = 8_192;

function classOfRow(row: SqlRow, name: string, sizeBytes: number): EntryClass {
	switch (entryKindName(Number(row['kind']))) {
		case 'directory':
			return 'folder';
		case 'symlink':
			return 'link';
		case 'other':
			return 'other';
		case 'file': {
			const { seen, seenKind } = row;
			const known = typeof seen === 'string' ? { type: seen, kind: Number(seenKind) } : null;
			return typeOfFile(name, sizeBytes, known)?.kind ?? 'other';
		}
	}
}

function rowToLooked(row: SqlRow): Looked {
	const { parent, modifiedMs, content } = row;
	const [id, name, sizeBytes] = [entryId(row['id']), String(row['name']), Number(row['sizeBytes'])];
	const kind = classOfRow(row, name, sizeBytes);
	return {
		id,
		parent: typeof parent === 'number' ? parent : null,
		name,
		kind,
		sizeBytes,
		modifiedMs: typeof modifiedMs === 'number' ? modifiedMs : null,
		target: entryKindName(Number(row['kind'])) === 'file' ? targetOf(id, content, sizeBytes) : id
	};
}

/** Begins to note what changes. Run inside `read`. */
export function startFollowing(database: Database): void {
	for (const statement of following) database.connection.exec(statement);
	database.connection.exec('DELETE FROM search_changed');
}

/** Reads all entries, a slice at a time: between two anything else may be done. Each step runs inside `read`. */
export class Reading {
	readonly columns = new Columns();
	readonly #database: Database;
	/** Of each row the folder's id; -1 for none. */
	readonly #parents: number[] = [];
	#after = -1;

	constructor(database: Database) {
		this.#database = database;
	}

	/** Whether there is more. */
	step(): boolean {
		const rows = this.#database.prepare(selectSlice).all([this.#after, sliceRows]);
		for (const row of rows) {
			const looked = rowToLooked(row);
			this.columns.put(looked);
			this.#parents.push(looked.parent ?? -1);
			this.#after = looked.id;
		}
		if (rows.length === sliceRows) return true;
		// Not before all are there: what was moved may lie in a folder with a higher number.
		this.#parents.forEach((parent, row) => (this.columns.parents[row] = this.columns.rowOf(parent)));
		this.columns.trim();
		return false;
	}
}

/** How many entries have changed since that was taken in last. Run inside `read`. */
export function countChanges(database: Database): number {
	return Number(database.prepare('SELECT count(*) FROM search_changed').column([])[0] ?? 0);
}

/** Takes in what has changed since it was asked last. Run inside `read`. */
export function takeChanges(database: Database, columns: Columns): void {
	const changed = database.prepare('SELECT entry FROM search_changed').column([]).map(Number);
	if (changed.length === 0) return;
	const one = database.prepare(selectOne);
	const there: Looked[] = [];
	for (const id of changed) {
		const row = one.get([id]);
		if (row === undefined) columns.drop(id);
		else there.push(rowToLooked(row));
	}
	for (const looked of there) columns.put(looked);
	for (const { id, parent } of there) columns.tie(id, parent);
	database.connection.exec('DELETE FROM search_changed');
}

/** Another number after each change of what people say. Run inside `read`. */
export function readSaidVersion(database: Database): number {
	return Number(database.prepare('SELECT version FROM search_said').column([])[0] ?? 0);
}
