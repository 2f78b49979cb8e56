import { waitingMax, type HeldDeletions, type WaitingChanges } from '#core';
import { ok, type DeviceId } from '#core/kernel';
import type { Progress } from '#core/sync';
import { defineCommand, jsonOption, libraryOptions } from '../command.ts';
import { withLibrary } from '../open-library.ts';
import { printCount, printJson, printMinute, printName, printNumber, printTable } from '../print.ts';
import { syncNow } from '../sync-now.ts';
import { printFailure } from '../words.ts';
import { findNamed } from './devices.ts';

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

function printHeld({ deleted, of, isDeclined }: HeldDeletions): string {
	const much = `${deleted} of ${printNumber(of, 'file', 'files')} gone there`;
	return isDeclined ? `${much}, kept here` : `${much}, waiting: atoll sync accept`;
}

function printFetched({ done, total }: Progress): string {
	return `fetched ${printCount(done)} of ${printNumber(total, 'entry', 'entries')}`;
}

export const syncAccept = defineCommand({
	name: 'sync accept',
	operands: '<device>',
	operandsMin: 1,
	operandsMax: 1,
	summary: 'Let what another device has deleted, and is held here, go',
	details: `More than 100 things that go at once, or more than a tenth, wait until somebody says so here. With --refuse
files stay in the index as they were, and tags, notes and collections are put back, on all devices.`,
	options: { ...libraryOptions, refuse: { type: 'boolean', help: 'keep it instead' } },
	run: ({ values, operands, shell }) =>
		withLibrary('sync accept', values, shell, async (library) => {
			const found = await findNamed(library, operands[0] ?? '');
			if (!found.ok) return found;
			const [{ id: device }, accepts] = [found.value, values.refuse !== true];
			const answered = await library.commands['sync.accept-deletions']({ device, accepts }, library.context());
			if (!answered.ok) return answered;
			// What people say waits on the other device.
			const synced = await library.commands['sync.run']({ only: device }, library.context());
			if (!synced.ok) return synced;
			const [met] = synced.value;
			if (met !== undefined && met.failure !== null) shell.terminal.say(printFailure(met.failure));
			shell.terminal.out(accepts ? 'What was held goes.\n' : 'What was held stays.\n');
			return ok(null);
		})
});

const counted = (count: number, one: string, many: string): string =>
	`${count < waitingMax ? '' : 'more than '}${printNumber(Math.min(count, waitingMax), one, many)}`;

function printWaiting({ said, files }: WaitingChanges): string[] {
	const parts = [
		...(said === 0 ? [] : [counted(said, 'thing said of files', 'things said of files')]),
		...(files === null || files === 0 ? [] : [counted(files, 'file', 'files')])
	];
	return parts.length === 0 ? [] : [`to be told: ${parts.join(', ')}`];
}

export const syncStatus = defineCommand({
	name: 'sync status',
	operands: '',
	operandsMin: 0,
	operandsMax: 0,
	summary: 'Say when this device was in step with each other one',
	json: `[{"device", "name", "levelMs": null or a time, "seenMs": null or a time, "progress": null or {"done", "total"}, "held": [{"domain", "deleted", "of", "isDeclined"}],
"waiting": null or {"said", "files": null or a number}}]`,
	options: { ...libraryOptions, ...jsonOption },
	run: ({ values, shell }) =>
		withLibrary('sync status', values, shell, async ({ commands, context }) => {
			const listed = await commands['devices.list']({}, context());
			if (!listed.ok) return listed;
			const status = await commands['sync.status']({}, context());
			if (!status.ok) return status;
			const statusOf = (device: DeviceId) => status.value.find((peer) => peer.device === device);
			const others = listed.value.filter(({ isThis, revokedMs }) => !isThis && revokedMs === null);
			const rows = others.map(({ id: device, name, levelMs, seenMs }) => ({
				device,
				name,
				levelMs,
				seenMs,
				progress: statusOf(device)?.progress ?? null,
				held: statusOf(device)?.held ?? [],
				waiting: statusOf(device)?.waiting ?? null
			}));
			const lines = rows.map(({ name, levelMs, seenMs, progress, held, waiting }) => [
				printName(name),
				levelMs === null ? 'never in step' : `in step ${printMinute(levelMs)}`,
				seenMs === null ? 'never met' : `met ${printMinute(seenMs)}`,
				[
					...(progress === null ? [] : [printFetched(progress)]),
					...(waiting === null || seenMs === null ? [] : printWaiting(waiting)),
					...held.map(printHeld)
				].join('; ')
			]);
			const text = lines.length === 0 ? 'There is no other device: atoll pair.\n' : printTable(lines);
			shell.terminal.out(values.json === true ? printJson(rows) : text);
			return ok(null);
		})
});
