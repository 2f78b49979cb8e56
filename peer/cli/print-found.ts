import { ok, type Result } from '#core/kernel';
import type { AnyFailure } from './failure.ts';
import { placeOf } from './find-place.ts';
import { rowToJson } from './list-rows.ts';
import type { OpenLibrary } from './open-library.ts';
import { printJson, printName } from './print.ts';
import type { Shell } from './shell.ts';

/** What `printFound` prints with `--json`. */
export const foundJson = '{"files": [{"path", "diskPath", "id", "parent", "name", "kind", "sizeBytes", "modifiedMs"}]}';

/** Prints where entries are, in their order. */
export async function printFound(
	library: OpenLibrary,
	numbers: readonly number[],
	{ json }: { readonly json?: boolean },
	{ terminal }: Shell
): Promise<Result<null, AnyFailure>> {
	const { commands, context } = library;
	const locations = await commands['locations.list']({}, context());
	if (!locations.ok) return locations;
	const rows = await commands['entries.rows']({ ids: numbers }, context());
	if (!rows.ok) return rows;
	const files = [];
	for (const { id } of rows.value) {
		const place = await placeOf(library, locations.value, id);
		if (!place.ok) return place;
		if (place.value !== null) files.push(place.value);
	}
	if (json === true)
		terminal.out(printJson({ files: files.map(({ path, diskPath, row }) => ({ path, diskPath, ...rowToJson(row) })) }));
	else for (const { path, row } of files) terminal.out(`${printName(path)}${row.kind === 'directory' ? '/' : ''}\n`);
	return ok(null);
}
