import type { Columns } from './columns.ts';
import { noFit } from './names.ts';
import type { FindOrder } from './schema.ts';

/** Of fewer than this share of all rows, each is put in its place; else all are gone through in order. */
const fewShare = 12;
const digitBits = 16;
const digits = 2 ** digitBits;

/** Rows that fit, by name. */
function rowsByName({ order }: Columns, fit: Uint8Array, count: number): Uint32Array {
	const rows = new Uint32Array(count);
	const byName = order.rows;
	let taken = 0;
	if (count * fewShare < fit.length) {
		const { ranks } = order;
		for (let row = 0; row < fit.length; row++) if (fit[row] !== noFit) rows[taken++] = ranks[row] ?? 0;
		rows.sort();
		for (let at = 0; at < count; at++) rows[at] = byName[rows[at] ?? 0] ?? 0;
		return rows;
	}
	for (let rank = 0; rank < byName.length; rank++) {
		const row = byName[rank] ?? 0;
		if (fit[row] !== noFit) rows[taken++] = row;
	}
	return rows;
}

/** The best of `rows` first; those that fit as well stay as they are. */
function sortByFit(rows: Uint32Array, fit: Uint8Array): Uint32Array {
	const places = new Uint32Array(noFit + 1);
	for (let at = 0; at < rows.length; at++) {
		const one = fit[rows[at] ?? 0] ?? noFit;
		places[one] = (places[one] ?? 0) + 1;
	}
	let before = 0;
	for (let one = 0; one <= noFit; one++) {
		const count = places[one] ?? 0;
		places[one] = before;
		before += count;
	}
	const sorted = new Uint32Array(rows.length);
	for (let at = 0; at < rows.length; at++) {
		const row = rows[at] ?? 0;
		const one = fit[row] ?? noFit;
		const place = places[one] ?? 0;
		sorted[place] = row;
		places[one] = place + 1;
	}
	return sorted;
}

/** `rows` by rising keys, which are whole numbers from 0; those with the same key stay as they are. */
function sortByKeys(rows: Uint32Array, keyOf: (row: number) => number, keyMax: number): Uint32Array {
	let [sorted, spare]: [Uint32Array, Uint32Array] = [rows, new Uint32Array(rows.length)];
	const counts = new Uint32Array(digits);
	for (let unit = 1; unit <= keyMax; unit *= digits) {
		counts.fill(0);
		for (const row of sorted)
			counts[Math.floor(keyOf(row) / unit) % digits] = (counts[Math.floor(keyOf(row) / unit) % digits] ?? 0) + 1;
		let before = 0;
		counts.forEach((count, digit) => {
			counts[digit] = before;
			before += count;
		});
		for (const row of sorted) {
			const digit = Math.floor(keyOf(row) / unit) % digits;
			const at = counts[digit] ?? 0;
			spare[at] = row;
			counts[digit] = at + 1;
		}
		[sorted, spare] = [spare, sorted];
	}
	return sorted;
}

function sortByColumn(rows: Uint32Array, column: Float64Array, descending: boolean): Uint32Array {
	let [least, most] = [Infinity, -Infinity];
	for (const row of rows) {
		const value = column[row] ?? Number.NaN;
		if (value < least) least = value;
		if (value > most) most = value;
	}
	if (!Number.isFinite(least)) return rows;
	const span = Math.floor(most - least);
	// What has no value comes last in either direction.
	const keyOf = (row: number) => {
		const value = column[row] ?? Number.NaN;
		if (Number.isNaN(value)) return span + 1;
		return Math.floor(descending ? most - value : value - least);
	};
	return sortByKeys(rows, keyOf, span + 1);
}

/** The rows that fit, in order: the best first, or by a column; equal ones by name. */
export function sortFound(columns: Columns, fit: Uint8Array, count: number, order: FindOrder): Uint32Array {
	const byName = rowsByName(columns, fit, count);
	switch (order.by) {
		case 'fit':
			return sortByFit(byName, fit);
		case 'name':
			return order.descending ? byName.toReversed() : byName;
		case 'size':
			return sortByColumn(byName, columns.sizes, order.descending);
		case 'modified':
			return sortByColumn(byName, columns.times, order.descending);
	}
}
