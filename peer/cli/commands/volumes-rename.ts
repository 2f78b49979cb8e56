import { defineCommand, libraryOptions } from '../command.ts';
import { findVolume } from '../find-volume.ts';
import { withLibrary } from '../open-library.ts';
import { actionJson, actionOptions, runAction } from '../print-plan.ts';

export const volumesRename = defineCommand({
	name: 'volumes rename',
	operands: '<id or name> <new name>',
	operandsMin: 2,
	operandsMax: 2,
	summary: 'Call a disk something in the library; "" takes the name away',
	json: actionJson,
	options: { ...libraryOptions, ...actionOptions },
	run: ({ values, operands, shell }) =>
		withLibrary('volumes rename', values, shell, async (library) => {
			const [text = '', name = ''] = operands;
			const found = await findVolume(library, text);
			if (!found.ok) return found;
			const input = { volume: found.value.id, name };
			return runAction(library, { action: 'volumes.rename', input }, values, shell);
		})
});
