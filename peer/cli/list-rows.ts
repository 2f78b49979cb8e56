import { ok, type Result } from '#core/kernel';
import type { DiskRow, EntryOrder, EntryRow } from '#core/index';
import type { AnyFailure } from './failure.ts';
import type { OpenLibrary } from './open-library.ts';
import { printMinute, printName, printSize, printTable, printTime } from './print.ts';

/** Rows fetched at once: a folder of a million entries never lies in memory as a whole. */
export const rowsMax = 1_000;

/** The rows of a folder in order, a page at a time. Ends after a failure, which is then its last item. */
export async function* pagesOf(
	{ commands, context }: OpenLibrary,
	folder: EntryRow,
	order: EntryOrder
): AsyncIterable<Result<readonly EntryRow[], AnyFailure>> {
	const ids = await commands['entries.ids']({ folder: folder.id, order }, context());
	if (!ids.ok) return yield ids;
	for (let at = 0; at < ids.value.length; at += rowsMax) {
		const page = [...ids.value.subarray(at, at + rowsMax)];
		const rows = await commands['entries.rows']({ ids: page }, context());
		if (!rows.ok) return yield rows;
		yield ok(rows.value);
	}
}

const marks = { directory: '/', file: '', symlink: '@', other: '|' } as const satisfies Record<
	EntryRow['kind'],
	string
>;

type Shown = DiskRow & { readonly id?: number };

function shownSize({ kind, sizeBytes }: DiskRow): string {
	return sizeBytes !== null && (kind === 'file' || kind === 'directory') ? printSize(sizeBytes) : '-';
}

/** Rows as lines: size, time, name; long ones with kind, bytes, time to the millisecond in UTC and id. */
export function printRows(rows: readonly Shown[], long: boolean): string {
	const cells = rows.map((row) => {
		const name = printName(row.name) + marks[row.kind];
		return long
			? [row.kind, String(row.sizeBytes ?? '-'), printTime(row.modifiedMs), String(row.id ?? '-'), name]
			: [shownSize(row), printMinute(row.modifiedMs), name];
	});
	return printTable(cells, long ? { right: [1, 3], widths: [9, 13, 24, 7] } : { right: [0], widths: [6, 16] });
}

/** The stable shape of an entry. */
export function rowToJson({ id, parent, name, kind, sizeBytes, modifiedMs }: EntryRow) {
	return { id, parent, name, kind, sizeBytes, modifiedMs };
}

/** The same shape for what the library does not keep. */
export function diskRowToJson({ name, kind, sizeBytes, modifiedMs }: DiskRow) {
	return { id: null, parent: null, name, kind, sizeBytes, modifiedMs };
}
