import { ok } from '#core/kernel';
import { defineCommand, libraryOptions } from '../command.ts';
import { findEntries } from '../find-tag.ts';
import { withLibrary } from '../open-library.ts';
import { actionJson, actionOptions, runAction } from '../print-plan.ts';
import { printJson, printName } from '../print.ts';

export const fav = defineCommand({
	name: 'fav',
	operands: '<path>…',
	operandsMin: 1,
	operandsMax: Infinity,
	summary: 'Make files and folders favourites; --off takes that back',
	json: actionJson,
	options: {
		...libraryOptions,
		off: { type: 'boolean', help: 'they are favourites no more' },
		...actionOptions
	},
	run: ({ values, operands, shell }) =>
		withLibrary('fav', values, shell, async (library) => {
			const entries = await findEntries(library, operands, { command: 'fav', folder: shell.folder });
			if (!entries.ok) return entries;
			const input = { files: { entries: entries.value }, value: values.off === true ? 0 : 1 };
			return runAction(library, { action: 'metadata.set-favourite', input }, values, shell);
		})
});

export const note = defineCommand({
	name: 'note',
	operands: '<path> [text]',
	operandsMin: 1,
	operandsMax: 2,
	summary: 'Print the note on a file, or write it; "" takes it away',
	json: `without a text {"note"}, else ${actionJson}`,
	options: { ...libraryOptions, ...actionOptions },
	run: ({ values, operands, shell }) =>
		withLibrary('note', values, shell, async (library) => {
			const [path = '', text] = operands;
			const entries = await findEntries(library, [path], { command: 'note', folder: shell.folder });
			if (!entries.ok) return entries;
			if (text === undefined) {
				const said = await library.commands['metadata.of']({ entries: entries.value }, library.context());
				if (!said.ok) return said;
				const written = said.value[0]?.note ?? '';
				if (values.json === true) shell.terminal.out(printJson({ note: written }));
				else if (written !== '') shell.terminal.out(`${written.split('\n').map(printName).join('\n')}\n`);
				return ok(null);
			}
			const input = { files: { entries: entries.value }, value: text };
			return runAction(library, { action: 'metadata.set-note', input }, values, shell);
		})
});
