import { defineCommand, libraryOptions, type Command } from '../command.ts';
import { actionJson, actionOptions, doAction, itemsText } from '../do-action.ts';
import { findEntries, findTag, tagPath } from '../find-tag.ts';
import { withLibrary } from '../open-library.ts';
import { printName } from '../print.ts';

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
				const { tag, tags } = found.value;
				const what = `“${printName(tagPath(tag, tags))}”`;
				const acting = {
					action: `metadata.${name}-files`,
					input: { tag: tag.id, files: { entries: entries.value } },
					does: (items: number) => `${name} ${itemsText(items)} ${name === 'tag' ? 'with' : 'from'} ${what}`
				};
				return doAction(library, acting, values, shell);
			})
	});
}

export const tag = defineTagging('tag');
export const untag = defineTagging('untag');
