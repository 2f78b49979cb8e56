import type { Database } from '#core/schema';
import { checkNameIndex, countIndexedNames } from './store.ts';

export type NameFlaw = { readonly kind: 'name-index'; readonly detail: string };

/** Whether each entry's name can be found. Run inside `write`, as SQLite's own check is a kind of insert. */
export function findNameFlaws(database: Database): NameFlaw[] {
	checkNameIndex(database);
	const indexed = countIndexedNames(database);
	const entries = Number(database.prepare('SELECT count(*) FROM entry').column()[0] ?? 0);
	return indexed === entries ? [] : [{ kind: 'name-index', detail: `${indexed} names for ${entries} entries` }];
}
