import { err, ok, type Result } from '#core/kernel';
import type { AnyFailure } from '../failure.ts';
import { defineCommand, jsonOption, libraryOptions } from '../command.ts';
import { placeOf, type EntryPlace } from '../find-place.ts';
import { rowToJson } from '../list-rows.ts';
import { lookForVolumes } from '../look-for-volumes.ts';
import { withLibrary, type OpenLibrary } from '../open-library.ts';
import { printJson, printName, printNumber } from '../print.ts';

const limitDefault = 100;
/** A list of more is no longer read by a person, and a script can ask for a narrower one. */
const limitMax = 10_000;

type Found = { readonly places: readonly EntryPlace[]; readonly more: boolean };

async function find(library: OpenLibrary, words: string, limit: number): Promise<Result<Found, AnyFailure>> {
	const { commands, context } = library;
	const locations = await commands['locations.list']({}, context());
	if (!locations.ok) return locations;
	const answer = await commands['search.first']({ text: words, limit }, context());
	if (!answer.ok) return answer;
	const places: EntryPlace[] = [];
	for (const { id } of answer.value.found) {
		const place = await placeOf(library, locations.value, id);
		if (!place.ok) return place;
		if (place.value !== null) places.push(place.value);
	}
	return ok({ places, more: answer.value.count > answer.value.found.length });
}

export const findNames = defineCommand({
	name: 'find',
	operands: '<words>',
	operandsMin: 1,
	operandsMax: Infinity,
	summary: 'Find files and folders by names, tags, notes, kinds, sizes and dates',
	details: `All words must be there, in any order; case and accents do not count. Best first.
"two words", a OR b, -without, ext:pdf,docx, kind:image, size:>10MB, modified:2024-05, modified:>=7d, tag:NAME,
in:FOLDER, path:TEXT, location:NAME, device:NAME, note:TEXT, rating:>=3, is:favourite, is:offline, is:tagged.
Before an operand that begins with - comes --.`,
	json: `{"found": [{"path", "diskPath", "id", "parent", "name", "kind", "sizeBytes", "modifiedMs", "offline"}],
 "more": false}`,
	options: {
		...libraryOptions,
		limit: { type: 'string', short: 'n', hint: 'NUMBER', help: `at most so many, up to ${limitMax} (${limitDefault})` },
		...jsonOption
	},
	run: async ({ values, operands, shell }) => {
		const limit = Number(values.limit ?? limitDefault);
		if (!Number.isInteger(limit) || limit < 1 || limit > limitMax)
			return err({ type: 'UsageWrong', command: 'find', problem: `--limit is a number from 1 to ${limitMax}.` });
		return withLibrary('find', values, shell, async (library) => {
			const looked = await lookForVolumes(library);
			if (!looked.ok) return looked;
			const found = await find(library, operands.join(' '), limit);
			if (!found.ok) return found;
			const { places, more } = found.value;
			const { terminal } = shell;
			if (values.json === true) {
				const shapes = places.map(({ path, diskPath, row, location }) => ({
					path,
					diskPath,
					...rowToJson(row),
					offline: location.isOffline
				}));
				terminal.out(printJson({ found: shapes, more }));
				return ok(null);
			}
			for (const { path, row, location } of places) {
				const mark = location.isOffline ? '  (offline)' : '';
				terminal.out(`${printName(path)}${row.kind === 'directory' ? '/' : ''}${mark}\n`);
			}
			if (more) terminal.say(`More than ${printNumber(places.length, 'name', 'names')}: add words, or --limit.`);
			return ok(null);
		});
	}
});
