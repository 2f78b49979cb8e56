import type { Client } from '#client/mod.ts';
import type { LocatedEntry } from '#core/index';
import type { FindInput, Why } from '#core/search';
import type { LoadRows } from '#ui/files/row-cache.svelte.ts';

/** What a search found: where it is, and why it is found. */
export type FoundRow = LocatedEntry & { readonly why: Why | null };

/** Loads rows of what was found by what `asked` says now. */
export function foundRows(client: Client, asked: () => FindInput): LoadRows<FoundRow> {
	return async (ids, signal) => {
		const [rows, reasons] = await Promise.all([
			client.call('entries.located', { ids }, signal),
			client.call('search.why', { ...asked(), entries: ids }, signal)
		]);
		if (!rows.ok) return null;
		const why = new Map(reasons.ok ? reasons.value.map((one) => [Number(one.entry), one]) : []);
		return rows.value.map((row) => ({ ...row, why: why.get(row.id) ?? null }));
	};
}
