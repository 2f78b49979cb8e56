import { ok } from '#core/kernel';
import { defineCommand, jsonOption, libraryOptions } from '../command.ts';
import { withLibrary } from '../open-library.ts';
import { printJson, printMinute, printName, printTable } from '../print.ts';
import { syncNow } from '../sync-now.ts';

export const sync = defineCommand({
	name: 'sync',
	operands: '',
	operandsMin: 0,
	operandsMax: 0,
	summary: 'Meet the other devices until nothing is behind on either side',
	details: `Dials each device where it was reached last. A device that is to be dialled runs atoll start or atoll
serve with --peer-port; these also keep their links by themselves.`,
	options: libraryOptions,
	run: ({ values, shell }) => withLibrary('sync', values, shell, (library) => syncNow(library, shell))
});

export const syncStatus = defineCommand({
	name: 'sync status',
	operands: '',
	operandsMin: 0,
	operandsMax: 0,
	summary: 'Say when this device was in step with each other one',
	json: '[{"device", "name", "levelMs": null or a time, "seenMs": null or a time}]',
	options: { ...libraryOptions, ...jsonOption },
	run: ({ values, shell }) =>
		withLibrary('sync status', values, shell, async ({ commands, context }) => {
			const listed = await commands['devices.list']({}, context());
			if (!listed.ok) return listed;
			const others = listed.value.filter(({ isThis, revokedMs }) => !isThis && revokedMs === null);
			const rows = others.map(({ id: device, name, levelMs, seenMs }) => ({ device, name, levelMs, seenMs }));
			const lines = rows.map(({ name, levelMs, seenMs }) => [
				printName(name),
				levelMs === null ? 'never in step' : `in step ${printMinute(levelMs)}`,
				seenMs === null ? 'never met' : `met ${printMinute(seenMs)}`
			]);
			const text = lines.length === 0 ? 'There is no other device: atoll pair.\n' : printTable(lines);
			shell.terminal.out(values.json === true ? printJson(rows) : text);
			return ok(null);
		})
});
