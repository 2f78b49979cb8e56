import { defineCommand, libraryOptions } from '../command.ts';
import { findEntries } from '../find-entries.ts';
import { lookForVolumes } from '../look-for-volumes.ts';
import { withLibrary } from '../open-library.ts';
import { actionJson, actionOptions, runAction } from '../print-plan.ts';

export const rm = defineCommand({
	name: 'rm',
	operands: '<path>…',
	operandsMin: 1,
	operandsMax: Number.MAX_SAFE_INTEGER,
	summary: 'Put files and folders into the trash',
	details: `They stay on their disk, in a folder .atoll-trash: atoll trash lists them, atoll restore takes them back, and
atoll trash empty deletes them for good.`,
	json: actionJson,
	options: { ...libraryOptions, ...actionOptions },
	run: ({ values, operands, shell }) =>
		withLibrary('rm', values, shell, async (library) => {
			const looked = await lookForVolumes(library);
			if (!looked.ok) return looked;
			const entries = await findEntries(library, 'rm', operands, shell.folder);
			if (!entries.ok) return entries;
			return runAction(library, { action: 'files.trash', input: { entries: entries.value } }, values, shell);
		})
});
