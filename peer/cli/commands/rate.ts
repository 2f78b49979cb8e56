import { err } from '#core/kernel';
import { defineCommand, libraryOptions } from '../command.ts';
import { findEntries } from '../find-tag.ts';
import { withLibrary } from '../open-library.ts';
import { actionJson, actionOptions, runAction } from '../print-plan.ts';

export const rate = defineCommand({
	name: 'rate',
	operands: '<0-5> <path>…',
	operandsMin: 2,
	operandsMax: Infinity,
	summary: 'Give files and folders one to five stars; 0 takes them away',
	json: actionJson,
	options: { ...libraryOptions, ...actionOptions },
	run: ({ values, operands, shell }) =>
		withLibrary('rate', values, shell, async (library) => {
			const [stars = '', ...paths] = operands;
			if (!/^[0-5]$/.test(stars))
				return err({ type: 'UsageWrong', command: 'rate', problem: 'A rating is a number from 0 to 5.' });
			const entries = await findEntries(library, paths, { command: 'rate', folder: shell.folder });
			if (!entries.ok) return entries;
			const input = { files: { entries: entries.value }, value: Number(stars) };
			return runAction(library, { action: 'metadata.set-rating', input }, values, shell);
		})
});

export const colour = defineCommand({
	name: 'colour',
	operands: '<colour> <path>…',
	operandsMin: 2,
	operandsMax: Infinity,
	summary: 'Mark files and folders with a colour; none takes it away',
	details: 'The colours: grey, red, orange, yellow, green, teal, blue, purple and pink.',
	json: actionJson,
	options: { ...libraryOptions, ...actionOptions },
	run: ({ values, operands, shell }) =>
		withLibrary('colour', values, shell, async (library) => {
			const [name = '', ...paths] = operands;
			const entries = await findEntries(library, paths, { command: 'colour', folder: shell.folder });
			if (!entries.ok) return entries;
			const input = { files: { entries: entries.value }, value: name === 'none' ? '' : name };
			return runAction(library, { action: 'metadata.set-colour', input }, values, shell);
		})
});
