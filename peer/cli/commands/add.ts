import { defineCommand, libraryOptions } from '../command.ts';
import { folderArgument } from '../find-place.ts';
import { withLibrary } from '../open-library.ts';
import { actionJson, actionOptions, runAction } from '../print-plan.ts';
import { rootRef } from '../root-ref.ts';

export const add = defineCommand({
	name: 'add',
	operands: '<folder>',
	operandsMin: 1,
	operandsMax: 1,
	summary: 'Put a folder under management',
	details: 'Atoll reads it and changes nothing in it. Its files are known after: atoll index',
	json: actionJson,
	options: {
		...libraryOptions,
		name: { type: 'string', hint: 'NAME', help: 'what it is called (the name of the folder)' },
		...actionOptions
	},
	run: ({ values, operands, shell }) =>
		withLibrary('add', values, shell, async (library) => {
			const root = rootRef(folderArgument(operands[0] ?? '', shell.folder));
			const input = { root, name: values.name ?? null };
			return runAction(library, { action: 'locations.add', input }, values, shell);
		})
});
