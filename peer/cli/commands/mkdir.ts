import { defineCommand, libraryOptions } from '../command.ts';
import { findNewPlace } from '../find-entries.ts';
import { lookForVolumes } from '../look-for-volumes.ts';
import { withLibrary } from '../open-library.ts';
import { actionJson, actionOptions, runAction } from '../print-plan.ts';

export const mkdir = defineCommand({
	name: 'mkdir',
	operands: '<path>',
	operandsMin: 1,
	operandsMax: 1,
	summary: 'Make a folder in a folder that is there',
	json: actionJson,
	options: { ...libraryOptions, ...actionOptions },
	run: ({ values, operands, shell }) =>
		withLibrary('mkdir', values, shell, async (library) => {
			const looked = await lookForVolumes(library);
			if (!looked.ok) return looked;
			const place = await findNewPlace(library, 'mkdir', operands[0] ?? '', shell.folder);
			if (!place.ok) return place;
			return runAction(library, { action: 'files.make-folder', input: place.value }, values, shell);
		})
});
