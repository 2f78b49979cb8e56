import type { Columns } from './columns.ts';
import { noFit } from './names.ts';
import type { FindOrder } from './schema.ts';

/** Of fewer than this share of all rows, each is put in its place; else all are gone through in order. */
const fewShare = 12;
const digitBits = 16;
const digits = 2 ** digitBits;

/** The few rows that fit, by name. */
function fewByName({ order }: Columns, fit: Uint8Array, count: number): Uint32Array {
	const rows = new Uint32Array(count);
	const { rows: byName, ranks } = order;
	let taken = 0;
	for (let row = 0; row < fit.length; row++) if (fit[row] !== noFit) rows[taken++] = ranks[row] ?? 0;
	rows.sort();
	for (let at = 0; at < count; at++) rows[at] = byName[rows[at] ?? 0] ?? 0;
	return rows;
}

/** Rows that fit, by name. */
function rowsByName(columns: Columns, fit: Uint8Array, count: number): Uint32Array {
	if (count * fewShare < fit.length) return fewByName(columns, fit, count);
	const rows = new Uint32Array(count);
	const byName = columns.order.rows;
	let taken = 0;
	for (let rank = 0; rank < byName.length; rank++) {
		const row = byName[rank] ?? 0;
		if (fit[row] !== noFit) rows[taken++] = row;
	}
	return rows;
}

/** The best first; those that fit as well by name. */
function rowsByFit(columns: Columns, fit: Uint8Array, count: number): Uint32Array {
	const places = new Uint32Array(noFit + 1);
	for (let row = 0; row < fit.length; row++) {
		const one = fit[row] ?? noFit;
		places[one] = (places[one] ?? 0) + 1;
	}
	let before = 0;
	for (let one = 0; one < noFit; one++) {
		const here = places[one] ?? 0;
		places[one] = before;
		before += here;
	}
	const rows = new Uint32Array(count);
	// All in the order of names, gone through once: what lies far apart in memory is slow to look at.
	const byName = count * fewShare < fit.length ? fewByName(columns, fit, count) : columns.order.rows;
	for (let rank = 0; rank < byName.length; rank++) {
		const row = byName[rank] ?? 0;
		const one = fit[row] ?? noFit;
		if (one === noFit) continue;
		const place = places[one] ?? 0;
		rows[place] = row;
		places[one] = place + 1;
	}
	return rows;
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
	if (order.by === 'fit') return rowsByFit(columns, fit, count);
	const byName = rowsByName(columns, fit, count);
	switch (order.by) {
		case 'name':
			return order.descending ? byName.toReversed() : byName;
		case 'size':
			return sortByColumn(byName, columns.sizes, order.descending);
		case 'modified':
			return sortByColumn(byName, columns.times, order.descending);
	}
}
