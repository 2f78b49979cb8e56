import { ok } from '#core/kernel';
import { defineCommand, libraryOptions } from '../command.ts';
import { findVolume } from '../find-volume.ts';
import { withLibrary } from '../open-library.ts';
import { printName } from '../print.ts';
import { volumeName } from './volumes.ts';

export const volumesRename = defineCommand({
	name: 'volumes rename',
	operands: '<id or name> <new name>',
	operandsMin: 2,
	operandsMax: 2,
	summary: 'Call a disk something in the library; "" takes the name away',
	options: libraryOptions,
	run: ({ values, operands, shell }) =>
		withLibrary('volumes rename', values, shell, async (library) => {
			const [text = '', name = ''] = operands;
			const found = await findVolume(library, text);
			if (!found.ok) return found;
			const renamed = await library.commands['volumes.rename']({ volume: found.value.id, name }, library.context());
			if (!renamed.ok) return renamed;
			const calls = name.trim() === '' ? 'has no name of yours now' : `is called ${printName(name.trim())} now`;
			shell.terminal.out(`${volumeName(found.value)} ${calls}\n`);
			return ok(null);
		})
});
