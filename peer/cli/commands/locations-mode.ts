import { err } from '#core/kernel';
import { indexModes, isIndexMode, type IndexMode } from '#core/volumes';
import { defineCommand, libraryOptions } from '../command.ts';
import { findLocation } from '../find-location.ts';
import { withLibrary } from '../open-library.ts';
import { actionJson, actionOptions, runAction } from '../print-plan.ts';

const meanings: Readonly<Record<IndexMode, string>> = {
	shallow: 'names, sizes and times',
	content: 'also what each file is, by its bytes, and where else it is',
	deep: 'also what could be made of each file is queued (atoll queue)'
};

export const locationsMode = defineCommand({
	name: 'locations mode',
	operands: `<location> ${indexModes.join('|')}`,
	operandsMin: 2,
	operandsMax: 2,
	summary: 'Say how far the files of a folder are looked at',
	details: `${indexModes.map((mode) => `${mode}: ${meanings[mode]}`).join(';\n')}.
A folder begins with content. What is known stays when it is made shallow; what changes then is not looked at again.
When it is made content or deep, what is not known yet waits as a job: atoll index does it at once.`,
	json: actionJson,
	options: { ...libraryOptions, ...actionOptions },
	run: async ({ values, operands, shell }) => {
		const [text = '', mode = ''] = operands;
		if (!isIndexMode(mode))
			return err({
				type: 'UsageWrong',
				command: 'locations mode',
				problem: `A mode is one of ${indexModes.join(', ')}.`
			});
		return withLibrary('locations mode', values, shell, async (library) => {
			const found = await findLocation(library, text, shell.folder);
			if (!found.ok) return found;
			const input = { location: found.value.id, mode };
			return runAction(library, { action: 'locations.set-mode', input }, values, shell);
		});
	}
});
