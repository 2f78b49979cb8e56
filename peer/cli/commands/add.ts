import { ok } from '#core/kernel';
import { defineCommand, jsonOption, libraryOptions } from '../command.ts';
import { folderArgument } from '../find-place.ts';
import { withLibrary } from '../open-library.ts';
import { printJson, printName } from '../print.ts';
import { rootRef } from '../root-ref.ts';
import { locationToJson } from './locations.ts';

export const add = defineCommand({
	name: 'add',
	operands: '<folder>',
	operandsMin: 1,
	operandsMax: 1,
	summary: 'Put a folder under management',
	details: 'Atoll reads it and changes nothing in it. Its files are known after: atoll index',
	json: 'a location, as atoll locations prints it',
	options: {
		...libraryOptions,
		name: { type: 'string', short: 'n', hint: 'NAME', help: 'what it is called (the name of the folder)' },
		...jsonOption
	},
	run: ({ values, operands, shell }) =>
		withLibrary('add', values, shell, async ({ commands, context }) => {
			const root = rootRef(folderArgument(operands[0] ?? '', shell.folder));
			const added = await commands['locations.add']({ root, name: values.name ?? null }, context());
			if (!added.ok) return added;
			const { name } = added.value;
			if (values.json === true) shell.terminal.out(printJson(locationToJson(added.value)));
			else shell.terminal.out(`Added /${printName(name)} (${printName(root)}). Index it: atoll index\n`);
			return ok(null);
		})
});
