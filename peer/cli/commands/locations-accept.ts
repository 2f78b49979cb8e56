import { ok } from '#core/kernel';
import { defineCommand, libraryOptions } from '../command.ts';
import { findLocation } from '../find-location.ts';
import { withLibrary } from '../open-library.ts';
import { printName } from '../print.ts';

export const locationsAccept = defineCommand({
	name: 'locations accept',
	operands: '<location>',
	operandsMin: 1,
	operandsMax: 1,
	summary: 'Take the disk that a folder lies on now for its own',
	details: `For a disk that was replaced or formatted anew. Until then a folder whose path leads to another disk is
offline, and nothing of it is forgotten.`,
	options: libraryOptions,
	run: ({ values, operands, shell }) =>
		withLibrary('locations accept', values, shell, async (library) => {
			const found = await findLocation(library, operands[0] ?? '', shell.folder);
			if (!found.ok) return found;
			const { id, name, root } = found.value;
			const accepted = await library.commands['locations.accept-volume']({ location: id }, library.context());
			if (!accepted.ok) return accepted;
			shell.terminal.out(`/${printName(name)} is at ${printName(root)} from now on. Index it: atoll index\n`);
			return ok(null);
		})
});
