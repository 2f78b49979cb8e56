import type { Want } from './query.ts';

/** What time it is for the person who asks, and how far her time is ahead of UTC at any other. */
export type Now = { readonly nowMs: number; offsetAt(atMs: number): number };

/** From a time on, up to and without another. */
type Times = { readonly fromMs: number; readonly belowMs: number };

const dayMs = 86_400_000;
const spanMs: Readonly<Record<string, number>> = {
	h: 3_600_000,
	d: dayMs,
	w: 7 * dayMs,
	m: 30 * dayMs,
	y: 365 * dayMs
};

/** Days from 1970-01-01 to a day of the Gregorian calendar; a month beyond the twelfth is one of the next year. */
function daysTo(year: number, month: number, day: number): number {
	const shifted = month - 3;
	const y = year + Math.floor(shifted / 12);
	const m = ((shifted % 12) + 12) % 12;
	const era = Math.floor(y / 400);
	const yearOfEra = y - era * 400;
	const dayOfEra =
		yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + Math.floor((153 * m + 2) / 5) + day - 1;
	return era * 146_097 + dayOfEra - 719_468;
}

function yearAndMonth(days: number): readonly [year: number, month: number] {
	// Close enough to begin with; the months of a year are few.
	let year = 1970 + Math.floor(days / 365.2425);
	while (daysTo(year + 1, 1, 1) <= days) year++;
	while (daysTo(year, 1, 1) > days) year--;
	let month = 1;
	while (month < 12 && daysTo(year, month + 1, 1) <= days) month++;
	return [year, month];
}

/** When a day begins by the clock on the wall. */
function startOf(days: number, { offsetAt }: Now): number {
	const atMs = days * dayMs;
	return atMs - offsetAt(atMs - offsetAt(atMs));
}

function daysOf(word: string, now: Now): readonly [from: number, below: number] {
	const today = Math.floor((now.nowMs + now.offsetAt(now.nowMs)) / dayMs);
	const [year, month] = yearAndMonth(today);
	switch (word) {
		case 'today':
			return [today, today + 1];
		case 'yesterday':
			return [today - 1, today];
		case 'week': {
			// 1970-01-01 was a Thursday; weeks begin on Monday.
			const monday = today - ((((today + 3) % 7) + 7) % 7);
			return [monday, monday + 7];
		}
		case 'month':
			return [daysTo(year, month, 1), daysTo(year, month + 1, 1)];
		case 'year':
			return [daysTo(year, 1, 1), daysTo(year + 1, 1, 1)];
		default: {
			const [y = 0, m, d] = word.split('-').map(Number);
			if (d !== undefined && m !== undefined) return [daysTo(y, m, d), daysTo(y, m, d) + 1];
			if (m !== undefined) return [daysTo(y, m, 1), daysTo(y, m + 1, 1)];
			return [daysTo(y, 1, 1), daysTo(y + 1, 1, 1)];
		}
	}
}

function timesOf(date: string, now: Now): Times & { readonly isSpan: boolean } {
	const span = /^(\d+)([hdwmy])$/.exec(date);
	if (span !== null) {
		const fromMs = now.nowMs - Number(span[1]) * (spanMs[span[2] ?? ''] ?? 0);
		return { fromMs, belowMs: Infinity, isSpan: true };
	}
	const [from, below] = daysOf(date, now);
	return { fromMs: startOf(from, now), belowMs: startOf(below, now), isSpan: false };
}

/** The times that a date stands for, to whoever asks now. */
export function timesAsked(want: Extract<Want, { is: 'modified' }>, now: Now): Times {
	const { fromMs, belowMs, isSpan } = timesOf(want.date, now);
	switch (want.how) {
		case 'within':
			return { fromMs, belowMs };
		case 'after':
			return { fromMs: isSpan ? fromMs : belowMs, belowMs: Infinity };
		case 'since':
			return { fromMs, belowMs: Infinity };
		case 'before':
			return { fromMs: -Infinity, belowMs: fromMs };
		case 'until':
			return { fromMs: -Infinity, belowMs: isSpan ? fromMs : belowMs };
		case 'between':
			return { fromMs, belowMs: timesOf(want.to, now).belowMs };
	}
}
