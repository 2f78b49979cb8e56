import { defineCommand, libraryOptions, type Command } from '../command.ts';
import { findEntries, findTag } from '../find-tag.ts';
import { withLibrary } from '../open-library.ts';
import { actionJson, actionOptions, runAction } from '../print-plan.ts';

function defineTagging(name: 'tag' | 'untag'): Command {
	return defineCommand({
		name,
		operands: '<tag> <path>…',
		operandsMin: 2,
		operandsMax: Infinity,
		summary: name === 'tag' ? 'Put a tag on files and folders' : 'Take a tag off files and folders',
		details: 'The tag is named as atoll tags prints it. It hangs on the bytes of a file: all of its copies show it.',
		json: actionJson,
		options: { ...libraryOptions, ...actionOptions },
		run: ({ values, operands, shell }) =>
			withLibrary(name, values, shell, async (library) => {
				const [text = '', ...paths] = operands;
				const found = await findTag(library, text);
				if (!found.ok) return found;
				const entries = await findEntries(library, paths, { command: name, folder: shell.folder });
				if (!entries.ok) return entries;
				const action = name === 'tag' ? 'metadata.tag-files' : 'metadata.untag-files';
				const input = { tag: found.value.tag.id, files: { entries: entries.value } };
				return runAction(library, { action, input }, values, shell);
			})
	});
}

export const tag = defineTagging('tag');
export const untag = defineTagging('untag');
