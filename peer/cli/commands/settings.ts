import type { ActionName } from '#core';
import { err, ok, type Result } from '#core/kernel';
import { trashDaysChoices } from '#core/library';
import { defineCommand, jsonOption, libraryOptions } from '../command.ts';
import type { AnyFailure } from '../failure.ts';
import { withLibrary } from '../open-library.ts';
import { printJson, printName, printNumber, printTable } from '../print.ts';
import { actionJson, actionOptions, runAction } from '../print-plan.ts';

const never = 'never';

export const settings = defineCommand({
	name: 'settings',
	operands: '',
	operandsMin: 0,
	operandsMax: 0,
	summary: 'Say what is set for the library',
	json: '{"name", "trashDays": null or a number, "lockAfterMinutes": null or a number}',
	options: { ...libraryOptions, ...jsonOption },
	run: ({ values, shell }) =>
		withLibrary('settings', values, shell, async ({ commands, context, name }) => {
			const read = await commands['settings.read']({}, context());
			if (!read.ok) return read;
			const { trashDays, lockAfterMinutes } = read.value;
			const rows = [
				['name', printName(name)],
				['trash-days', trashDays === null ? never : printNumber(trashDays, 'day', 'days')],
				['lock-after', lockAfterMinutes === null ? never : printNumber(lockAfterMinutes, 'minute', 'minutes')]
			];
			shell.terminal.out(values.json === true ? printJson({ name, trashDays, lockAfterMinutes }) : printTable(rows));
			return ok(null);
		})
});

type Request = { readonly action: ActionName; readonly input: unknown };

function wrong(problem: string): Result<never, AnyFailure> {
	return err({ type: 'UsageWrong', command: 'settings set', problem });
}

function requestOf(setting: string, value: string): Result<Request, AnyFailure> {
	const to = value === never ? null : /^\d{1,6}$/.test(value) ? Number(value) : undefined;
	switch (setting) {
		case 'name':
			return ok({ action: 'library.rename', input: { name: value } });
		case 'trash-days': {
			const isChoice = to === null || trashDaysChoices.some((days) => days === to);
			if (!isChoice) return wrong(`trash-days is one of ${trashDaysChoices.join(', ')}, ${never}.`);
			return ok({ action: 'library.change-setting', input: { setting: 'trashDays', to } });
		}
		case 'lock-after': {
			if (to === undefined || to === 0 || (to !== null && to > 1440))
				return wrong(`lock-after is a number of minutes, up to 1440, or ${never}.`);
			return ok({ action: 'library.change-setting', input: { setting: 'lockAfterMinutes', to } });
		}
		default:
			return wrong('A setting is one of name, trash-days, lock-after.');
	}
}

export const settingsSet = defineCommand({
	name: 'settings set',
	operands: `name <text> | trash-days ${trashDaysChoices.join('|')}|${never} | lock-after <minutes>|${never}`,
	operandsMin: 2,
	operandsMax: 2,
	summary: 'Set something for the library',
	details: `name: what the library is called; trash-days: after how long what lies in the trash is deleted for good, while
atoll serve or atoll start runs or the app is open; lock-after: minutes without a touch after which the app locks.`,
	json: actionJson,
	options: { ...libraryOptions, ...actionOptions },
	run: async ({ values, operands, shell }) => {
		const [setting = '', value = ''] = operands;
		const request = requestOf(setting, value);
		if (!request.ok) return request;
		return withLibrary('settings set', values, shell, (library) => runAction(library, request.value, values, shell));
	}
});
