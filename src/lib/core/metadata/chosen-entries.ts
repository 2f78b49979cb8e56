import type { Facts } from '#core/actions';
import type { Database } from '#core/schema';
import type { Files } from './schema.ts';

/** Entries of one operation: so many are lost to nobody when one cannot be done, and a step stays small. */
const chunkMax = 1_000;
/** Entries named one by one among the facts of a plan. */
const notedMax = 1_000;

/** Entries that were chosen and are there; `gone` are those that are not. */
export type Chosen = { readonly entries: readonly number[]; readonly gone: readonly number[] };

/** Of `entries` those that are in the library. */
export function presentEntries(database: Database, entries: readonly number[]): number[] {
	return database
		.prepare('SELECT entry.id FROM json_each(?) AS chosen CROSS JOIN entry ON entry.id = chosen.value')
		.column([JSON.stringify(entries)])
		.map(Number);
}

/** What a person has chosen, each once. Run inside a transaction. */
export function readChosen(database: Database, files: Files, facts: Facts): Chosen {
	if ('folder' in files) {
		const except = new Set(files.except);
		const entries = database
			.prepare('SELECT id FROM entry WHERE parent = ? AND (kind <> 0) IN (0, 1) ORDER BY id')
			.column([files.folder])
			.map(Number)
			.filter((id) => !except.has(id));
		facts.note(`folder/${files.folder}`, entries.length);
		return { entries, gone: [] };
	}
	const wanted = [...new Set(files.entries)];
	const entries = presentEntries(database, wanted);
	const there = new Set(entries);
	const gone = entries.length === wanted.length ? [] : wanted.filter((id) => !there.has(id));
	for (const id of gone.slice(0, notedMax)) facts.note(`entry/${id}`, null);
	return { entries, gone };
}

export function inChunks<T>(items: readonly T[]): readonly (readonly T[])[] {
	const chunks: (readonly T[])[] = [];
	for (let at = 0; at < items.length; at += chunkMax) chunks.push(items.slice(at, at + chunkMax));
	return chunks;
}
