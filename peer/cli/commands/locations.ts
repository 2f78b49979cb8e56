import { ok } from '#core/kernel';
import type { Location, Tier } from '#core/volumes';
import { defineCommand, jsonOption, libraryOptions } from '../command.ts';
import { isHere } from '../find-location.ts';
import { lookForVolumes } from '../look-for-volumes.ts';
import { movedToText, sayArrived } from '../moved-disks.ts';
import { withLibrary } from '../open-library.ts';
import { printJson, printMinute, printName, printTable } from '../print.ts';
import { failureToWords } from '../words.ts';

/** The stable shape of a location. */
export function locationToJson({ id, name, root, addedMs, indexedMs, unfinished, problem, ...more }: Location) {
	const { place, tier, mode, isOffline, hasMoved: moved } = more;
	const { physical, logical, effective } = tier;
	return {
		id,
		name,
		diskPath: root,
		addedMs,
		indexedMs,
		unfinished,
		problem,
		offline: isOffline,
		moved,
		volume: place?.volume ?? null,
		pathInVolume: place === null ? null : `/${place.path.join('/')}`,
		class: { physical, logical, effective },
		mode
	};
}

/** The class of a location in words: what holds, and that the disk cannot give what is wanted. */
export function tierToText({ effective, physical, logical, isSlowerThanWanted }: Tier): string {
	if (isSlowerThanWanted) return `${physical}: its disk is slower than ${logical}, as wanted`;
	if (physical === null && logical !== null) return `${logical} wanted`;
	return effective ?? '-';
}

function stateOf({ problem, unfinished, indexedMs, isOffline, hasMoved }: Location): string {
	const moved = movedToText({ problem, hasMoved });
	if (moved !== null) return moved;
	if (problem !== null) return `${isOffline ? 'offline: ' : ''}${failureToWords(problem).what}`;
	if (unfinished) return 'unfinished';
	return indexedMs === null ? 'not indexed' : `indexed ${printMinute(indexedMs)}`;
}

export const locations = defineCommand({
	name: 'locations',
	operands: '',
	operandsMin: 0,
	operandsMax: 0,
	summary: 'List the folders under management',
	details:
		'Classes, from the soonest at hand: hot, warm, cold, deep. A location has the colder one of its disk and your wish.\nModes: atoll locations mode --help.\nA removable disk may go from one device to another: its folders go on where they are added ("moved"), and come back by\nthemselves to where they were.',
	json: `{"locations": [{"id", "name", "diskPath", "addedMs", "indexedMs", "unfinished", "problem", "offline",
 "moved", "volume", "pathInVolume", "class": {"physical", "logical", "effective"},
 "mode": "shallow" | "content" | "deep"}]}`,
	options: { ...libraryOptions, ...jsonOption },
	run: ({ values, shell }) =>
		withLibrary('locations', values, shell, async (library) => {
			const { commands, context } = library;
			const looked = await lookForVolumes(library);
			if (!looked.ok) return looked;
			const listed = await commands['locations.list']({}, context());
			if (!listed.ok) return listed;
			if (values.json === true) shell.terminal.out(printJson({ locations: listed.value.map(locationToJson) }));
			else if (listed.value.length === 0) shell.terminal.say('No folders yet. Add one: atoll add <folder>');
			else {
				const rows = listed.value.map((location) => [
					`/${printName(location.name)}`,
					isHere(location) ? printName(location.root) : '',
					tierToText(location.tier),
					location.mode,
					stateOf(location)
				]);
				shell.terminal.out(printTable(rows));
			}
			return values.json === true ? ok(null) : sayArrived(library, shell.terminal);
		})
});
