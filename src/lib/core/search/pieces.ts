import { foldName } from '#core/kernel';

/** Marks that no name holds stand before and after it in the index, so that "begins with" is a piece like any other. */
const startMark = '\u0001';
const endMark = '\u0002';
const marks = /[\u0000-\u0002]/g;
const pieceLength = 3;

/** The text that the index cuts into pieces of three letters. */
export function indexedText(name: string): string {
	const plain = foldName(name).replace(marks, ' ');
	return startMark + plain + endMark;
}

/** The words of what was typed: folded, without repeats, longest first, as the longest is the most telling. */
export function typedWords(typed: string): string[] {
	const words = foldName(typed)
		.split(/\s+/u)
		.filter((word) => word !== '');
	return [...new Set(words)].toSorted((a, b) => b.length - a.length);
}

function piecesOf(text: string): string[] {
	const letters = Array.from(text);
	const pieces: string[] = [];
	for (let at = 0; at + pieceLength <= letters.length; at++) pieces.push(letters.slice(at, at + pieceLength).join(''));
	return pieces;
}

/** How a name may begin with a word, or merely hold it. */
export type Anchor = 'start' | 'anywhere';

/** The pieces that a name with all `words` has; the first word at its start where `anchor` says so. */
export function wantedPieces(words: readonly string[], anchor: Anchor): string[] {
	return [...new Set(words.flatMap((word, at) => piecesOf(anchor === 'start' && at === 0 ? startMark + word : word)))];
}

/** A full-text expression that asks for every piece; each is quoted, so nothing typed is syntax. */
export function piecesToMatch(pieces: readonly string[]): string {
	return pieces.map((piece) => `"${piece.replaceAll('"', '""')}"`).join(' AND ');
}

/** The pieces that begin with a word too short to be one, as a range of terms; the start mark makes it the first. */
export function shortRange(word: string, anchor: Anchor): { readonly from: string; readonly below: string } {
	const from = anchor === 'start' ? startMark + word : word;
	return { from, below: from + '\u{10ffff}' };
}
