import { ok } from '#core/kernel';
import { defineCommand, jsonOption, libraryOptions } from '../command.ts';
import { findPlace, type EntryPlace } from '../find-place.ts';
import { withLibrary } from '../open-library.ts';
import { printJson, printName, printNumber, printSize, printTable } from '../print.ts';

/** The path of a part: a location, a folder in the one asked about, or that one for its own files. */
function pathOf(asked: EntryPlace | null, part: { readonly entry: number; readonly name: string }): string {
	if (asked === null) return `/${part.name}`;
	return part.entry === asked.row.id ? asked.path : `${asked.path}/${part.name}`;
}

export const atRisk = defineCommand({
	name: 'at-risk',
	operands: '[path]',
	operandsMin: 0,
	operandsMax: 1,
	summary: 'Files that exist only once, counted by folder',
	details: `Files whose content the library knows nowhere else: if their disk fails they are lost. Hard links of one
file are one. Counted for each location, or for each folder in the path; the files of the path itself
are counted under it.`,
	json: `{"files", "sizeBytes", "unknown": files not read yet, "parts": [{"path", "files", "sizeBytes"}]}`,
	options: { ...libraryOptions, ...jsonOption },
	run: ({ values, operands, shell }) =>
		withLibrary('at-risk', values, shell, async (library) => {
			const place = await findPlace(library, operands[0] ?? '/', shell.folder);
			if (!place.ok) return place;
			const { entry } = place.value;
			const risk = await library.commands['content.at-risk']({ folder: entry?.row.id ?? null }, library.context());
			if (!risk.ok) return risk;
			const { files, sizeBytes, unknown } = risk.value;
			const parts = risk.value.parts.map((part) => ({
				path: pathOf(entry, part),
				files: part.files,
				sizeBytes: part.sizeBytes
			}));
			const { terminal } = shell;
			if (values.json === true) {
				terminal.out(printJson({ files, sizeBytes, unknown, parts }));
				return ok(null);
			}
			const lines = parts.length > 1 ? [...parts, { path: 'in all', files, sizeBytes }] : parts;
			const cells = lines.map((line) => [
				printSize(line.sizeBytes),
				printNumber(line.files, 'file', 'files'),
				printName(line.path)
			]);
			terminal.out(parts.length === 0 ? 'No file that exists only once.\n' : printTable(cells, { right: [0, 1] }));
			if (unknown > 0) terminal.say(`${printNumber(unknown, 'file was', 'files were')} not read yet: atoll index`);
			return ok(null);
		})
});
