/** Sizes, counts, dates and spans in the person's own language and habits; decimal units throughout (1 kB is 1,000 bytes). */

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte', 'petabyte'] as const;
const whole = new Intl.NumberFormat();
const inUnit = [0, 1].map((digits) =>
	units.map(
		(unit) =>
			new Intl.NumberFormat(undefined, {
				style: 'unit',
				unit,
				unitDisplay: unit === 'byte' ? 'long' : 'short',
				minimumFractionDigits: digits,
				maximumFractionDigits: digits
			})
	)
);

/** `1,234`, grouped as the person is used to. */
export function countWords(count: number): string {
	return whole.format(count);
}

/** Two or three digits: `812 bytes`, `4.2 kB`, `118 MB`. */
export function sizeWords(sizeBytes: number): string {
	let step = 0;
	let amount = sizeBytes;
	// 999.5 would round up to "1,000 kB": the next unit says it better
	while (step < units.length - 1 && amount >= (step === 0 ? 1000 : 999.5)) {
		amount /= 1000;
		step++;
	}
	// below ten, one digit more tells 1.4 MB from 0.6 MB apart
	const digits = step > 0 && amount < 9.95 ? 1 : 0;
	return inUnit[digits]?.[step]?.format(amount) ?? '';
}

/** Every byte, for where exactness is asked for: `4,213,776 bytes`. */
export function exactSizeWords(sizeBytes: number): string {
	return `${whole.format(sizeBytes)} ${sizeBytes === 1 ? 'byte' : 'bytes'}`;
}

const clockTime = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' });
const dayAndMonth = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' });
const weekday = new Intl.DateTimeFormat(undefined, { weekday: 'long' });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium' });
const due = new Intl.DateTimeFormat(undefined, {
	weekday: 'short',
	day: 'numeric',
	month: 'short',
	hour: 'numeric',
	minute: '2-digit'
});
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });

const minuteMs = 60_000;
const dayMs = 86_400_000;

function startOfDay(timeMs: number): number {
	return new Date(timeMs).setHours(0, 0, 0, 0);
}

function capital(text: string): string {
	return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}

/** `Just now`, `12 minutes ago`, `Today, 14:05`, `Yesterday, 09:12`, `Tuesday, 18:30`, `3 Mar 2024`. */
export function dateWords(timeMs: number, nowMs: number): string {
	const ageMs = nowMs - timeMs;
	if (ageMs >= 0 && ageMs < minuteMs) return 'Just now';
	if (ageMs >= 0 && ageMs < 60 * minuteMs) return capital(relative.format(-Math.floor(ageMs / minuteMs), 'minute'));
	const days = Math.round((startOfDay(nowMs) - startOfDay(timeMs)) / dayMs);
	if (days === 0 || days === 1) return `${capital(relative.format(-days, 'day'))}, ${clockTime.format(timeMs)}`;
	if (days > 1 && days < 7) return `${capital(weekday.format(timeMs))}, ${clockTime.format(timeMs)}`;
	return dayAndMonth.format(timeMs);
}

/** The whole date and time, for where a row has only room for less. */
export function fullDateWords(timeMs: number): string {
	return full.format(timeMs);
}

/** When something is due: `Tue, 24 Nov, 03:00`. */
export function dueWords(timeMs: number): string {
	return due.format(timeMs);
}

/** `8 seconds`, `3 minutes`: how long one still has to wait, never less than a second. */
export function spanWords(spanMs: number): string {
	const seconds = Math.max(1, Math.ceil(spanMs / 1000));
	const [amount, unit] = seconds < 90 ? [seconds, 'second'] : [Math.ceil(seconds / 60), 'minute'];
	return new Intl.NumberFormat(undefined, { style: 'unit', unit, unitDisplay: 'long' }).format(amount);
}

/** `1 file`, `12 files`: English plurals of regular words. */
export function plural(count: number, one: string, many = `${one}s`): string {
	return `${whole.format(count)} ${count === 1 ? one : many}`;
}

/** Of files whose bytes nobody has read so far. */
export function unknownWords(files: number): string {
	return `${plural(files, 'file')} not looked at yet.`;
}
