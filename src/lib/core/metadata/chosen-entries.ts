import type { Facts } from '#core/actions';
import type { SqlValue } from '#core/ports';
import type { Database } from '#core/schema';
import type { Files } from './schema.ts';

/** Entries of one operation: so many are lost to nobody when one cannot be done, and a step stays small. */
const chunkMax = 1_000;
/** Entries named one by one among the facts of a plan. */
const notedMax = 1_000;

/** Entries, as a query walks over them: what is asked of 100,000 need not be read first to be asked. */
export type Chosen = {
	/** What follows FROM, up to a condition that more can be added to; what follows that; and its parameters. */
	readonly from: string;
	readonly order: string;
	readonly parameters: readonly SqlValue[];
	/** Entries that are not meant after all. */
	readonly except: ReadonlySet<number>;
	/** Entries that were meant and are not in the library. */
	readonly gone: readonly number[];
};

const nothing: ReadonlySet<number> = new Set();

/** Of `entries` those that are in the library, in their order. */
export function listed(entries: readonly number[], gone: readonly number[] = []): Chosen {
	// As a cross join it is walked in the order of the list, which sorting would cost as much again.
	const from = 'json_each(?) AS chosen CROSS JOIN entry ON entry.id = chosen.value WHERE true';
	return { from, order: '', parameters: [JSON.stringify(entries)], except: nothing, gone };
}

/** The ids of what was chosen. */
export function readEntries(database: Database, { from, order, parameters, except }: Chosen): number[] {
	const ids = database.prepare(`SELECT entry.id FROM ${from} ${order}`).column(parameters).map(Number);
	return except.size === 0 ? ids : ids.filter((id) => !except.has(id));
}

/** Of `entries` those that are in the library. */
export function presentEntries(database: Database, entries: readonly number[]): number[] {
	return readEntries(database, listed(entries));
}

/** What a person has chosen, each once. Run inside a transaction. */
export function readChosen(database: Database, files: Files, facts: Facts): Chosen {
	if ('folder' in files) {
		const folder = database.prepare('SELECT name FROM entry WHERE id = ?').get([files.folder]);
		facts.note(`entry/${files.folder}`, folder === undefined ? null : String(folder['name']));
		return {
			from: 'entry WHERE entry.parent = ?',
			// That of the index, so that nothing is sorted.
			order: 'ORDER BY (entry.kind <> 0), entry.sortKey, entry.name',
			parameters: [files.folder],
			except: new Set(files.except),
			gone: folder === undefined ? [files.folder] : []
		};
	}
	const wanted = [...new Set(files.entries)];
	const there = new Set(presentEntries(database, wanted));
	const gone = there.size === wanted.length ? [] : wanted.filter((id) => !there.has(id));
	for (const id of gone.slice(0, notedMax)) facts.note(`entry/${id}`, null);
	return listed(wanted, gone);
}

export function inChunks<T>(items: readonly T[]): readonly (readonly T[])[] {
	const chunks: (readonly T[])[] = [];
	for (let at = 0; at < items.length; at += chunkMax) chunks.push(items.slice(at, at + chunkMax));
	return chunks;
}
