import { defineCommand, libraryOptions } from '../command.ts';
import { findLocation } from '../find-location.ts';
import { withLibrary } from '../open-library.ts';
import { actionJson, actionOptions, runAction } from '../print-plan.ts';

export const locationsRename = defineCommand({
	name: 'locations rename',
	operands: '<location> <new name>',
	operandsMin: 2,
	operandsMax: 2,
	summary: 'Call a folder something else in the library; on the disk it keeps its name',
	json: actionJson,
	options: { ...libraryOptions, ...actionOptions },
	run: ({ values, operands, shell }) =>
		withLibrary('locations rename', values, shell, async (library) => {
			const [text = '', name = ''] = operands;
			const found = await findLocation(library, text, shell.folder);
			if (!found.ok) return found;
			const input = { location: found.value.id, name };
			return runAction(library, { action: 'locations.rename', input }, values, shell);
		})
});
