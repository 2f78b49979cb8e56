import { ok } from '#core/kernel';
import { defineCommand, jsonOption, libraryOptions } from '../command.ts';
import { findVolume } from '../find-volume.ts';
import { lookForVolumes } from '../look-for-volumes.ts';
import { withLibrary } from '../open-library.ts';
import { printJson } from '../print.ts';
import { speedToText, volumeName } from './volumes.ts';

export const volumesMeasure = defineCommand({
	name: 'volumes measure',
	operands: '<id or name>',
	operandsMin: 1,
	operandsMax: 1,
	summary: 'Measure how quickly a disk is read, which gives its class',
	details:
		'Reads files that are there, at most 256 MB for two seconds, past the cache where the system lets it. Writes nothing.',
	json: '{"id", "speed": {"bytesPerSecond", "isDirect"}, "class"}',
	options: { ...libraryOptions, ...jsonOption },
	run: ({ values, operands, shell }) =>
		withLibrary('volumes measure', values, shell, async (library) => {
			const looked = await lookForVolumes(library);
			if (!looked.ok) return looked;
			const found = await findVolume(library, operands[0] ?? '');
			if (!found.ok) return found;
			const { id } = found.value;
			const measured = await library.commands['volumes.measure']({ volume: id }, library.context());
			if (!measured.ok) return measured;
			const now = await findVolume(library, String(id));
			if (!now.ok) return now;
			const { speed, physicalClass } = now.value;
			shell.terminal.out(
				values.json === true
					? printJson({ id, speed, class: physicalClass })
					: `${volumeName(now.value)}: ${speedToText(now.value)}, ${physicalClass ?? 'class unknown'}\n`
			);
			return ok(null);
		})
});
