import { entryId, type EntryId, type LocationId } from '#core/kernel';
import type { Database } from '#core/schema';
import { renameEntry, type Tree } from './tree.ts';

/**
 * What a run did not find in its place. It is kept to the end of the run, as it may turn up elsewhere: then it has
 * moved, and keeps its number and what hangs on it.
 */

/** An entry in the place where the index has it. */
export type Placed = { readonly id: EntryId; readonly folder: EntryId; readonly name: string };

/** Notes that an entry is not in its place, or left out by a rule; nothing where it has another by now. Folders below are not read any more. */
export function noteMissing(
	database: Database,
	{ id: location, run }: { readonly id: LocationId; readonly run: number },
	{ id, folder, name }: Placed,
	isLeftOut = false
): void {
	const inserted = database
		.prepare(
			`INSERT OR IGNORE INTO missing (entry, location, isLeftOut)
			SELECT id, ?, ? FROM entry WHERE id = ? AND parent = ? AND name = ?`
		)
		.run([location, isLeftOut ? 1 : 0, id, folder, name]);
	if (inserted.changes === 0) return;
	database
		.prepare('UPDATE directory SET run = ? WHERE entry IN (SELECT descendant FROM closure WHERE ancestor = ?)')
		.run([run, id]);
}

/** No disk has a name that begins with it. */
const displacedMark = '\0';

/** Frees the name of an entry that the disk has given to another one. */
export function displace(
	tree: Tree,
	location: { readonly id: LocationId; readonly run: number },
	placed: Placed
): void {
	noteMissing(tree.database, location, placed);
	renameEntry(tree, placed.id, `${displacedMark}${placed.id}`);
}

/** Whether a path leads through something whose name was given to another: until it turns up it is nowhere on the disk. */
export function isDisplaced(path: readonly string[]): boolean {
	return path.some((name) => name.startsWith(displacedMark));
}

/** One that is missing and not in `moving`, which has not come to where it goes. */
export function readMissing(
	database: Database,
	location: LocationId,
	moving: ReadonlySet<EntryId>
): { readonly id: EntryId; readonly isLeftOut: boolean } | null {
	const row = database
		.prepare('SELECT entry, isLeftOut FROM missing WHERE location = ? LIMIT ?')
		.all([location, moving.size + 1])
		.find(({ entry }) => !moving.has(entryId(entry)));
	return row === undefined ? null : { id: entryId(row['entry']), isLeftOut: row['isLeftOut'] === 1 };
}

/**
 * Forgets what an earlier, cut-off run missed, and has `run` read the folders concerned again: meanwhile it may have
 * come back.
 */
export function lookAgain(database: Database, location: LocationId, run: number): void {
	database
		.prepare(
			`UPDATE directory SET run = ? WHERE run >= ? AND entry IN (
				SELECT entry.parent FROM missing JOIN entry ON entry.id = missing.entry WHERE missing.location = ?
				UNION SELECT closure.descendant FROM missing JOIN closure ON closure.ancestor = missing.entry
				WHERE missing.location = ?
			)`
		)
		.run([run - 1, run, location, location]);
	database.prepare('DELETE FROM missing WHERE location = ?').run([location]);
}
