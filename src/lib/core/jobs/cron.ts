import { err, invariant, ok, type Result } from '#core/kernel';

/** The five fields of a cron expression, as people call them. */
export type CronField = 'minute' | 'hour' | 'day of month' | 'month' | 'day of week';

export type CronFailure =
	/** `text` is what stands in `field`; where that is null there are not five fields. */
	| { readonly type: 'CronWrong'; readonly field: CronField | null; readonly text: string }
	/** No calendar has such a day. */
	| { readonly type: 'CronNever' };

/** When something is to be done, by the device's local time. */
export type Cron = {
	readonly minutes: ReadonlySet<number>;
	readonly hours: ReadonlySet<number>;
	readonly days: ReadonlySet<number>;
	readonly months: ReadonlySet<number>;
	readonly weekdays: ReadonlySet<number>;
	/** Whether its hours are all of a day: then it is meant to come round in each, also in one that comes twice. */
	readonly isHourly: boolean;
	/** Whether both kinds of days are named: then either is one. */
	readonly isEitherDay: boolean;
};

/** How far local time is ahead of UTC at a time, in milliseconds. */
export type OffsetAt = (atMs: number) => number;

const minuteMs = 60_000;
/** Clocks are put on or back at quarters of an hour. */
const quarterMs = 15 * minuteMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
/** No clock is put on or back by more. */
const shiftMsMax = 3 * hourMs;
/** A 29 February falls on the same weekday every 28 years, and after 40 where a century has none; and a year more. */
const aheadMsMax = 41 * 366 * dayMs;
/** Longer ones are nobody's: the bound keeps a parser of foreign text from long work. */
const lengthMax = 1_000;

const fields = [
	{ name: 'minute', first: 0, last: 59, names: [] },
	{ name: 'hour', first: 0, last: 23, names: [] },
	{ name: 'day of month', first: 1, last: 31, names: [] },
	{
		name: 'month',
		first: 1,
		last: 12,
		names: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
	},
	// Seven is Sunday as well.
	{ name: 'day of week', first: 0, last: 7, names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] }
] as const satisfies readonly {
	readonly name: CronField;
	readonly first: number;
	readonly last: number;
	readonly names: readonly string[];
}[];
type FieldShape = (typeof fields)[number];

/** The number that `text` is, or names; null where it is none of the field. */
function parseNumber(text: string, { first, last, names }: FieldShape): number | null {
	const named = names.findIndex((name) => name === text.toLowerCase());
	const value = named >= 0 ? named + first : /^\d{1,2}$/.test(text) ? Number(text) : -1;
	return value >= first && value <= last ? value : null;
}

/** The numbers of one part of a list: `5`, `1-5`, `*`, and the last two with a step; null where it means nothing. */
function parsePart(part: string, field: FieldShape): number[] | null {
	const [range = '', step, ...more] = part.split('/');
	const every = step === undefined ? 1 : /^\d{1,2}$/.test(step) ? Number(step) : 0;
	if (every === 0 || more.length > 0) return null;
	const [from = '', to, ...others] = range === '*' ? [String(field.first), String(field.last)] : range.split('-');
	// A step of a single number would be that number.
	if (others.length > 0 || (to === undefined && step !== undefined)) return null;
	const [first, last] = [parseNumber(from, field), parseNumber(to ?? from, field)];
	if (first === null || last === null || first > last) return null;
	return Array.from({ length: Math.floor((last - first) / every) + 1 }, (_, at) => first + at * every);
}

function parseField(text: string, field: FieldShape): Set<number> | null {
	const parts = text.split(',').map((part) => parsePart(part, field));
	return parts.some((part) => part === null) ? null : new Set(parts.flatMap((part) => part ?? []));
}

const longestMonths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * Parses the five fields of cron (minute, hour, day of month, month, day of week): numbers, `*`, ranges, lists, steps
 * (`1-5`, `1,15`, `0-30/10`) and the first three letters of months and days. Where both kinds of days are named, either
 * is one.
 */
export function parseCron(text: string): Result<Cron, CronFailure> {
	const words = text.trim().split(/\s+/);
	if (words.length !== fields.length || text.length > lengthMax) return err({ type: 'CronWrong', field: null, text });
	const sets: ReadonlySet<number>[] = [];
	for (const [at, field] of fields.entries()) {
		const word = words[at] ?? '';
		const set = parseField(word, field);
		if (set === null) return err({ type: 'CronWrong', field: field.name, text: word });
		sets.push(set);
	}
	const [minutes, hours, days, months, dayNumbers] = sets;
	invariant(minutes && hours && days && months && dayNumbers, 'there are five fields');
	const weekdays = new Set([...dayNumbers].map((day) => day % 7));
	const isEitherDay = words[2]?.startsWith('*') === false && words[4]?.startsWith('*') === false;
	const isDay = ([month, longest]: readonly [number, number]) =>
		months.has(month + 1) && [...days].some((day) => day <= longest);
	if (!isEitherDay && ![...longestMonths.entries()].some(isDay)) return err({ type: 'CronNever' });
	return ok({ minutes, hours, days, months, weekdays, isHourly: hours.size === 24, isEitherDay });
}

/** Month and day of month of a day counted from 1 January 1970 (after Hinnant, "chrono-compatible date algorithms"). */
function civilDay(day: number): { readonly month: number; readonly dayOfMonth: number } {
	const shifted = day + 719_468;
	const dayOfEra = shifted - Math.floor(shifted / 146_097) * 146_097;
	const leapDays = Math.floor(dayOfEra / 1_460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096);
	const yearOfEra = Math.floor((dayOfEra - leapDays) / 365);
	const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
	const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
	const dayOfMonth = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
	return { month: shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9, dayOfMonth };
}

function isOnDay(cron: Cron, localMs: number): boolean {
	const day = Math.floor(localMs / dayMs);
	const { month, dayOfMonth } = civilDay(day);
	if (!cron.months.has(month)) return false;
	// 1 January 1970 was a Thursday.
	const [isDate, isWeekday] = [cron.days.has(dayOfMonth), cron.weekdays.has((((day + 4) % 7) + 7) % 7)];
	return cron.isEitherDay ? isDate || isWeekday : isDate && isWeekday;
}

/** Whether a local time, in milliseconds as if it were UTC, is one that `cron` names. */
export function isNamed(cron: Cron, localMs: number): boolean {
	const minuteOfDay = Math.floor((localMs - Math.floor(localMs / dayMs) * dayMs) / minuteMs);
	const isTime = cron.minutes.has(minuteOfDay % 60) && cron.hours.has(Math.floor(minuteOfDay / 60));
	return isTime && isOnDay(cron, localMs);
}

/** Whether the local time of `atMs` has been before: clocks were put back since. */
function isRepeated(atMs: number, offsetAt: OffsetAt): boolean {
	const before = offsetAt(atMs - shiftMsMax);
	const shiftMs = before - offsetAt(atMs);
	return shiftMs > 0 && offsetAt(atMs - shiftMs) === before;
}

function isAnyNamed(cron: Cron, fromMs: number, toMs: number): boolean {
	for (let localMs = fromMs; localMs < toMs; localMs += minuteMs) if (isNamed(cron, localMs)) return true;
	return false;
}

/**
 * The first time after `afterMs` at which `cron` is due. What clocks leave out when they are put on is due as soon as
 * they are; what they say twice when they are put back is due once. One of every hour keeps to hours that pass.
 */
export function nextTime(cron: Cron, afterMs: number, offsetAt: OffsetAt): number {
	const firstMs = (Math.floor(afterMs / minuteMs) + 1) * minuteMs;
	for (let atMs = firstMs; atMs < firstMs + aheadMsMax;) {
		const offsetMs = offsetAt(atMs);
		const beforeMs = offsetAt(atMs - minuteMs);
		if (!cron.isHourly && offsetMs > beforeMs && isAnyNamed(cron, atMs + beforeMs, atMs + offsetMs)) return atMs;
		const endMs = (Math.floor(atMs / quarterMs) + 1) * quarterMs;
		if (!isOnDay(cron, atMs + offsetMs)) {
			const todayMs = Math.floor((atMs + offsetMs) / dayMs) * dayMs - offsetMs;
			// Early in a day, clocks that are put back go back to the day before.
			const isEarly = atMs - todayMs < shiftMsMax;
			const lateMs = Math.floor((todayMs + dayMs - shiftMsMax) / quarterMs) * quarterMs;
			atMs = isEarly ? endMs : Math.max(endMs, lateMs);
			continue;
		}
		for (; atMs < endMs; atMs += minuteMs)
			if (isNamed(cron, atMs + offsetMs) && (cron.isHourly || !isRepeated(atMs, offsetAt))) return atMs;
	}
	invariant(false, 'every day of a calendar comes on every weekday within 40 years');
}
