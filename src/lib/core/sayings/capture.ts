import type { Database } from '#core/schema';
import { markNames } from '#core/metadata';

/** Which row has changed in the transaction that goes on. What it is by now the row itself tells at the end. */
export const touchedKinds = {
	assignment: 0,
	member: 1,
	mark: 2,
	tag: 3,
	collection: 4,
	parent: 5,
	synonym: 6
} as const;
/** Fields by the numbers that facts have for them. */
export const tagFields = ['name', 'colour', 'icon', 'privacy'] as const;
export const collectionFields = ['name'] as const;

const { assignment, member, mark, tag, collection, parent, synonym } = touchedKinds;

/** `key` is the id of what may be gone by then. */
const touched = `CREATE TEMP TABLE IF NOT EXISTS touched (
	kind INTEGER NOT NULL,
	subject INTEGER NOT NULL,
	target INTEGER NOT NULL,
	key TEXT,
	PRIMARY KEY (kind, subject, target)
) STRICT, WITHOUT ROWID`;

const nothingSaid = { favourite: '0', rating: '0', colour: `''`, note: `''` } as const;

type Row = { readonly kind: string; readonly subject: string; readonly target: string; readonly key?: string };

/**
 * Notes a row where `isDue` says so. The conflict clause of an upsert that fires a trigger counts instead of one in
 * here: so it is looked first.
 */
function note({ kind, subject, target, key = 'NULL' }: Row, isDue: string): string {
	const isNoted = `SELECT 1 FROM touched WHERE kind = ${kind} AND subject = ${subject} AND target = ${target}`;
	return `INSERT INTO touched (kind, subject, target, key) SELECT ${kind}, ${subject}, ${target}, ${key}
		WHERE ${isDue} AND NOT EXISTS (${isNoted});`;
}

/** Notes a row of a table that nothing is upserted into: in half of the time. */
function noteRow({ kind, subject, target, key = 'NULL' }: Row): string {
	return `INSERT OR IGNORE INTO touched (kind, subject, target, key) VALUES (${kind}, ${subject}, ${target}, ${key});`;
}

function noting(name: string, event: string, ...notes: readonly string[]): string {
	return `CREATE TEMP TRIGGER IF NOT EXISTS ${name} AFTER ${event} BEGIN ${notes.join(' ')} END`;
}

/** For each mark one note, where `isDue` says so. */
function marks(row: 'OLD' | 'NEW', isDue: (name: (typeof markNames)[number]) => string): readonly string[] {
	return markNames.map((name, at) => note({ kind: `${mark}`, subject: `${at}`, target: `${row}.target` }, isDue(name)));
}

/** For each field one note, where `isDue` says so. */
function fields(kind: number, names: readonly string[], isDue: (name: string) => string): readonly string[] {
	return names.map((name, at) =>
		note({ kind: `${kind}`, subject: 'NEW.id', target: `${at}`, key: 'NEW.key' }, isDue(name))
	);
}

const isOther = (name: string) => `OLD.${name} IS NOT NEW.${name}`;

/** What comes into a table and goes out of it. */
function rowsOf(table: string, toRow: (row: 'OLD' | 'NEW') => Row): readonly string[] {
	return [
		noting(`${table}_came`, `INSERT ON main.${table}`, noteRow(toRow('NEW'))),
		noting(`${table}_went`, `DELETE ON main.${table}`, noteRow(toRow('OLD')))
	];
}

function thingsOf(kind: number, table: string, names: readonly string[]): readonly string[] {
	const gone = { kind: `${kind}`, subject: 'OLD.id', target: '0', key: 'OLD.key' };
	return [
		noting(`${table}_came`, `INSERT ON main.${table}`, ...fields(kind, names, () => 'true')),
		noting(`${table}_changed`, `UPDATE ON main.${table}`, ...fields(kind, names, isOther)),
		noting(`${table}_went`, `DELETE ON main.${table}`, noteRow(gone))
	];
}

const triggers: readonly string[] = [
	...rowsOf('assignment', (row) => ({ kind: `${assignment}`, subject: `${row}.tag`, target: `${row}.target` })),
	...rowsOf('collection_member', (row) => ({
		kind: `${member}`,
		subject: `${row}.collection`,
		target: `${row}.target`
	})),
	...rowsOf('tag_relation', (row) => ({
		kind: `iif(${row}.relation = 'parent', ${parent}, ${synonym})`,
		subject: `${row}.tag`,
		target: `${row}.other`
	})),
	...thingsOf(tag, 'tag', tagFields),
	...thingsOf(collection, 'collection', collectionFields),
	noting('mark_came', 'INSERT ON main.mark', ...marks('NEW', (name) => `NEW.${name} <> ${nothingSaid[name]}`)),
	noting('mark_changed', 'UPDATE ON main.mark', ...marks('NEW', isOther)),
	noting('mark_went', 'DELETE ON main.mark', ...marks('OLD', (name) => `OLD.${name} <> ${nothingSaid[name]}`))
];

/** All that is said in the library by now, as if it had changed in this transaction. */
const everything: readonly string[] = [
	`SELECT ${assignment}, tag, target, NULL FROM assignment`,
	`SELECT ${member}, collection, target, NULL FROM collection_member`,
	...markNames.map((name, at) => `SELECT ${mark}, ${at}, target, NULL FROM mark WHERE ${name} <> ${nothingSaid[name]}`),
	...tagFields.map((_, at) => `SELECT ${tag}, id, ${at}, key FROM tag`),
	`SELECT ${collection}, id, 0, key FROM collection`,
	`SELECT iif(relation = 'parent', ${parent}, ${synonym}), tag, other, NULL FROM tag_relation`
];

/**
 * Has every change of what people say noted from now on, whoever makes it: a library that has met no other device is
 * without this and pays nothing. A repeat changes nothing. Notes are in memory, and gone with a transaction that is rolled back.
 */
export function beginCapture(database: Database): void {
	for (const statement of [touched, ...triggers]) database.connection.exec(statement);
}

export function touchEverything(database: Database): void {
	for (const rows of everything)
		database.prepare(`INSERT OR IGNORE INTO touched (kind, subject, target, key) ${rows}`).run();
}

export function isTouched(database: Database): boolean {
	return database.prepare('SELECT 1 FROM touched LIMIT 1').get([]) !== undefined;
}

/** What is noted so far is not to become facts: it came from facts. */
export function forgetTouched(database: Database): void {
	database.prepare('DELETE FROM touched').run();
}
