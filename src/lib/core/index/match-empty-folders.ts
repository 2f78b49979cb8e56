import { entryId, numbersPerSlot, type EntryId } from '#core/kernel';
import type { Database } from '#core/schema';
import { isMissing, type Lost } from './lost-files.ts';
import { groupBy } from './match-folders.ts';
import { readEntry } from './read-entries.ts';

/** Folders without files that are compared, at the most; more are a tree that was made anew. */
const emptyMax = 1_000;
/** Folders in one of them by which it is known, at the most. */
const insideMax = 100;

/** A lost folder without files and the new one that it is now. */
export type EmptyPair = { readonly lost: EntryId; readonly found: EntryId };

type Empty = {
	readonly id: EntryId;
	readonly parent: EntryId | null;
	readonly name: string;
	/** The folders in it, by their names. */
	readonly shape: string;
};

/** What a folder is known by where there are no files in it; null where there are, or too many folders. */
function readEmpty(database: Database, id: EntryId): Empty | null {
	const row = readEntry(database, id);
	const [files] = database.prepare('SELECT files FROM directory WHERE entry = ?').column([id]);
	if (row === null || files !== 0) return null;
	const inside = database
		.prepare(
			`SELECT closure.depth || '/' || entry.name FROM closure JOIN entry ON entry.id = closure.descendant
			WHERE closure.ancestor = ? AND closure.depth > 0 LIMIT ?`
		)
		.column([id, insideMax + 1]);
	if (inside.length > insideMax) return null;
	return { id, parent: row.parent, name: row.name, shape: inside.map(String).toSorted().join('\0') };
}

function readNewEmpty(database: Database, newestEntry: number): Empty[] {
	return database
		.prepare(
			`SELECT entry.id FROM entry JOIN directory ON directory.entry = entry.id
			WHERE entry.id > ? AND entry.id < ? AND entry.kind = 0 AND entry.parent IS NOT NULL AND directory.files = 0 LIMIT ?`
		)
		.column([newestEntry, numbersPerSlot, emptyMax])
		.map(entryId)
		.filter((id) => !isMissing(database, id))
		.flatMap((id) => readEmpty(database, id) ?? []);
}

/** Pairs of which one lost and one new are alike and no other is. */
function pairBy(lost: readonly Empty[], come: readonly Empty[], keyOf: (folder: Empty) => string): EmptyPair[] {
	const now = groupBy(come, keyOf);
	return [...groupBy(lost, keyOf)].flatMap(([key, [first, ...others]]) => {
		const [found, ...more] = now.get(key) ?? [];
		const isSure = first !== undefined && found !== undefined && others.length + more.length === 0;
		return isSure ? [{ lost: first.id, found: found.id }] : [];
	});
}

/**
 * Pairs of lost and new folders that hold no files: of one name with the same folders in them, wherever they lie, else
 * in one place with the same folders in them. Where more than one could be, none is taken. Inside `read`.
 */
export function matchEmptyFolders(database: Database, lost: Lost, newestEntry: number): EmptyPair[] {
	const gone = lost.tops.slice(0, emptyMax).flatMap((id) => readEmpty(database, id) ?? []);
	if (gone.length === 0) return [];
	const come = readNewEmpty(database, newestEntry);
	const named = pairBy(gone, come, ({ name, shape }) => `${name}\0${shape}`);
	const taken = new Set(named.flatMap((pair) => [pair.lost, pair.found]));
	const isLeft = ({ id }: Empty) => !taken.has(id);
	const placed = pairBy(gone.filter(isLeft), come.filter(isLeft), ({ parent, shape }) => `${parent}\0${shape}`);
	return [...named, ...placed];
}
