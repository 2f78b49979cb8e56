import { defineCommand, libraryOptions } from '../command.ts';
import { findNewPlace } from '../find-entries.ts';
import { lookForVolumes } from '../look-for-volumes.ts';
import { withLibrary } from '../open-library.ts';
import { actionJson, actionOptions, runAction } from '../print-plan.ts';

export const touch = defineCommand({
	name: 'touch',
	operands: '<path>',
	operandsMin: 1,
	operandsMax: 1,
	summary: 'Make a text file in a folder that is there, empty or with a text',
	json: actionJson,
	options: {
		...libraryOptions,
		text: { type: 'string', short: 't', hint: 'TEXT', help: 'what it holds' },
		...actionOptions
	},
	run: ({ values: { text = '', ...values }, operands, shell }) =>
		withLibrary('touch', values, shell, async (library) => {
			const looked = await lookForVolumes(library);
			if (!looked.ok) return looked;
			const place = await findNewPlace(library, 'touch', operands[0] ?? '', shell.folder);
			if (!place.ok) return place;
			return runAction(library, { action: 'files.make-text', input: { ...place.value, text } }, values, shell);
		})
});
