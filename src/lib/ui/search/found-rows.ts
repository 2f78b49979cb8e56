import type { Client } from '#client/mod.ts';
import type { FindInput, FoundRow } from '#core/search';
import type { LoadRows } from '#ui/files/row-cache.svelte.ts';

/** Loads rows of what was found by what `asked` says now. */
export function foundRows(client: Client, asked: () => FindInput): LoadRows<FoundRow> {
	return async (ids, signal) => {
		const rows = await client.call('search.rows', { ...asked(), entries: ids }, signal);
		return rows.ok ? rows.value : null;
	};
}
