import { ok } from '#core/kernel';
import { defineCommand, jsonOption, libraryOptions } from '../command.ts';
import { findPlace, type EntryPlace } from '../find-place.ts';
import { rowToJson } from '../list-rows.ts';
import { withLibrary } from '../open-library.ts';
import { printCount, printJson, printName, printSize, printTable, printTime } from '../print.ts';

const top = { path: '/', kind: 'directory' } as const;

function statToText({ path, diskPath, row, location }: EntryPlace): string {
	const size = row.kind === 'file' ? [['size', `${printSize(row.sizeBytes)} (${printCount(row.sizeBytes)} B)`]] : [];
	return printTable([
		['path', printName(path)],
		['on disk', printName(diskPath)],
		['kind', row.kind],
		...size,
		['modified', printTime(row.modifiedMs)],
		['location', printName(location.name)],
		['id', String(row.id)]
	]);
}

export const stat = defineCommand({
	name: 'stat',
	operands: '<path>',
	operandsMin: 1,
	operandsMax: 1,
	summary: 'What the index knows of one file or folder',
	details: 'The size of a whole folder: atoll du',
	json: `{"path", "diskPath", "id", "parent", "name", "kind", "sizeBytes", "modifiedMs",
 "location": {"id", "name"}}; for "/" only {"path", "kind"}`,
	options: { ...libraryOptions, ...jsonOption },
	run: ({ values, operands, shell }) =>
		withLibrary('stat', values, shell, async (library) => {
			const place = await findPlace(library, operands[0] ?? '/', shell.folder);
			if (!place.ok) return place;
			const { entry } = place.value;
			if (entry === null) {
				shell.terminal.out(values.json === true ? printJson(top) : printTable(Object.entries(top)));
				return ok(null);
			}
			const { path, diskPath, row, location } = entry;
			const json = { path, diskPath, ...rowToJson(row), location: { id: location.id, name: location.name } };
			shell.terminal.out(values.json === true ? printJson(json) : statToText(entry));
			return ok(null);
		})
});
