/**
 * A disk name made fit to be shown: nothing in it can hide, reorder or break the line.
 *
 * Control characters, direction marks and bytes that are not UTF-8 (kernel names carry them as U+EF80..U+EFFF)
 * become visible marks; the end of a long name, with its extension, is kept apart so that it is never cut off.
 */
export type NamePart = { readonly text: string; readonly mark: boolean };
/** `head` may be cut short with an ellipsis; `tail` is always seen. */
export type NameParts = { readonly head: readonly NamePart[]; readonly tail: readonly NamePart[] };

// eslint-disable-next-line no-control-regex -- these are what is looked for
const hidden = /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\uef80-\uefff]/;
const plain = /^[\x20-\x7e]*$/;
const tailMax = 12;
/** Names shorter than this hardly ever need cutting, and splitting them would cost every row. */
const splitFrom = 24;

function markOf(char: string): string {
	const code = char.codePointAt(0) ?? 0;
	const raw = code >= 0xef80 && code <= 0xefff;
	const value = raw ? code - 0xef00 : code;
	return value <= 0xff
		? `\\x${value.toString(16).toUpperCase().padStart(2, '0')}`
		: `\\u${value.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** The text in runs of what may be shown as it is and what is shown as a mark. */
export function markHidden(text: string): readonly NamePart[] {
	if (plain.test(text) || !hidden.test(text)) return text === '' ? [] : [{ text, mark: false }];
	const parts: NamePart[] = [];
	let run = '';
	for (const char of text) {
		if (!hidden.test(char)) run += char;
		else {
			if (run !== '') parts.push({ text: run, mark: false });
			parts.push({ text: markOf(char), mark: true });
			run = '';
		}
	}
	if (run !== '') parts.push({ text: run, mark: false });
	return parts;
}

/** The whole name as one line of plain text, marks included: for titles, labels and announcements. */
export function visibleName(name: string): string {
	return markHidden(name)
		.map((part) => part.text)
		.join('');
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Where the tail begins: a few letters before the extension, never inside what a reader sees as one letter. */
function tailStart(name: string): number {
	const dot = name.lastIndexOf('.');
	const extension = dot > 0 && name.length - dot <= 9 ? name.length - dot : 0;
	const wanted = name.length - Math.min(tailMax, extension + 5);
	if (plain.test(name)) return wanted;
	const window = Math.max(0, wanted - 16);
	for (const piece of graphemes.segment(name.slice(window)))
		if (window + piece.index >= wanted) return window + piece.index;
	return name.length;
}

export function nameParts(name: string): NameParts {
	if (name.length < splitFrom) return { head: markHidden(name), tail: [] };
	const start = tailStart(name);
	return { head: markHidden(name.slice(0, start)), tail: markHidden(name.slice(start)) };
}
