/** How well texts answer to what was typed. */

function fold(text: string): string {
	return text.normalize('NFKD').replace(/\p{M}/gu, '').toLocaleLowerCase();
}

const isLetter = /[\p{L}\p{N}]/u;

/** Lower is better; null where the letters are not there in that order. */
function scoreWord(word: string, text: string): number | null {
	const at = text.indexOf(word);
	if (at === 0) return 0;
	for (let next = at; next > 0; next = text.indexOf(word, next + 1))
		if (!isLetter.test(text.charAt(next - 1))) return 1;
	if (at > 0) return 3;
	return word.length > 1 && inPieces(word).test(text) ? 5 : null;
}

/** Matches where each letter of `word` follows the one before it or begins a word: `rfa` in `read folder again`. */
function inPieces(word: string): RegExp {
	const [first = '', ...rest] = [...word].map((letter) => letter.replace(/[^\p{L}\p{N}]/gu, '\\$&'));
	return new RegExp(`\\b${first}${rest.map((letter) => `(?:${letter}|.*?\\b${letter})`).join('')}`);
}

/**
 * How well `title`, else `also`, answers to every word typed; lower is better, null where a word is missing.
 * A word at the beginning counts more than one at the start of another word, and that more than one in the middle.
 */
export function scoreText(typed: string, title: string, also = ''): number | null {
	const words = fold(typed).split(/\s+/).filter(Boolean);
	const [main, other] = [fold(title), fold(also)];
	let score = 0;
	for (const word of words) {
		const inTitle = scoreWord(word, main);
		const beside = other.split(/\s+/).some((part) => part.startsWith(word)) ? 4 : null;
		const best = Math.min(inTitle ?? Infinity, beside ?? Infinity);
		if (best === Infinity) return null;
		score += best;
	}
	// Who types all of a title means it.
	return words.length > 0 && main === words.join(' ') ? -1 : score;
}
