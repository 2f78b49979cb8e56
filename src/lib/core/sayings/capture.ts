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
const touched = `CREATE TEMP TABLE touched (
	kind INTEGER NOT NULL,
	subject INTEGER NOT NULL,
	target INTEGER NOT NULL,
	key TEXT,
	PRIMARY KEY (kind, subject, target)
) STRICT, WITHOUT ROWID`;

const nothingSaid = { favourite: '0', rating: '0', colour: `''`, note: `''` } as const;

/** A trigger that notes what `rows` are. */
function noting(name: string, event: string, ...rows: readonly string[]): string {
	const notes = rows.map((row) => `INSERT OR IGNORE INTO touched (kind, subject, target, key) ${row};`);
	return `CREATE TEMP TRIGGER ${name} AFTER ${event} BEGIN ${notes.join(' ')} END`;
}

/** For each mark one row, where `isDue` says so. */
function marks(row: 'OLD' | 'NEW', isDue: (name: (typeof markNames)[number]) => string): readonly string[] {
	return markNames.map((name, at) => `SELECT ${mark}, ${at}, ${row}.target, NULL WHERE ${isDue(name)}`);
}

/** For each field one row, where `isDue` says so. */
function fields(kind: number, names: readonly string[], isDue: (name: string) => string): readonly string[] {
	return names.map((name, at) => `SELECT ${kind}, NEW.id, ${at}, NEW.key WHERE ${isDue(name)}`);
}

const isOther = (name: string) => `OLD.${name} IS NOT NEW.${name}`;
const tieKind = (row: 'OLD' | 'NEW') => `iif(${row}.relation = 'parent', ${parent}, ${synonym})`;

const triggers: readonly string[] = [
	noting('assignment_came', 'INSERT ON main.assignment', `VALUES (${assignment}, NEW.tag, NEW.target, NULL)`),
	noting('assignment_went', 'DELETE ON main.assignment', `VALUES (${assignment}, OLD.tag, OLD.target, NULL)`),
	noting('member_came', 'INSERT ON main.collection_member', `VALUES (${member}, NEW.collection, NEW.target, NULL)`),
	noting('member_went', 'DELETE ON main.collection_member', `VALUES (${member}, OLD.collection, OLD.target, NULL)`),
	noting('mark_came', 'INSERT ON main.mark', ...marks('NEW', (name) => `NEW.${name} <> ${nothingSaid[name]}`)),
	noting('mark_changed', 'UPDATE ON main.mark', ...marks('NEW', isOther)),
	noting('mark_went', 'DELETE ON main.mark', ...marks('OLD', (name) => `OLD.${name} <> ${nothingSaid[name]}`)),
	noting('tag_came', 'INSERT ON main.tag', ...fields(tag, tagFields, () => 'true')),
	noting('tag_changed', 'UPDATE ON main.tag', ...fields(tag, tagFields, isOther)),
	noting('tag_went', 'DELETE ON main.tag', `VALUES (${tag}, OLD.id, 0, OLD.key)`),
	noting('collection_came', 'INSERT ON main.collection', ...fields(collection, collectionFields, () => 'true')),
	noting('collection_changed', 'UPDATE ON main.collection', ...fields(collection, collectionFields, isOther)),
	noting('collection_went', 'DELETE ON main.collection', `VALUES (${collection}, OLD.id, 0, OLD.key)`),
	noting('tie_came', 'INSERT ON main.tag_relation', `VALUES (${tieKind('NEW')}, NEW.tag, NEW.other, NULL)`),
	noting('tie_went', 'DELETE ON main.tag_relation', `VALUES (${tieKind('OLD')}, OLD.tag, OLD.other, NULL)`)
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
 * without this and pays nothing. Notes are in memory, and gone with a transaction that is rolled back.
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
