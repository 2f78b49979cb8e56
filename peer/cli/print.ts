import { bytesToName, nameToBytes } from '#core/kernel';

/**
 * What a terminal would obey, hide or draw in another place: control and format characters (the two joiners that
 * scripts and emoji need are left out), separators, and the code points that carry raw bytes (see kernel's names).
 */
const unshown = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\uef80-\uefff]|(?![\u200c\u200d])\p{Cf}/gu;

function bytesToEscapes(text: string): string {
	return Array.from(nameToBytes(text), (byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
}

/** `name` in a form that cannot fool a terminal: its odd bytes as `\xNN`, a backslash as two. One to one. */
export function printName(name: string): string {
	return name.replaceAll('\\', '\\\\').replace(unshown, bytesToEscapes);
}

/** The name or path that `printed` stands for, or null when it holds no escape. */
export function parsePrinted(printed: string): string | null {
	if (!printed.includes('\\')) return null;
	const bytes: number[] = [];
	const encoder = new TextEncoder();
	for (const [piece] of printed.matchAll(/\\\\|\\x[0-9a-f]{2}|./gisu)) {
		if (piece === '\\\\') bytes.push(0x5c);
		else if (/^\\x/i.test(piece)) bytes.push(Number.parseInt(piece.slice(2), 16));
		else bytes.push(...encoder.encode(piece));
	}
	return bytesToName(Uint8Array.from(bytes));
}

const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** A size that is read at a glance: three digits at most, in units of 1,000. */
export function printSize(sizeBytes: number): string {
	let value = sizeBytes;
	let unit = 0;
	while (unit < units.length - 1 && Math.round(value) >= 1_000) {
		value /= 1_000;
		unit++;
	}
	const digits = unit > 0 && value < 9.95 ? 1 : 0;
	return `${value.toFixed(digits)} ${units[unit] ?? ''}`;
}

export function printCount(count: number): string {
	return count.toLocaleString('en-US');
}

/** `1 file`, `2 files`. */
export function printNumber(count: number, one: string, many: string): string {
	return `${printCount(count)} ${count === 1 ? one : many}`;
}

function isDate(timeMs: number | null): timeMs is number {
	return timeMs !== null && !Number.isNaN(new Date(timeMs).getTime());
}

/** The time in UTC to the millisecond (ISO 8601); `-` where there is none. */
export function printTime(timeMs: number | null): string {
	return isDate(timeMs) ? new Date(timeMs).toISOString() : '-';
}

/** The time on this machine's clock to the minute, in the order of ISO 8601; `-` where there is none. */
export function printMinute(timeMs: number | null): string {
	if (!isDate(timeMs)) return '-';
	const offsetMs = new Date(timeMs).getTimezoneOffset() * 60_000;
	const local = new Date(timeMs - offsetMs);
	return isDate(local.getTime()) ? local.toISOString().slice(0, -8).replace('T', ' ') : '-';
}

export type Layout = {
	/** Columns whose cells stand to the right. */
	readonly right?: readonly number[];
	/** Widths that columns have at least, so that the pages of one list line up. */
	readonly widths?: readonly number[];
};

/** Rows as lines: every column but the last padded to its widest cell. */
export function printTable(rows: readonly (readonly string[])[], { right = [], widths = [] }: Layout = {}): string {
	const widest = [...widths];
	for (const row of rows) for (const [at, cell] of row.entries()) widest[at] = Math.max(widest[at] ?? 0, cell.length);
	const line = (row: readonly string[]) =>
		row.map((cell, at) => {
			if (right.includes(at)) return cell.padStart(widest[at] ?? 0);
			return at === row.length - 1 ? cell : cell.padEnd(widest[at] ?? 0);
		});
	return rows.map((row) => `${line(row).join('  ')}\n`).join('');
}

function toUnicodeEscapes(text: string): string {
	return Array.from({ length: text.length }, (_, at) => {
		return `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`;
	}).join('');
}

/** JSON that a terminal can be shown as well: what it would obey is escaped, which means the same to a parser. */
export function toJson(value: unknown): string {
	return JSON.stringify(value).replace(unshown, toUnicodeEscapes);
}

/** One JSON document on one line. */
export function printJson(document: unknown): string {
	return `${toJson(document)}\n`;
}
