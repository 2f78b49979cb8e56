import {
	namedWants,
	type Clause,
	type Mistake,
	type NamedWant,
	type ReadQuery,
	type Span,
	type Term,
	type Want
} from './query.ts';
import { readExtensions, readFlag, readKind, readModified, readRating, readSize } from './values.ts';

type Reader = (value: string) => Want | null;
const named =
	(is: NamedWant): Reader =>
	(name) => ({ is, name });

const readers: ReadonlyMap<string, Reader> = new Map<string, Reader>([
	['ext', readExtensions],
	['kind', readKind],
	['size', readSize],
	['rating', readRating],
	['modified', readModified],
	['is', readFlag],
	...namedWants.map((is): [string, Reader] => [is, named(is)])
]);
/** Other names for keys. */
const aliases: Readonly<Record<string, string>> = {
	extension: 'ext',
	type: 'kind',
	date: 'modified',
	folder: 'in',
	where: 'location',
	stars: 'rating'
};

/** A word of what was typed, in quotation marks or not; or a key with its value. */
type Item = Span & {
	readonly not: boolean;
	/** The key as it is printed; null for a word. */
	readonly key: string | null;
	readonly value: string;
	readonly isQuoted: boolean;
	readonly isOpen: boolean;
};

/** Letters read of a text: more than anyone types, few enough to look for each of its words. */
const textMax = 1_000;

const space = /\s/u;

function skipSpace(text: string, from: number): number {
	let at = from;
	while (at < text.length && space.test(text[at] ?? '')) at++;
	return at;
}

function wordEnd(text: string, from: number): number {
	let at = from;
	while (at < text.length && !space.test(text[at] ?? '')) at++;
	return at;
}

type Quoted = { readonly value: string; readonly to: number; readonly isOpen: boolean };

/** What stands between the quotation mark at `from` and the one that ends it; a doubled one is one of the text. */
function readQuoted(text: string, from: number): Quoted {
	let value = '';
	for (let at = from + 1; at < text.length; at++) {
		if (text[at] !== '"') value += text[at] ?? '';
		else if (text[at + 1] === '"') {
			value += '"';
			at++;
		} else return { value, to: at + 1, isOpen: false };
	}
	return { value, to: text.length, isOpen: true };
}

/** The quotation that begins at `from` and ends with its word; null where the mark is a letter like any other. */
function quotedAt(text: string, from: number): Quoted | null {
	if (text[from] !== '"') return null;
	const quoted = readQuoted(text, from);
	// What is being typed has no end yet; a mark by itself is looked for.
	if (quoted.isOpen) return quoted.value.trim() === '' ? null : quoted;
	return quoted.to === text.length || space.test(text[quoted.to] ?? '') ? quoted : null;
}

function readItem(text: string, from: number): Item {
	const next = text[from + 1] ?? ' ';
	const not = text[from] === '-' && next !== '-' && !space.test(next);
	const start = not ? from + 1 : from;
	const typed = /^([a-z]{2,12}):/i.exec(text.slice(start, start + 13))?.[1];
	const name = typed?.toLowerCase() ?? '';
	const key = aliases[name] ?? name;
	const isKey = typed !== undefined && readers.has(key);
	const at = isKey && typed !== undefined ? start + typed.length + 1 : start;
	const quoted = quotedAt(text, at);
	const to = quoted?.to ?? wordEnd(text, at);
	return {
		from,
		to,
		not,
		key: isKey ? key : null,
		value: quoted?.value ?? text.slice(at, to),
		isQuoted: quoted !== null,
		isOpen: quoted?.isOpen === true
	};
}

function readItems(text: string): Item[] {
	const items: Item[] = [];
	for (let at = skipSpace(text, 0); at < text.length;) {
		const item = readItem(text, at);
		items.push(item);
		at = skipSpace(text, item.to);
	}
	return items;
}

function isOr({ key, not, isQuoted, value }: Item): boolean {
	return key === null && !not && !isQuoted && (value === 'OR' || value === '|');
}

/** What an item asks for; null where nothing, with a mistake where it seems to. */
function itemToTerm(item: Item, mistakes: Mistake[]): Term | null {
	const { from, to, not, key, value } = item;
	if (item.isOpen) mistakes.push({ from, to, problem: 'quote-open', key: '' });
	if (key === null) return value === '' ? null : { not, want: { is: 'text', text: value } };
	if (value.trim() === '') {
		mistakes.push({ from, to, problem: 'value-missing', key });
		return null;
	}
	const want = readers.get(key)?.(value) ?? null;
	if (want === null) mistakes.push({ from, to, problem: 'value-unknown', key });
	return want === null ? null : { not, want };
}

/**
 * Reads what a person typed; there is no text that it does not read. Words and keys with values (`ext:pdf`), each of
 * which must hold; `-` before one is what must not; `OR` between two joins them. What is no key is text.
 */
export function parseQuery(text: string): ReadQuery {
	const items = readItems(text.slice(0, textMax));
	const mistakes: Mistake[] = [];
	if (text.length > textMax) mistakes.push({ from: textMax, to: text.length, problem: 'too-long', key: '' });
	const query: Clause[] = [];
	const spans: Span[] = [];
	let isJoined = false;
	items.forEach((item, index) => {
		// With nothing on one of its sides it is a word.
		if (isOr(item) && query.length > 0 && !isJoined && index + 1 < items.length) {
			isJoined = true;
			return;
		}
		const term = itemToTerm(item, mistakes);
		const clause = isJoined ? query.at(-1) : undefined;
		const span = isJoined ? spans.at(-1) : undefined;
		isJoined = false;
		if (term === null) return;
		if (clause === undefined || span === undefined) {
			query.push([term]);
			spans.push({ from: item.from, to: item.to });
		} else {
			query[query.length - 1] = [...clause, term];
			spans[spans.length - 1] = { from: span.from, to: item.to };
		}
	});
	return { query, spans, mistakes };
}
