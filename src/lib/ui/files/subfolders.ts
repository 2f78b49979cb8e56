import type { EntryRow } from '#core/index';
import type { EntryId } from '#core/kernel';
import type { App } from '#ui/shell/app.svelte.ts';
import { defaultOrder } from './orders.ts';

/** Rows read at once. */
const rowsAtOnce = 500;

/** The folders in a folder, by their names; empty where they could not be read, which is told. */
export async function subfolders(app: App, folder: EntryId): Promise<readonly EntryRow[]> {
	const ids = await app.do('entries.ids', { folder, order: defaultOrder });
	const found: EntryRow[] = [];
	for (let from = 0; ids.ok && from < ids.value.length; from += rowsAtOnce) {
		const rows = await app.do('entries.rows', { ids: Array.from(ids.value.slice(from, from + rowsAtOnce)) });
		if (!rows.ok) break;
		const folders = rows.value.filter(({ kind }) => kind === 'directory');
		found.push(...folders);
		// Folders come first in every order.
		if (folders.length < rows.value.length) break;
	}
	return found;
}
