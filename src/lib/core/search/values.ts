import { classNamed, type EntryClass } from './classes.ts';
import { flags, type Flag, type Want } from './query.ts';

type Range = { readonly from: number | null; readonly to: number | null };

const units: Readonly<Record<string, number>> = { '': 1, b: 1, k: 1e3, m: 1e6, g: 1e9, t: 1e12, p: 1e15 };
/** Larger than any disk, and exact as a number. */
const bytesMax = 9e15;

/** `4.2MB` in bytes; decimal units, as sizes are shown. Null where it is none. */
function readAmount(text: string): number | null {
	const found = /^(\d{1,16}(?:[.,]\d{1,6})?)\s?([kmgtp]?)i?b?$/i.exec(text);
	const unit = units[found?.[2]?.toLowerCase() ?? ''];
	if (found?.[1] === undefined || unit === undefined) return null;
	const bytes = Math.round(Number(found[1].replace(',', '.')) * unit);
	return bytes <= bytesMax ? bytes : null;
}

const starsMax = 5;

function readStars(text: string): number | null {
	return /^[0-5]$/.test(text) ? Number(text) : null;
}

/** `>5`, `>=5`, `<5`, `<=5`, `5..9`, `5..`, `..9`, `=5` or `5`. */
function readRange(text: string, read: (text: string) => number | null): Range | null {
	const dots = text.indexOf('..');
	if (dots >= 0) {
		const [first, last] = [text.slice(0, dots), text.slice(dots + 2)];
		const [from, to] = [first === '' ? null : read(first), last === '' ? null : read(last)];
		const isWrong = (from === null && first !== '') || (to === null && last !== '') || first + last === '';
		if (isWrong) return null;
		return from !== null && to !== null && from > to ? { from: to, to: from } : { from, to };
	}
	const [, sign = '', value = ''] = /^([<>]?=?)\s?(.*)$/su.exec(text) ?? [];
	const amount = read(value);
	if (amount === null) return null;
	switch (sign) {
		case '>':
			return { from: amount + 1, to: null };
		case '>=':
			return { from: amount, to: null };
		case '<':
			return { from: null, to: amount - 1 };
		case '<=':
			return { from: null, to: amount };
		default:
			return { from: amount, to: amount };
	}
}

const printedUnits = [
	['PB', 1e15],
	['TB', 1e12],
	['GB', 1e9],
	['MB', 1e6],
	['kB', 1e3]
] as const;

function printAmount(bytes: number): string {
	for (const [name, unit] of printedUnits) if (bytes > 0 && bytes % unit === 0) return `${bytes / unit}${name}`;
	return String(bytes);
}

/** With the sign that has the rounder number. */
export function printRange({ from, to }: Range, is: 'size' | 'rating'): string {
	const print = is === 'size' ? printAmount : String;
	if (from !== null && to !== null) return from === to ? print(from) : `${print(from)}..${print(to)}`;
	const isRound = (amount: number) => is === 'size' && amount > 0 && amount % 1_000 === 0;
	if (from !== null) return isRound(from - 1) ? `>${print(from - 1)}` : `>=${print(from)}`;
	if (to !== null) return isRound(to + 1) ? `<${print(to + 1)}` : `<=${print(to)}`;
	return '>=0';
}

export function readSize(text: string): Want | null {
	if (text.toLowerCase() === 'empty') return { is: 'size', from: 0, to: 0 };
	const range = readRange(text, readAmount);
	return range === null || (range.to ?? 0) < 0 ? null : { is: 'size', ...range };
}

export function readRating(text: string): Want | null {
	const range = readRange(text, readStars);
	const isNone = range === null || (range.to ?? 0) < 0 || (range.from ?? 0) > starsMax;
	return isNone ? null : { is: 'rating', ...range };
}

const dateWords: ReadonlySet<string> = new Set(['today', 'yesterday', 'week', 'month', 'year']);

/** A date as it is kept: `2024`, `2024-05`, `2024-05-03`, a word, or a span such as `7d`. Null where it is none. */
function readDate(text: string): string | null {
	const lower = text.toLowerCase().replace(/^this[ -]?(?=week|month|year)/, '');
	if (dateWords.has(lower)) return lower;
	if (/^[1-9]\d{0,3}[hdwmy]$/.test(lower)) return lower;
	const found = /^(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?$/.exec(text);
	const [, year = '', month, day] = found ?? [];
	if (found === null || Number(month ?? 1) < 1 || Number(month ?? 1) > 12) return null;
	if (Number(day ?? 1) < 1 || Number(day ?? 1) > 31) return null;
	return [year, month?.padStart(2, '0'), day?.padStart(2, '0')].filter((part) => part !== undefined).join('-');
}

const hows = { '': 'within', '=': 'within', '>': 'after', '>=': 'since', '<': 'before', '<=': 'until' } as const;
const signs = { within: '', after: '>', since: '>=', before: '<', until: '<=' } as const;

function signOf(text: string): keyof typeof hows {
	for (const sign of ['>=', '<=', '>', '<', '='] as const) if (text.startsWith(sign)) return sign;
	return '';
}

export function readModified(text: string): Want | null {
	const dots = text.indexOf('..');
	if (dots >= 0) {
		const [first, last] = [text.slice(0, dots), text.slice(dots + 2)];
		const [date, to] = [readDate(first), readDate(last)];
		if (date !== null && to !== null) return { is: 'modified', how: 'between', date, to };
		if (date !== null && last === '') return { is: 'modified', how: 'since', date };
		return to !== null && first === '' ? { is: 'modified', how: 'until', date: to } : null;
	}
	const sign = signOf(text);
	const date = readDate(text.slice(sign.length).trim());
	return date === null ? null : { is: 'modified', how: hows[sign], date };
}

export function printModified(want: Extract<Want, { is: 'modified' }>): string {
	return want.how === 'between' ? `${want.date}..${want.to}` : signs[want.how] + want.date;
}

/** What people call kinds, beside their names. */
const otherNames: Readonly<Record<string, EntryClass>> = {
	dir: 'folder',
	directory: 'folder',
	symlink: 'link',
	photo: 'image',
	picture: 'image',
	movie: 'video',
	film: 'video',
	music: 'audio',
	sound: 'audio',
	song: 'audio',
	doc: 'document',
	mails: 'mail',
	email: 'mail',
	spreadsheet: 'sheet',
	presentation: 'slides',
	zip: 'archive'
};

export function readKind(text: string): Want | null {
	const lower = text.toLowerCase();
	const kind = [lower, lower.replace(/s$/, ''), lower.replace(/ies$/, 'y')]
		.map((name) => classNamed(name) ?? otherNames[name])
		.find((found) => found !== undefined);
	return kind === undefined ? null : { is: 'kind', kind };
}

const otherFlags: Readonly<Record<string, Flag>> = { favorite: 'favourite', fav: 'favourite', starred: 'favourite' };

export function readFlag(text: string): Want | null {
	const lower = text.toLowerCase();
	const flag = flags.find((one) => one === lower) ?? otherFlags[lower];
	return flag === undefined ? null : { is: 'flag', flag };
}

export function readExtensions(text: string): Want | null {
	const any = text
		.split(',')
		.map((one) => one.trim().replace(/^\./, '').toLowerCase())
		.filter((one) => one !== '');
	return any.length === 0 ? null : { is: 'ext', any: [...new Set(any)].toSorted() };
}
