import { err } from '#core/kernel';
import { isStorageClass, storageClasses } from '#core/volumes';
import { defineCommand, libraryOptions } from '../command.ts';
import { findLocation } from '../find-location.ts';
import { withLibrary } from '../open-library.ts';
import { actionJson, actionOptions, runAction } from '../print-plan.ts';

const choices = [...storageClasses, 'none'];

export const locationsClass = defineCommand({
	name: 'locations class',
	operands: `<location> ${choices.join('|')}`,
	operandsMin: 2,
	operandsMax: 2,
	summary: 'Say how soon the files of a folder should be at hand',
	details: `hot: at once; warm: quickly; cold: slowly; deep: after a wait; none: whatever its disk gives. It holds
together with the class of the disk: the colder of the two.`,
	json: actionJson,
	options: { ...libraryOptions, ...actionOptions },
	run: async ({ values, operands, shell }) => {
		const [text = '', wanted = ''] = operands;
		if (!choices.includes(wanted))
			return err({
				type: 'UsageWrong',
				command: 'locations class',
				problem: `A class is one of ${choices.join(', ')}.`
			});
		return withLibrary('locations class', values, shell, async (library) => {
			const found = await findLocation(library, text, shell.folder);
			if (!found.ok) return found;
			const logicalClass = isStorageClass(wanted) ? wanted : null;
			const input = { location: found.value.id, logicalClass };
			return runAction(library, { action: 'locations.set-class', input }, values, shell);
		});
	}
});
