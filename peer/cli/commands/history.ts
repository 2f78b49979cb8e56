import type { AnyAction } from '#core';
import { ok, type DeviceId } from '#core/kernel';
import type { Lost } from '#core/sayings';
import { printAction } from '../action-words.ts';
import { defineCommand, jsonOption, libraryOptions } from '../command.ts';
import { withLibrary } from '../open-library.ts';
import { printJson, printMinute, printName, printNumber, printTable } from '../print.ts';

function noteOf({ state, done, failed, operations, undoneBy, isUndoable, job }: AnyAction): string {
	if (state === 'running') return job === null ? 'goes on' : `job ${job.id} is ${job.state}`;
	const isStopped = state === 'halted' && done + failed < operations;
	if (isStopped && undoneBy === null) return `stopped after ${done} of ${printNumber(operations, 'step', 'steps')}`;
	if (failed > 0) return `${failed} of ${printNumber(operations, 'step', 'steps')} failed`;
	if (undoneBy !== null) return `undone by ${undoneBy}`;
	return isUndoable ? '' : 'cannot be undone';
}

export const history = defineCommand({
	name: 'history',
	operands: '',
	operandsMin: 0,
	operandsMax: 0,
	summary: 'List what was done, the latest first',
	details: 'The latest hundred changes can be undone: see atoll undo.',
	json: `{"actions": [{"id", "action", "isUndoing", "first": null or {"kind", …}, "state": "running" | "done" | "halted", "atMs",
 "endedMs", "items", "sizeBytes", "undoes", "undoneBy", "isUndoable", "failed", "operations", "done", "job"}]}`,
	options: { ...libraryOptions, ...jsonOption },
	run: ({ values, shell }) =>
		withLibrary('history', values, shell, async ({ commands, context }) => {
			const listed = await commands['actions.history']({ before: null }, context());
			if (!listed.ok) return listed;
			if (values.json === true) shell.terminal.out(printJson({ actions: listed.value }));
			else if (listed.value.length === 0) shell.terminal.say('Nothing was done yet.');
			else {
				const row = (action: AnyAction) => [
					String(action.id),
					printMinute(action.atMs),
					action.state,
					printAction(action),
					noteOf(action)
				];
				shell.terminal.out(printTable(listed.value.map(row), { right: [0] }));
			}
			return ok(null);
		})
});

function thingOf({ on, field }: Lost): string {
	const name = on.is === 'file' ? (on.file?.name ?? null) : on.name;
	return `${field} of ${name === null ? 'something that is gone' : printName(name)}`;
}

export const historyOverwritten = defineCommand({
	name: 'history overwritten',
	operands: '',
	operandsMin: 0,
	operandsMax: 0,
	summary: 'List values that another device has set in the place of others',
	details: `The value that was set last counts, on all devices. The one before it can be set again like any other.`,
	json: `{"overwritten": [{"id", "on": {"is": "tag" | "collection" | "file", …}, "field", "lost", "kept", "now",
"by", "atMs", "lostBy", "lostMs"}]}`,
	options: { ...libraryOptions, ...jsonOption },
	run: ({ values, shell }) =>
		withLibrary('history overwritten', values, shell, async ({ commands, context }) => {
			const listed = await commands['metadata.overwritten']({}, context());
			if (!listed.ok) return listed;
			const devices = await commands['devices.list']({}, context());
			if (!devices.ok) return devices;
			const nameOf = (id: DeviceId | null) => printName(devices.value.find((one) => one.id === id)?.name ?? '?');
			const row = (one: Lost) => [
				printMinute(one.atMs),
				thingOf(one),
				`${nameOf(one.lostBy)}: ${printName(one.lost)}`,
				`${nameOf(one.by)}: ${printName(one.kept)}`,
				one.now === one.lost ? 'the first counts again' : ''
			];
			if (values.json === true) shell.terminal.out(printJson({ overwritten: listed.value }));
			else if (listed.value.length === 0) shell.terminal.say('Nothing was overwritten.');
			else shell.terminal.out(printTable(listed.value.map(row)));
			return ok(null);
		})
});
