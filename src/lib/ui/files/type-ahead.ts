/** Going to the row whose name begins with what is typed, in a list of which only few rows are here. */

export type NamedRow = { readonly name: string; readonly isFolder: boolean };
/** Reads the rows at these indexes; null for one that is gone. */
export type ReadNames = (indexes: readonly number[]) => Promise<readonly (NamedRow | null)[]>;

export type NameList = {
	readonly length: number;
	readonly read: ReadNames;
	/** Whether the list is in the order of names, folders first, and which way; null in any other order. */
	readonly byName: 'ascending' | 'descending' | null;
};

/** Rows read one after the other where their order does not help; what lies further away is not found. */
const scannedMax = 20_000;
const chunkRows = 1_000;
/** Digits that a number in a name may have more than were typed. */
const moreDigitsMax = 6;

function fold(text: string): string {
	return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}

/** As listings are ordered: by numbers where there are digits. It only guides; what it leads to is looked at. */
function orderKey(name: string): string {
	return fold(name).replace(/\d+/g, (run) => {
		const bare = run.replace(/^0+(?=\d)/, '');
		return `0${String.fromCharCode(96 + bare.length)}${bare}`;
	});
}

/** The first index from `from` up to `to` at which `holds`, which stays true from there on; `to` where it never does. */
async function firstWhere(
	from: number,
	to: number,
	read: ReadNames,
	holds: (row: NamedRow) => boolean
): Promise<number> {
	let [low, high] = [from, to];
	while (low < high) {
		const middle = (low + high) >>> 1;
		const [row] = await read([middle]);
		if (!row || holds(row)) high = middle;
		else low = middle + 1;
	}
	return low;
}

/** First rows that begin with `typed`, of the folders and of the files of a list in the order of names. */
async function firstByOrder({ length, read, byName }: NameList, typed: string): Promise<readonly number[]> {
	const border = await firstWhere(0, length, read, ({ isFolder }) => !isFolder);
	const parts = [
		[0, border],
		[border, length]
	] as const;
	const found: number[] = [];
	for (const [from, to] of parts) {
		for (let more = 0; more <= (/\d$/.test(typed) ? moreDigitsMax : 0); more++) {
			const key = orderKey(`${typed}${'0'.repeat(more)}`);
			const holds =
				byName === 'ascending'
					? ({ name }: NamedRow) => orderKey(name) >= key
					: ({ name }: NamedRow) => orderKey(name) < `${key}\uffff`;
			const at = await firstWhere(from, to, read, holds);
			const [row] = at < to ? await read([at]) : [null];
			if (!row || !fold(row.name).startsWith(typed)) continue;
			found.push(at);
			break;
		}
	}
	return found;
}

/**
 * The next row, from `from` on and round again, whose name begins with `typed`; null where there is none, or none
 * within reach in a list of another order. Case and accents do not count. Reads some fifty rows of a list in the
 * order of names, however long that is.
 */
export async function findByName(list: NameList, typed: string, from: number): Promise<number | null> {
	const { length, read, byName } = list;
	const prefix = fold(typed);
	if (prefix === '' || length === 0) return null;
	const start = from % length;
	const [next] = await read([start]);
	if (next && fold(next.name).startsWith(prefix)) return start;
	if (byName !== null) {
		const found = await firstByOrder(list, prefix);
		const best = found.find((index) => index >= start) ?? found[0];
		if (best !== undefined) return best;
	}
	const reach = Math.min(length, scannedMax);
	for (let done = 0; done < reach; done += chunkRows) {
		const count = Math.min(chunkRows, reach - done);
		const indexes = Array.from({ length: count }, (_, at) => (start + done + at) % length);
		const rows = await read(indexes);
		const at = rows.findIndex((row) => row !== null && fold(row.name).startsWith(prefix));
		if (at >= 0) return indexes[at] ?? null;
	}
	return null;
}

/** What was typed so far: letters soon after one another are one word; one letter again and again goes on. */
export class TypedWord {
	readonly #forgetAfterMs: number;
	#typed = '';
	#lastMs = -Infinity;

	constructor(forgetAfterMs = 900) {
		this.#forgetAfterMs = forgetAfterMs;
	}

	/** Whether a word is being typed, so that a space belongs to it. */
	isGoing(nowMs: number): boolean {
		return this.#typed !== '' && nowMs - this.#lastMs < this.#forgetAfterMs;
	}

	/** Takes a letter. What to look for, and whether the row that the keyboard is on counts. */
	type(letter: string, nowMs: number): { readonly words: string; readonly staysIfFits: boolean } {
		this.#typed = this.isGoing(nowMs) ? this.#typed + letter : letter;
		this.#lastMs = nowMs;
		const letters = [...this.#typed];
		const isRepeat = letters.every((other) => other === letters[0]);
		return { words: isRepeat ? letter : this.#typed, staysIfFits: !isRepeat };
	}
}
