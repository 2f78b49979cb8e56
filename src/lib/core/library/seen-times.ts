import * as v from 'valibot';
import type { Database } from '#core/schema';
import { readSetting, writeSetting } from './store.ts';

/**
 * What the wall clock has told. A clock may be wrong for a while, by a year or more: what a time alone would have
 * deleted waits until the clock has said so for a day.
 */
export type SeenTimes = {
	/** The latest time that another one, a day or more later, has been seen after; 0 before. It never goes back. */
	readonly believedMs: number;
	/** What the clock said when the next day of waiting began. */
	readonly sinceMs: number;
};

const settingName = 'seen-times';
const seenSchema = v.object({ believedMs: v.number(), sinceMs: v.number() });
const dayMs = 24 * 60 * 60_000;
const nothingSeen: SeenTimes = { believedMs: 0, sinceMs: 0 };

/** Run inside `read` or `write`. */
export function readSeenTimes(database: Database): SeenTimes {
	const parsed = v.safeParse(seenSchema, readSetting(database, settingName));
	return parsed.success ? parsed.output : nothingSeen;
}

/**
 * What is believed once the clock says `nowMs`; `hasJumped` where it did not get there by going on, as far as that was
 * seen. A clock that has jumped, forward or back, has to go on for a day before anything that it says is believed.
 */
export function believe(seen: SeenTimes, nowMs: number, hasJumped: boolean): SeenTimes {
	const { believedMs, sinceMs } = seen;
	if (sinceMs === 0 || hasJumped || nowMs < sinceMs) return { believedMs, sinceMs: nowMs };
	if (nowMs - sinceMs < dayMs) return seen;
	return { believedMs: Math.max(believedMs, sinceMs), sinceMs: nowMs };
}

/** Run inside `write`. */
export function writeSeenTimes(database: Database, times: SeenTimes): void {
	writeSetting(database, settingName, times);
}
