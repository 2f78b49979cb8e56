import { ok, type Result } from '#core/kernel';
import type { EntryRow, FileContent } from '#core/index';
import { contentHex } from '../content-hex.ts';
import { defineCommand, jsonOption, libraryOptions } from '../command.ts';
import type { AnyFailure } from '../failure.ts';
import { findPlace, type EntryPlace } from '../find-place.ts';
import { lookForVolumes } from '../look-for-volumes.ts';
import { rowToJson } from '../list-rows.ts';
import { withLibrary, type OpenLibrary } from '../open-library.ts';
import { printCount, printJson, printName, printSize, printTable, printTime } from '../print.ts';
import { tierToText } from './locations.ts';

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
	const { content, copiesCount, proven, damaged } = found;
	if (content === null) return [['content', 'not read yet']];
	const paths = copyPaths(found).map((path) => ['', printName(path)]);
	const how = damaged ? ', but this one is damaged' : proven ? ', every byte of this one was read' : '';
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
		damaged: found.damaged,
		copies: found.copiesCount,
		paths: copyPaths(found)
	};
}

/** The address of an entry; null where its disk is not known yet. */
async function addressOf(
	{ commands, context }: OpenLibrary,
	{ id }: EntryRow
): Promise<Result<string | null, AnyFailure>> {
	const address = await commands['addresses.of']({ entry: id }, context());
	return !address.ok && address.failure.type === 'PlaceUnknown' ? ok(null) : address;
}

type Facts = { readonly content: FileContent | null; readonly address: string | null };

function statToText({ path, diskPath, row, location }: EntryPlace, { content, address }: Facts): string {
	const size = row.kind === 'file' ? [['size', `${printSize(row.sizeBytes)} (${printCount(row.sizeBytes)} B)`]] : [];
	return printTable([
		['path', printName(path)],
		['on disk', printName(diskPath)],
		['kind', row.kind],
		...size,
		['modified', printTime(row.modifiedMs)],
		['location', `${printName(location.name)}${location.isOffline ? ' (offline)' : ''}`],
		['class', tierToText(location.tier)],
		['address', address ?? '-'],
		['id', String(row.id)],
		...contentCells(row, content)
	]);
}

export const stat = defineCommand({
	name: 'stat',
	operands: '<path or address>',
	operandsMin: 1,
	operandsMax: 1,
	summary: 'What the index knows of one file or folder',
	details: `The size of a whole folder: atoll du. An address names a file by its disk, wherever that is mounted;
ls and du take one as well.`,
	json: `{"path", "diskPath", "id", "parent", "name", "kind", "sizeBytes", "modifiedMs",
 "location": {"id", "name", "offline"}, "address", "content": null or {"id", "type", "kind", "confidence",
 "proof", "proven", "damaged", "copies", "paths"}}; for "/" only {"path", "kind"}`,
	options: { ...libraryOptions, ...jsonOption },
	run: ({ values, operands, shell }) =>
		withLibrary('stat', values, shell, async (library) => {
			const looked = await lookForVolumes(library);
			if (!looked.ok) return looked;
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
			const address = await addressOf(library, row);
			if (!address.ok) return address;
			const { id, name, isOffline } = location;
			const json = {
				path,
				diskPath,
				...rowToJson(row),
				location: { id, name, offline: isOffline },
				address: address.value,
				content: contentToJson(content.value)
			};
			const facts = { content: content.value, address: address.value };
			shell.terminal.out(values.json === true ? printJson(json) : statToText(entry, facts));
			return ok(null);
		})
});
