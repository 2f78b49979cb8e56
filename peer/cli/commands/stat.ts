import { ok, type Result } from '#core/kernel';
import type { EntryRow, FileContent } from '#core/index';
import type { AnyFailure } from '../failure.ts';
import { contentHex } from '../content-hex.ts';
import { defineCommand, jsonOption, libraryOptions } from '../command.ts';
import { findPlace, type EntryPlace } from '../find-place.ts';
import { rowToJson } from '../list-rows.ts';
import { withLibrary, type OpenLibrary } from '../open-library.ts';
import { printCount, printJson, printName, printSize, printTable, printTime } from '../print.ts';

const top = { path: '/', kind: 'directory' } as const;

/** Copies that are named; the number of all stands before them. */
const copiesMax = 20;

async function contentOf(library: OpenLibrary, { row }: EntryPlace): Promise<Result<FileContent | null, AnyFailure>> {
	if (row.kind !== 'file') return ok(null);
	return library.commands['content.of']({ entry: row.id, limit: copiesMax }, library.context());
}

function copyPaths({ copies }: FileContent): string[] {
	return copies.map(({ trail, name }) => `/${[...trail, name].join('/')}`);
}

function contentCells({ type }: EntryRow, found: FileContent | null): string[][] {
	if (found === null) return [];
	const { content, copiesCount, proven } = found;
	if (content === null) return [['content', 'not read yet']];
	const paths = copyPaths(found).map((path) => ['', printName(path)]);
	const how = proven ? ', every byte of this one was read' : '';
	return [
		['type', `${(type ?? content.type).words} (${content.confidence} % sure)`],
		['content', contentHex(content.identity) + how],
		['copies', copiesCount === 0 ? 'none' : printCount(copiesCount)],
		...paths
	];
}

function contentToJson(found: FileContent | null) {
	if (found === null || found.content === null) return null;
	const { identity, proof, type, confidence } = found.content;
	return {
		id: contentHex(identity),
		type: type.id,
		kind: type.kind,
		confidence,
		proof: proof === null ? null : contentHex(proof),
		proven: found.proven,
		copies: found.copiesCount,
		paths: copyPaths(found)
	};
}

function statToText({ path, diskPath, row, location }: EntryPlace, content: FileContent | null): string {
	const size = row.kind === 'file' ? [['size', `${printSize(row.sizeBytes)} (${printCount(row.sizeBytes)} B)`]] : [];
	return printTable([
		['path', printName(path)],
		['on disk', printName(diskPath)],
		['kind', row.kind],
		...size,
		['modified', printTime(row.modifiedMs)],
		['location', printName(location.name)],
		['id', String(row.id)],
		...contentCells(row, content)
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
 "location": {"id", "name"}, "content": null or {"id", "type", "kind", "confidence", "proof", "proven",
 "copies", "paths"}}; for "/" only {"path", "kind"}`,
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
			const content = await contentOf(library, entry);
			if (!content.ok) return content;
			const json = {
				path,
				diskPath,
				...rowToJson(row),
				location: { id: location.id, name: location.name },
				content: contentToJson(content.value)
			};
			shell.terminal.out(values.json === true ? printJson(json) : statToText(entry, content.value));
			return ok(null);
		})
});
