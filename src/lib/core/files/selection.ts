import * as v from 'valibot';
import { entryId, type EntryId } from '#core/kernel';
import type { Database } from '#core/schema';
import type { View } from './view.ts';

/** As many as one action takes: a folder of a million files is one entry. */
const entriesMax = 1_000_000;

export const entriesSchema = v.pipe(
	v.array(v.pipe(v.number(), v.integer(), v.minValue(1))),
	v.minLength(1),
	v.maxLength(entriesMax)
);

/** The entries, each once and without those that lie in another one of them: these go with it. */
export function topmost(database: Database, view: View, entries: readonly number[]): EntryId[] {
	const wanted = new Set(entries);
	const rows = view.load([...wanted]);
	const above = database.prepare('SELECT ancestor FROM closure WHERE descendant = ?');
	/** Whether a folder, or one that holds it, is wanted itself. */
	const known = new Map<number, boolean>();
	const isWithin = (folder: number): boolean => {
		const before = known.get(folder);
		if (before !== undefined) return before;
		const is = above.column([folder]).some((ancestor) => typeof ancestor === 'number' && wanted.has(ancestor));
		known.set(folder, is);
		return is;
	};
	return [...wanted]
		.filter((id) => {
			const parent = rows.get(id)?.parent ?? null;
			return parent === null || !isWithin(parent);
		})
		.map(entryId);
}
