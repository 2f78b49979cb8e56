import { isWordEnd } from './fold.ts';

/** Stands between names; no name holds it. */
const separator = '\0';
const blockRows = 4_096;

/**
 * How well a word fits a name; lower is better: it is the name, what stands before its first dot, its beginning, a word's
 * beginning, anywhere. Then what does not stand in the name; `noFit`: nothing does.
 */
export const fits = { whole: 0, stem: 1, start: 2, word: 3, inside: 4, elsewhere: 5 } as const;
export const noFit = 255;

type Block = { readonly text: string; readonly starts: Uint32Array };

/** How `word`, of this length, fits the name from `from` to `to` in `text` by standing there at `at`. */
function fitAt(text: string, wordLength: number, at: number, from: number, to: number): number {
	if (at > from) return isWordEnd(text.charCodeAt(at - 1)) ? fits.word : fits.inside;
	if (to - from === wordLength) return fits.whole;
	return text.charCodeAt(at + wordLength) === 46 ? fits.stem : fits.start;
}

/** How a folded word fits one folded name. */
export function fitOf(name: string, word: string): number {
	let best = noFit;
	// Where it begins the name or a word it stands no better further on.
	for (let at = name.indexOf(word); at >= 0 && best >= fits.inside; at = name.indexOf(word, at + 1))
		best = fitAt(name, word.length, at, 0, name.length);
	return best;
}

/**
 * Folded names by rows, joined into long texts: a word is looked for in thousands of names at a time, which is as fast as
 * memory is read.
 */
export class Names {
	#blocks: Block[] = [];
	/** Those after the last whole block. */
	#tail: string[] = [];
	/** Rows that have got another name than the one in their block. */
	#other = new Map<number, string>();

	get length(): number {
		return this.#blocks.length * blockRows + this.#tail.length;
	}

	/** How many names are not where they belong; a new reading puts them there. */
	get displaced(): number {
		return this.#other.size;
	}

	add(name: string): void {
		this.#tail.push(name);
		if (this.#tail.length === blockRows) this.#seal();
	}

	#seal(): void {
		const starts = new Uint32Array(blockRows + 1);
		let at = 0;
		this.#tail.forEach((name, index) => {
			starts[index] = at;
			at += name.length + 1;
		});
		starts[blockRows] = at;
		this.#blocks.push({ text: this.#tail.join(separator) + separator, starts });
		this.#tail = [];
	}

	set(row: number, name: string): void {
		const sealed = this.#blocks.length * blockRows;
		if (row >= sealed) this.#tail[row - sealed] = name;
		else this.#other.set(row, name);
	}

	at(row: number): string {
		const other = this.#other.get(row);
		if (other !== undefined) return other;
		const block = this.#blocks[Math.floor(row / blockRows)];
		const index = row % blockRows;
		if (block === undefined) return this.#tail[index] ?? '';
		return block.text.slice(block.starts[index] ?? 0, (block.starts[index + 1] ?? 1) - 1);
	}

	/** Lowers `best` for each row whose name has `word`. */
	fit(word: string, best: Uint8Array): void {
		this.#blocks.forEach((block, index) => this.#fitBlock(block, index * blockRows, word, best));
		const sealed = this.#blocks.length * blockRows;
		this.#tail.forEach((name, index) => lower(best, sealed + index, fitOf(name, word)));
		for (const [row, name] of this.#other) lower(best, row, fitOf(name, word));
	}

	#fitBlock({ text, starts }: Block, first: number, word: string, best: Uint8Array): void {
		let index = 0;
		for (let at = text.indexOf(word); at >= 0;) {
			while ((starts[index + 1] ?? Infinity) <= at) index++;
			const from = starts[index] ?? 0;
			const end = starts[index + 1] ?? text.length;
			const fit = fitAt(text, word.length, at, from, end - 1);
			if (this.#other.size === 0 || !this.#other.has(first + index)) lower(best, first + index, fit);
			at = text.indexOf(word, fit === fits.inside ? at + 1 : end);
		}
	}
}

function lower(best: Uint8Array, row: number, fit: number): void {
	if (fit < (best[row] ?? noFit)) best[row] = fit;
}
