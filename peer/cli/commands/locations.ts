import { ok } from '#core/kernel';
import type { Location } from '#core/volumes';
import { defineCommand, jsonOption, libraryOptions } from '../command.ts';
import { withLibrary } from '../open-library.ts';
import { printJson, printMinute, printName, printTable } from '../print.ts';
import { failureToWords } from '../words.ts';

/** The stable shape of a location. */
export function locationToJson({ id, name, root, addedMs, indexedMs, unfinished, problem }: Location) {
	return { id, name, diskPath: root, addedMs, indexedMs, unfinished, problem };
}

function stateOf({ problem, unfinished, indexedMs }: Location): string {
	if (problem !== null) return failureToWords(problem).what;
	if (unfinished) return 'unfinished';
	return indexedMs === null ? 'not indexed' : `indexed ${printMinute(indexedMs)}`;
}

export const locations = defineCommand({
	name: 'locations',
	operands: '',
	operandsMin: 0,
	operandsMax: 0,
	summary: 'List the folders under management',
	json: '{"locations": [{"id", "name", "diskPath", "addedMs", "indexedMs", "unfinished", "problem"}]}',
	options: { ...libraryOptions, ...jsonOption },
	run: ({ values, shell }) =>
		withLibrary('locations', values, shell, async ({ commands, context }) => {
			const listed = await commands['locations.list']({}, context());
			if (!listed.ok) return listed;
			if (values.json === true) shell.terminal.out(printJson({ locations: listed.value.map(locationToJson) }));
			else if (listed.value.length === 0) shell.terminal.say('No folders yet. Add one: atoll add <folder>');
			else {
				const rows = listed.value.map((location) => [
					`/${printName(location.name)}`,
					printName(location.root),
					stateOf(location)
				]);
				shell.terminal.out(printTable(rows));
			}
			return ok(null);
		})
});
