import { err, ok, type Result } from '#core/kernel';
import type { EntryOrder, EntryRow, SortColumn } from '#core/index';
import { defineCommand, jsonOption, libraryOptions } from '../command.ts';
import type { AnyFailure } from '../failure.ts';
import { findPlace, type Place } from '../find-place.ts';
import { lookForVolumes } from '../look-for-volumes.ts';
import { listDiskFolder, type DiskFolder } from '../list-disk-folder.ts';
import { diskRowToJson, pagesOf, printRows, rowToJson } from '../list-rows.ts';
import { withLibrary, type OpenLibrary } from '../open-library.ts';
import { printJson, printName, toJson } from '../print.ts';
import type { Shell } from '../shell.ts';
import type { Terminal } from '../terminal.ts';
import { printReason } from '../words.ts';

const columns: readonly SortColumn[] = ['name', 'size', 'modified', 'kind'];

type Pages = AsyncIterable<Result<readonly EntryRow[], AnyFailure>>;

/** The locations as rows: the folder's own entry, under the location's name. */
async function* locationPages({ commands, context }: OpenLibrary): Pages {
	const listed = await commands['locations.list']({}, context());
	if (!listed.ok) return yield listed;
	const rows: EntryRow[] = [];
	for (const { entry, name } of listed.value) {
		const found = await commands['entries.rows']({ ids: [entry] }, context());
		if (!found.ok) return yield found;
		rows.push(...found.value.map((row) => ({ ...row, name })));
	}
	yield ok(rows);
}

async function* onePage(row: EntryRow): Pages {
	yield ok([row]);
}

function rowsAt(library: OpenLibrary, place: Place, order: EntryOrder): Pages {
	if (place.entry === null) return locationPages(library);
	const { row } = place.entry;
	return row.kind === 'directory' ? pagesOf(library, row, order) : onePage(row);
}

/** What is listed of a disk that is away is what was there. */
function sayOffline({ entry }: Place, terminal: Terminal): void {
	if (entry?.location.isOffline !== true) return;
	terminal.note(`/${printName(entry.location.name)} is offline: this is what was there when it was last read.`);
}

async function writeText(pages: Pages, long: boolean, terminal: Terminal): Promise<Result<null, AnyFailure>> {
	for await (const page of pages) {
		if (!page.ok) return page;
		terminal.out(printRows(page.value, long));
	}
	return ok(null);
}

/** One document, written as it comes: an entry on a line of its own. */
async function writeJson(path: string, pages: Pages, terminal: Terminal): Promise<Result<null, AnyFailure>> {
	let separator = `{"path": ${toJson(path)}, "entries": [\n`;
	for await (const page of pages) {
		if (!page.ok) return page;
		for (const row of page.value) {
			terminal.out(separator + toJson(rowToJson(row)));
			separator = ',\n';
		}
	}
	terminal.out(`${separator.startsWith('{') ? separator : '\n'}]}\n`);
	return ok(null);
}

/** A folder of the disk that is not in the library. */
function writeDiskFolder(
	{ path, rows, skipped }: DiskFolder,
	{ json, long }: { readonly json?: boolean; readonly long?: boolean },
	{ terminal }: Shell
): void {
	if (json === true) terminal.out(printJson({ path, managed: false, entries: rows.map(diskRowToJson), skipped }));
	else {
		terminal.note(`${printName(path)} is not in the library: read from the disk just now, and nothing of it is kept.`);
		terminal.out(printRows(rows, long === true));
		for (const problem of skipped) terminal.say(`  ${printName(problem.name)}: ${printReason(problem)}`);
	}
}

export const ls = defineCommand({
	name: 'ls',
	operands: '[path or address]',
	operandsMin: 0,
	operandsMax: 1,
	summary: 'List a folder of the index, or any other of the disk',
	details: `Folders come first. Odd bytes of a name are printed as \\xNN and a backslash as two, so that no
name can play tricks on the terminal; what is printed can be given back as a path. A folder of the disk that is
not in the library is read there and then; nothing of it is kept.`,
	json: `{"path", "entries": [{"id", "parent", "name", "kind", "sizeBytes", "modifiedMs"}]}
 of a folder that is not in the library: "managed": false, "skipped": [{"name", "reason", "code"}], and null for "id",
 "parent" and the "sizeBytes" of its folders; "kind" is "directory", "file", "symlink" or "other"; "modifiedMs" may be null`,
	options: {
		...libraryOptions,
		long: { type: 'boolean', short: 'l', help: 'kind, bytes, time to the millisecond (UTC), id, name' },
		sort: { type: 'string', short: 's', hint: 'COLUMN', help: 'name, size, modified or kind (name)' },
		reverse: { type: 'boolean', short: 'r', help: 'the other way round' },
		...jsonOption
	},
	run: async ({ values, operands, shell }) => {
		const by = columns.find((column) => column === (values.sort ?? 'name'));
		if (by === undefined)
			return err({ type: 'UsageWrong', command: 'ls', problem: `--sort is one of ${columns.join(', ')}.` });
		return withLibrary('ls', values, shell, async (library) => {
			const looked = await lookForVolumes(library);
			if (!looked.ok) return looked;
			const place = await findPlace(library, operands[0] ?? '/', shell.folder);
			const order = { by, descending: values.reverse === true };
			if (!place.ok) {
				if (place.failure.type !== 'PathNotIndexed') return place;
				const listed = await listDiskFolder(library, operands[0] ?? '', order, place.failure, shell);
				if (!listed.ok) return listed;
				writeDiskFolder(listed.value, values, shell);
				return ok(null);
			}
			sayOffline(place.value, shell.terminal);
			const pages = rowsAt(library, place.value, order);
			const path = place.value.entry?.path ?? '/';
			return values.json === true
				? writeJson(path, pages, shell.terminal)
				: writeText(pages, values.long === true, shell.terminal);
		});
	}
});
