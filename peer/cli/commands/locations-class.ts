import { err, ok } from '#core/kernel';
import { isStorageClass, storageClasses } from '#core/volumes';
import { defineCommand, libraryOptions } from '../command.ts';
import { findLocation } from '../find-location.ts';
import { withLibrary } from '../open-library.ts';
import { printName } from '../print.ts';
import { tierToText } from './locations.ts';

const choices = [...storageClasses, 'none'];

export const locationsClass = defineCommand({
	name: 'locations class',
	operands: `<location> ${choices.join('|')}`,
	operandsMin: 2,
	operandsMax: 2,
	summary: 'Say how soon the files of a folder should be at hand',
	details: `hot: at once; warm: quickly; cold: slowly; deep: after a wait; none: whatever its disk gives. It holds
together with the class of the disk: the colder of the two.`,
	options: libraryOptions,
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
			const set = await library.commands['locations.set-class'](
				{ location: found.value.id, logicalClass },
				library.context()
			);
			if (!set.ok) return set;
			const now = await findLocation(library, text, shell.folder);
			if (!now.ok) return now;
			shell.terminal.out(`/${printName(now.value.name)}: ${tierToText(now.value.tier)}\n`);
			return ok(null);
		});
	}
});
