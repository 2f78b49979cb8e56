import { entryId, type EntryId } from '#core/kernel';
import type { Database } from '#core/schema';

/** A file or folder as a person finds it; `folder` is null for the folder of a location. */
export type FoundFile = { readonly entry: EntryId; readonly folder: EntryId | null; readonly name: string };

/** Any entry that a target stands for: itself, or one with that content; null where none is here. Run inside `read`. */
export function findFile(database: Database, target: number): FoundFile | null {
	const row = database
		.prepare(`SELECT id, parent, name FROM entry WHERE ${target < 0 ? 'content' : 'id'} = ? LIMIT 1`)
		.get([Math.abs(target)]);
	if (row === undefined) return null;
	const folder = typeof row['parent'] === 'number' ? entryId(row['parent']) : null;
	return { entry: entryId(Number(row['id'])), folder, name: String(row['name']) };
}
