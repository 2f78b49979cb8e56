import { err, ok, type EntryId, type Result } from '#core/kernel';
import type { DuplicateGroup, Duplicates } from '#core/index';
import { contentHex } from '../content-hex.ts';
import { defineCommand, jsonOption, libraryOptions } from '../command.ts';
import type { AnyFailure } from '../failure.ts';
import { findPlace } from '../find-place.ts';
import { withLibrary, type OpenLibrary } from '../open-library.ts';
import { printJson, printName, printNumber, printSize } from '../print.ts';
import type { Shell } from '../shell.ts';

const limitDefault = 50;
const limitMax = 10_000;
/** Paths of one group: who has more of one file knows what it is. */
const pathsMax = 1_000;

type Group = DuplicateGroup & { readonly paths: readonly string[] };
type Found = Omit<Duplicates, 'found'> & { readonly found: readonly Group[] };
type Asked = { readonly folder: EntryId | null; readonly offset: number; readonly limit: number };

async function withPaths(
	{ commands, context }: OpenLibrary,
	folder: EntryId | null,
	group: DuplicateGroup
): Promise<Result<Group, AnyFailure>> {
	const copies = await commands['content.copies']({ content: group.content.id, folder, limit: pathsMax }, context());
	if (!copies.ok) return copies;
	return ok({ ...group, paths: copies.value.map(({ trail, name }) => `/${[...trail, name].join('/')}`) });
}

async function find(library: OpenLibrary, asked: Asked): Promise<Result<Found, AnyFailure>> {
	const found = await library.commands['content.duplicates'](asked, library.context());
	if (!found.ok) return found;
	const groups: Group[] = [];
	for (const group of found.value.found) {
		const whole = await withPaths(library, asked.folder, group);
		if (!whole.ok) return whole;
		groups.push(whole.value);
	}
	return ok({ ...found.value, found: groups });
}

/** Reads every byte of the copies that were found; what cannot be read now stays unproven. */
async function proveAll(
	{ commands, context }: OpenLibrary,
	{ found }: Found,
	{ terminal }: Shell
): Promise<Result<null, AnyFailure>> {
	for (const [at, { content, proven }] of found.entries()) {
		if (proven) continue;
		terminal.progress(`Reading group ${at + 1} of ${found.length}`);
		const proved = await commands['content.prove']({ content: content.id }, context());
		// It may have changed since it was found, which is no reason to leave the others.
		if (!proved.ok && proved.failure.type !== 'ContentMissing') return proved;
	}
	terminal.progress(null);
	return ok(null);
}

function groupToText({ content, files, wasteBytes, proven, paths }: Group): string {
	const each = `${printNumber(files, 'file', 'files')} of ${printSize(content.sizeBytes)}`;
	const how = proven ? 'the same in every byte' : 'the same by a quick look';
	return `${printSize(wasteBytes)} to save: ${each}, ${content.type.words}, ${how}
${paths.map((path) => `  ${printName(path)}\n`).join('')}`;
}

function toText({ groups, wasteBytes, found }: Found, offset: number): string {
	if (groups === 0) return 'No duplicates.\n';
	const all = `${printNumber(groups, 'group', 'groups')} of duplicates, ${printSize(wasteBytes)} to save\n`;
	const shown = offset > 0 || found.length < groups ? `Shown: ${offset + 1} to ${offset + found.length}\n` : '';
	return all + shown + found.map(groupToText).join('');
}

function groupToJson({ content, files, entries, wasteBytes, proven, paths }: Group) {
	const { identity, sizeBytes, type, proof } = content;
	const ids = { content: contentHex(identity), proof: proof === null ? null : contentHex(proof) };
	return { ...ids, type: type.id, kind: type.kind, sizeBytes, files, entries, wasteBytes, proven, paths };
}

function wholeNumber(text: string | undefined, standard: number, least: number, most: number): number | null {
	const number = Number(text ?? standard);
	return Number.isInteger(number) && number >= least && number <= most ? number : null;
}

async function run(
	library: OpenLibrary,
	asked: Asked,
	values: { readonly json?: boolean; readonly prove?: boolean },
	shell: Shell
): Promise<Result<null, AnyFailure>> {
	let found = await find(library, asked);
	if (found.ok && values.prove === true) {
		const proved = await proveAll(library, found.value, shell);
		if (!proved.ok) return proved;
		found = await find(library, asked);
	}
	if (!found.ok) return found;
	const { groups, wasteBytes, unknown, found: shown } = found.value;
	const { terminal } = shell;
	if (values.json === true) terminal.out(printJson({ groups, wasteBytes, unknown, found: shown.map(groupToJson) }));
	else {
		terminal.out(toText(found.value, asked.offset));
		if (unknown > 0) terminal.say(`${printNumber(unknown, 'file was', 'files were')} not read yet: atoll index`);
	}
	return ok(null);
}

export const dupes = defineCommand({
	name: 'dupes',
	operands: '[path]',
	operandsMin: 0,
	operandsMax: 1,
	summary: 'Files that are there more than once, by their content',
	details: `Among the files below the path, or all of them; what can be saved most comes first. Hard links of one
file count once, as they take its room once; empty files do not count. A quick look reads up to 100 KiB
of a file; --prove reads every byte of the copies that are shown, and parts those that differ.`,
	json: `{"groups", "wasteBytes", "unknown": files not read yet, "found": [{"content", "proof": null or hex,
 "type", "kind", "sizeBytes", "files", "entries", "wasteBytes", "proven", "paths": [path]}]}`,
	options: {
		...libraryOptions,
		prove: { type: 'boolean', help: 'read every byte of them first' },
		limit: { type: 'string', short: 'n', hint: 'NUMBER', help: `at most so many groups (${limitDefault})` },
		offset: { type: 'string', hint: 'NUMBER', help: 'leave out so many at the start (0)' },
		...jsonOption
	},
	run: async ({ values, operands, shell }) => {
		const limit = wholeNumber(values.limit, limitDefault, 1, limitMax);
		const offset = wholeNumber(values.offset, 0, 0, Number.MAX_SAFE_INTEGER);
		if (limit === null || offset === null)
			return err({ type: 'UsageWrong', command: 'dupes', problem: '--limit and --offset are whole numbers.' });
		return withLibrary('dupes', values, shell, async (library) => {
			const place = await findPlace(library, operands[0] ?? '/', shell.folder);
			if (!place.ok) return place;
			return run(library, { folder: place.value.entry?.row.id ?? null, offset, limit }, values, shell);
		});
	}
});
