import type { Activity } from '#core';
import { ok, type DeviceId } from '#core/kernel';
import { printAction } from '../action-words.ts';
import { defineCommand, jsonOption, libraryOptions } from '../command.ts';
import { withLibrary } from '../open-library.ts';
import { printJson, printMinute, printName, printNumber, printTable } from '../print.ts';

type Of<Type extends Activity['type']> = Extract<Activity, { readonly type: Type }>;

const shownMax = 40;

function printSaid({ verb, about, targets, file }: Of<'said'>): string {
	const what = file === null ? printNumber(targets, 'item', 'items') : printName(file.name);
	if (about.is === 'ties') return 'tags tied or untied';
	if (about.is === 'mark') return `${about.mark} set on ${what}`;
	const name = about.name === null ? '(gone)' : printName(about.name);
	if (verb === 'described') return `${about.is} ${name} made or changed`;
	return verb === 'deleted' ? `${about.is} deleted` : `${about.is} ${name} ${verb} ${what}`;
}

function printHappened(happened: Of<'happened'>): string {
	if (happened.kind === 'renamed') return `called ${printName(happened.name)}, ${printName(happened.before)} before`;
	if (happened.kind === 'told')
		return `told of ${happened.added} new, ${happened.changed} changed and ${happened.removed} gone`;
	const much = `${printNumber(happened.deleted, 'deletion', 'deletions')} of ${printName(happened.domain)}`;
	return `${much} ${{ held: 'held', released: 'let through', kept: 'refused' }[happened.kind]}`;
}

function printActivity(activity: Activity, nameOf: (device: DeviceId) => string): string {
	switch (activity.type) {
		case 'done':
			return `${activity.action.isUndoing ? 'undone: ' : ''}${printAction(activity.action)}`;
		case 'said':
			return printSaid(activity);
		case 'happened':
			return printHappened(activity);
		case 'joined':
			return activity.by === null ? 'became a device' : `became a device, by ${nameOf(activity.by)}`;
		case 'removed':
			return 'removed';
	}
}

export const activity = defineCommand({
	name: 'activity',
	operands: '',
	operandsMin: 0,
	operandsMax: 0,
	summary: 'List what has happened lately, on all devices',
	details: `What other devices have done is known as far as they have told. With --json all of it is listed: 200 things
at most.`,
	json: `{"activity": [{"key", "atMs", "type": "done" | "said" | "happened" | "joined" | "removed", "device", …}]}`,
	options: { ...libraryOptions, ...jsonOption },
	run: ({ values, shell }) =>
		withLibrary('activity', values, shell, async ({ commands, context }) => {
			const devices = await commands['devices.list']({}, context());
			if (!devices.ok) return devices;
			const listed = await commands['activity.list']({}, context());
			if (!listed.ok) return listed;
			const nameOf = (id: DeviceId) => printName(devices.value.find((one) => one.id === id)?.name ?? '?');
			const row = (one: Activity) => [
				printMinute(one.atMs),
				one.type === 'done' ? 'this device' : nameOf(one.device),
				printActivity(one, nameOf)
			];
			if (values.json === true) shell.terminal.out(printJson({ activity: listed.value }));
			else if (listed.value.length === 0) shell.terminal.say('Nothing has happened yet.');
			else shell.terminal.out(printTable(listed.value.slice(0, shownMax).map(row)));
			return ok(null);
		})
});
