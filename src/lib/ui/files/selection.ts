/**
 * Which rows of a list are selected, as sorted ranges of indexes.
 *
 * Invariant: ranges are not empty, sorted, and apart from one another by at least one row. Choosing 100,000 rows
 * therefore costs one range, and asking about a row a binary search.
 */

/** Rows `from` up to but not including `to`. */
export type Range = { readonly from: number; readonly to: number };
export type Ranges = readonly Range[];

export const nothing: Ranges = [];

/** The one row. */
export function only(index: number): Ranges {
	return [{ from: index, to: index + 1 }];
}

/** Both rows and all between them, whichever comes first. */
export function between(a: number, b: number): Ranges {
	return [{ from: Math.min(a, b), to: Math.max(a, b) + 1 }];
}

export function everything(length: number): Ranges {
	return length > 0 ? [{ from: 0, to: length }] : nothing;
}

export function countOf(ranges: Ranges): number {
	let count = 0;
	for (const range of ranges) count += range.to - range.from;
	return count;
}

/** The place of the first range that ends after `index`. */
function seek(ranges: Ranges, index: number): number {
	let low = 0;
	let high = ranges.length;
	while (low < high) {
		const middle = (low + high) >>> 1;
		const range = ranges[middle];
		if (range !== undefined && range.to <= index) low = middle + 1;
		else high = middle;
	}
	return low;
}

export function has(ranges: Ranges, index: number): boolean {
	const range = ranges[seek(ranges, index)];
	return range !== undefined && range.from <= index;
}

/** Sorts and joins what touches or overlaps. */
function tidy(ranges: Range[]): Ranges {
	const result: Range[] = [];
	for (const range of ranges.toSorted((a, b) => a.from - b.from)) {
		const last = result.at(-1);
		if (last !== undefined && range.from <= last.to)
			result[result.length - 1] = { from: last.from, to: Math.max(last.to, range.to) };
		else if (range.to > range.from) result.push(range);
	}
	return result;
}

export function union(a: Ranges, b: Ranges): Ranges {
	return tidy([...a, ...b]);
}

/** The rows of the first `length` that are not in `ranges`. */
export function invert(ranges: Ranges, length: number): Ranges {
	const result: Range[] = [];
	let from = 0;
	for (const range of ranges) {
		if (range.from > from) result.push({ from, to: Math.min(range.from, length) });
		from = range.to;
	}
	if (from < length) result.push({ from, to: length });
	return result.filter((range) => range.to > range.from);
}

/** The rows of `a` that are not in `b`. */
export function without(a: Ranges, b: Ranges): Ranges {
	const end = Math.max(a.at(-1)?.to ?? 0, b.at(-1)?.to ?? 0);
	return invert(union(invert(a, end), b), end);
}

export function toggle(ranges: Ranges, index: number): Ranges {
	return has(ranges, index) ? without(ranges, only(index)) : union(ranges, only(index));
}

/** What stays selected when the list's ids change: the same entries, wherever they are now. */
export function follow(ranges: Ranges, before: Float64Array, after: Float64Array): Ranges {
	const kept = new Set<number>();
	for (const range of ranges) for (const id of before.subarray(range.from, range.to)) kept.add(id);
	if (kept.size === 0) return nothing;
	const result: Range[] = [];
	let from = -1;
	for (let index = 0; index < after.length; index++) {
		const chosen = kept.has(after[index] ?? 0);
		if (chosen && from < 0) from = index;
		else if (!chosen && from >= 0) {
			result.push({ from, to: index });
			from = -1;
		}
	}
	if (from >= 0) result.push({ from, to: after.length });
	return result;
}

/** Selection with the row that ranges start from, and the row that the keyboard is on (null: none yet). */
export type Choice = { readonly ranges: Ranges; readonly anchor: number | null; readonly focus: number | null };

export const noChoice: Choice = { ranges: nothing, anchor: null, focus: null };

/** How a person pointed at a row: alone, adding it (Ctrl or Cmd), or up to it (Shift). */
export type Gesture = { readonly adding: boolean; readonly ranging: boolean };

/** The choice after a click on `index`, or after the keyboard moved there. */
export function choose(choice: Choice, index: number, gesture: Gesture): Choice {
	if (gesture.ranging) {
		const anchor = choice.anchor ?? choice.focus ?? index;
		const range = between(anchor, index);
		return { ranges: gesture.adding ? union(choice.ranges, range) : range, anchor, focus: index };
	}
	const ranges = gesture.adding ? toggle(choice.ranges, index) : only(index);
	return { ranges, anchor: index, focus: index };
}

/** Moves the keyboard to `index` and leaves the selection as it is. */
export function focusOn(choice: Choice, index: number): Choice {
	return { ...choice, focus: index };
}

/** What is chosen of a list: counted and known by ranges at once, by ids when they are asked for. */
export type SelectedEntries = {
	readonly count: number;
	readonly ranges: Ranges;
	/** In the order of the list; eight bytes for each. */
	ids(): Float64Array;
};

export const noSelection: SelectedEntries = { count: 0, ranges: nothing, ids: () => new Float64Array() };

/** The chosen entries of a list that tells the id at an index, or null beyond its end. */
export function selectedEntries(ranges: Ranges, idAt: (index: number) => number | null): SelectedEntries {
	const count = countOf(ranges);
	const ids = (): Float64Array => {
		const all = new Float64Array(count);
		let at = 0;
		for (const { from, to } of ranges) for (let index = from; index < to; index++) all[at++] = idAt(index) ?? 0;
		return all;
	};
	return { count, ranges, ids };
}
