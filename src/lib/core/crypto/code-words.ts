import { entropyToMnemonic, mnemonicToEntropy } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { err, invariant, ok, type Result } from '#core/kernel';

/** 128 bits and four of checksum (BIP39). */
export const secretWordCount = 12;
export const secretBytes = 16;
const bitsPerWord = 11;
/** Longer than any word of the list (eight letters) with a slip or two. */
const wordLettersMax = 12;
/** Twelve words, what stands between them, and room for slips. */
const typedLettersMax = 400;
const suggestionsMax = 3;
/** More slips than this make another word. */
const slipsMax = 2;

const places: ReadonlyMap<string, number> = new Map(wordlist.map((word, place) => [word, place]));

export type UnknownWord = { readonly place: number; readonly word: string };

/** Why typed words are no secret. */
export type WordsFailure =
	| { readonly type: 'WordCountWrong'; readonly found: number; readonly wanted: number }
	/** These are not in the list, counted from 0. */
	| { readonly type: 'WordsUnknown'; readonly unknown: readonly UnknownWord[] }
	/** All of them are words of the list, but not these words, or not in this order. */
	| { readonly type: 'WordsMistyped' };

/** The words in what a person typed, in any case and with anything but letters and digits between them. */
export function splitWords(typed: string): readonly string[] {
	return typed.length > typedLettersMax
		? []
		: (typed
				.normalize('NFKC')
				.toLowerCase()
				.match(/[a-z0-9]+/g) ?? []);
}

export function unknownWords(words: readonly string[]): readonly UnknownWord[] {
	return words.flatMap((word, place) => (places.has(word) ? [] : [{ place, word }]));
}

/** Sixteen bytes as twelve words of BIP39's English list. */
export function bytesToWords(bytes: Uint8Array): readonly string[] {
	invariant(bytes.length === secretBytes, 'twelve words hold 16 bytes');
	return entropyToMnemonic(bytes, wordlist).split(' ');
}

/** The bytes of twelve words as a person types them; tells a missing word from an unknown one from a wrong one. */
export function wordsToBytes(typed: string): Result<Uint8Array, WordsFailure> {
	const words = splitWords(typed);
	if (words.length !== secretWordCount)
		return err({ type: 'WordCountWrong', found: words.length, wanted: secretWordCount });
	const unknown = unknownWords(words);
	if (unknown.length > 0) return err({ type: 'WordsUnknown', unknown });
	try {
		return ok(mnemonicToEntropy(words.join(' '), wordlist));
	} catch {
		return err({ type: 'WordsMistyped' });
	}
}

/** The first `count` words that `bytes` give, eleven bits each. */
export function drawWords(bytes: Uint8Array, count: number): readonly string[] {
	invariant(bytes.length * 8 >= count * bitsPerWord, 'a word takes eleven bits');
	return Array.from({ length: count }, (_, at) => {
		let place = 0;
		for (let bit = at * bitsPerWord; bit < (at + 1) * bitsPerWord; bit++)
			place = place * 2 + (((bytes[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1);
		return wordlist[place] ?? '';
	});
}

/** How many letters were left out, added, changed or swapped with the next (optimal string alignment distance). */
function slipsBetween(typed: string, word: string): number {
	let beforeLast: number[] = [];
	let last = Array.from({ length: word.length + 1 }, (_, at) => at);
	for (let row = 1; row <= typed.length; row++) {
		const next = [row];
		for (let column = 1; column <= word.length; column++) {
			const changed = (last[column - 1] ?? 0) + (typed[row - 1] === word[column - 1] ? 0 : 1);
			let least = Math.min(changed, (last[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1);
			if (row > 1 && typed[row - 1] === word[column - 2] && typed[row - 2] === word[column - 1])
				least = Math.min(least, (beforeLast[column - 2] ?? 0) + 1);
			next.push(least);
		}
		beforeLast = last;
		last = next;
	}
	return last[word.length] ?? 0;
}

/** Up to three words of the list that `typed` may have been meant as, the likeliest first; none where none is near. */
export function suggestWords(typed: string): readonly string[] {
	const word = typed.toLowerCase();
	if (word.length === 0 || word.length > wordLettersMax) return [];
	return wordlist
		.filter((candidate) => Math.abs(candidate.length - word.length) <= slipsMax || candidate.startsWith(word))
		.map((candidate) => ({ candidate, slips: candidate.startsWith(word) ? 0 : slipsBetween(word, candidate) }))
		.filter(({ slips }) => slips <= slipsMax)
		.toSorted((a, b) => a.slips - b.slips)
		.slice(0, suggestionsMax)
		.map(({ candidate }) => candidate);
}
