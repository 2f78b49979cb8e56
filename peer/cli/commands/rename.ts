import { defineCommand, libraryOptions } from '../command.ts';
import { findEntry } from '../find-entries.ts';
import { lookForVolumes } from '../look-for-volumes.ts';
import { withLibrary } from '../open-library.ts';
import { parsePrinted } from '../print.ts';
import { actionJson, actionOptions, runAction } from '../print-plan.ts';

export const rename = defineCommand({
	name: 'rename',
	operands: '<path> <name>',
	operandsMin: 2,
	operandsMax: 2,
	summary: 'Give a file or folder another name where it is',
	details: 'What ls prints for an odd name can be given as the new one as well.',
	json: actionJson,
	options: { ...libraryOptions, ...actionOptions },
	run: ({ values, operands, shell }) =>
		withLibrary('rename', values, shell, async (library) => {
			const looked = await lookForVolumes(library);
			if (!looked.ok) return looked;
			const [text = '', typed = ''] = operands;
			const found = await findEntry(library, 'rename', text, shell.folder);
			if (!found.ok) return found;
			const input = { renames: [{ entry: found.value.row.id, name: parsePrinted(typed) ?? typed }] };
			return runAction(library, { action: 'files.rename', input }, values, shell);
		})
});
