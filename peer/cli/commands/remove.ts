import { defineCommand, libraryOptions } from '../command.ts';
import { findLocation } from '../find-location.ts';
import { withLibrary } from '../open-library.ts';
import { actionJson, actionOptions, runAction } from '../print-plan.ts';

export const remove = defineCommand({
	name: 'remove',
	operands: '<location>',
	operandsMin: 1,
	operandsMax: 1,
	summary: 'Forget a folder; its files are not touched',
	details: `atoll undo brings it back with its name, rules, mode, class, schedules and policies, and it is read again. What is
said of its files is kept for 30 days; what lies in its trash stays on the disk and is not known any more.`,
	json: actionJson,
	options: { ...libraryOptions, ...actionOptions },
	run: ({ values, operands, shell }) =>
		withLibrary('remove', values, shell, async (library) => {
			const found = await findLocation(library, operands[0] ?? '', shell.folder);
			if (!found.ok) return found;
			const input = { location: found.value.id };
			return runAction(library, { action: 'locations.remove', input }, values, shell);
		})
});
