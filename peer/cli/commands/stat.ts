import { ok, type Result } from '#core/kernel';
import type { EntryRow } from '#core/index';
import { defineCommand, jsonOption, libraryOptions } from '../command.ts';
import type { AnyFailure } from '../failure.ts';
import { findPlace, type EntryPlace } from '../find-place.ts';
import { lookForVolumes } from '../look-for-volumes.ts';
import { rowToJson } from '../list-rows.ts';
import { withLibrary, type OpenLibrary } from '../open-library.ts';
import { printCount, printJson, printName, printSize, printTable, printTime } from '../print.ts';
import { tierToText } from './locations.ts';

const top = { path: '/', kind: 'directory' } as const;

/** The address of an entry; null where its disk is not known yet. */
async function addressOf(
	{ commands, context }: OpenLibrary,
	{ id }: EntryRow
): Promise<Result<string | null, AnyFailure>> {
	const address = await commands['addresses.of']({ entry: id }, context());
	return !address.ok && address.failure.type === 'PlaceUnknown' ? ok(null) : address;
}

function statToText({ path, diskPath, row, location }: EntryPlace, address: string | null): string {
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
		['id', String(row.id)]
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
 "location": {"id", "name", "offline"}, "address"}; for "/" only {"path", "kind"}`,
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
			const address = await addressOf(library, row);
			if (!address.ok) return address;
			const { id, name, isOffline } = location;
			const where = { location: { id, name, offline: isOffline }, address: address.value };
			const json = { path, diskPath, ...rowToJson(row), ...where };
			shell.terminal.out(values.json === true ? printJson(json) : statToText(entry, address.value));
			return ok(null);
		})
});
