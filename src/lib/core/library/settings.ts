import { ok, type CommandId, type Result } from '#core/kernel';
import type { Database, StorageFailure } from '#core/schema';
import * as v from 'valibot';
import { readSetting, writeSetting } from './store.ts';

/** The longest idle time that a person can choose: a day. */
const lockAfterMinutesMax = 24 * 60;
const settingsName = 'settings';

const settingsSchema = v.object({
	lockAfterMinutes: v.optional(
		v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(lockAfterMinutesMax))),
		null
	)
});

/** What people choose for a library, on all of its devices. */
export type Settings = {
	/** Minutes without a touch after which the library locks itself; null for never. */
	readonly lockAfterMinutes: number | null;
};

export type SettingsFailure = StorageFailure | { readonly type: 'SettingInvalid'; readonly setting: string };

const defaults: Settings = { lockAfterMinutes: null };

/** What is stored, or the defaults where that is unreadable: a setting is never worth refusing a library. */
function stored(database: Database): Settings {
	const parsed = v.safeParse(settingsSchema, readSetting(database, settingsName));
	return parsed.success ? parsed.output : defaults;
}

export function readSettings(database: Database): Result<Settings, StorageFailure> {
	return database.read(() => stored(database));
}

/** Changes the settings that `change` names. */
export function changeSettings(
	database: Database,
	change: Partial<Settings>,
	once: { readonly command: CommandId; readonly atMs: number }
): Result<null, SettingsFailure> {
	const known = readSettings(database);
	if (!known.ok) return known;
	const parsed = v.safeParse(settingsSchema, { ...known.value, ...change });
	if (!parsed.success) {
		const setting = v.getDotPath(parsed.issues[0]) ?? '';
		return { ok: false, failure: { type: 'SettingInvalid', setting } };
	}
	const written = database.writeOnce(once.command, once.atMs, () => {
		writeSetting(database, settingsName, { ...stored(database), ...change });
		return null;
	});
	return written.ok ? ok(null) : written;
}
