import * as v from 'valibot';
import type { Result } from '#core/kernel';
import {
	checkUnchanged,
	defineAction,
	defineRows,
	draftOne,
	measureOne,
	type Action,
	type ChangedSince,
	type Operation
} from '#core/actions';
import type { Database, StorageFailure } from '#core/schema';
import { readSetting, writeSetting } from './store.ts';

/** The longest idle time that a person can choose: a day. */
const lockAfterMinutesMax = 24 * 60;
/** How long the trash can keep what lies in it, in days. */
export const trashDaysChoices = [7, 30, 90] as const;
const settingsName = 'settings';

const lockSchema = v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(lockAfterMinutesMax)));
const trashSchema = v.nullable(v.picklist(trashDaysChoices));
const settingsSchema = v.object({
	lockAfterMinutes: v.optional(lockSchema, null),
	trashDays: v.optional(trashSchema, 30)
});

/** What people choose for a library, on all of its devices. */
export type Settings = {
	/** Minutes without a touch after which the library locks itself; null for never. */
	readonly lockAfterMinutes: number | null;
	/** Days after which what lies in the trash is deleted; null for never. */
	readonly trashDays: (typeof trashDaysChoices)[number] | null;
};

/** What is stored, or the defaults where that is unreadable: a setting is never worth refusing a library. */
export function readSettingsNow(database: Database): Settings {
	const parsed = v.safeParse(settingsSchema, readSetting(database, settingsName));
	return parsed.success ? parsed.output : v.parse(settingsSchema, {});
}

export function readSettings(database: Database): Result<Settings, StorageFailure> {
	return database.read(() => readSettingsNow(database));
}

const kind = v.literal('change-setting');
const operationSchema = v.variant('setting', [
	v.object({ kind, setting: v.literal('lockAfterMinutes'), from: lockSchema, to: lockSchema }),
	v.object({ kind, setting: v.literal('trashDays'), from: trashSchema, to: trashSchema })
]);
export type ChangeSetting = v.InferOutput<typeof operationSchema>;

export type SettingsDomain = {
	readonly operation: ChangeSetting;
	readonly block: ChangedSince;
	readonly warning: never;
	readonly failure: never;
};

/** Sets one of the library's settings. */
export function changeSettingOperation(database: Database): Operation<SettingsDomain> {
	return defineRows(operationSchema, {
		check: ({ setting, from }, facts) =>
			checkUnchanged(facts, `setting/${setting}`, readSettingsNow(database)[setting], from),
		measure: measureOne,
		apply: (operation): ChangeSetting => {
			const { setting, from, to } = operation;
			writeSetting(database, settingsName, { ...readSettingsNow(database), [setting]: to });
			return operation.setting === 'trashDays'
				? { ...operation, from: operation.to, to: operation.from }
				: { ...operation, from: to, to: from };
		}
	});
}

const inputSchema = v.variant('setting', [
	v.object({ setting: v.literal('lockAfterMinutes'), to: lockSchema }),
	v.object({ setting: v.literal('trashDays'), to: trashSchema })
]);

function operationOf(now: Settings, wanted: v.InferOutput<typeof inputSchema>): ChangeSetting {
	return wanted.setting === 'trashDays'
		? { kind: 'change-setting', ...wanted, from: now.trashDays }
		: { kind: 'change-setting', ...wanted, from: now.lockAfterMinutes };
}

export function changeSettingAction(database: Database): Action<SettingsDomain> {
	return defineAction({
		name: 'library.change-setting',
		input: inputSchema,
		plan: (wanted, facts) => {
			const operation = operationOf(readSettingsNow(database), wanted);
			const { setting, from, to } = operation;
			return draftOne<SettingsDomain>(operation, {
				why: checkUnchanged(facts, `setting/${setting}`, from, from),
				isSame: from === to
			});
		}
	});
}
