import { drawWords, splitWords, unknownWords } from '#core/crypto';
import { err, invariant, ok, type Result } from '#core/kernel';
import type { RandomPort } from '#core/ports';
import type { CodeFailure } from './schema.ts';

const wordCount = 2;
/** 22 bits for two words. */
const randomBytesForWords = 3;
/** As many offers at a time as one place for them holds. */
export const nameplateMax = 999;

/** `7-orbit-violin`: which offer is meant, and a secret of 22 bits that is good for one guess. */
export type ShortCode = { readonly nameplate: number; readonly words: readonly string[] };

/** A new code for the offer of that nameplate. */
export function drawShortCode(nameplate: number, random: RandomPort): ShortCode {
	invariant(Number.isInteger(nameplate) && nameplate >= 1 && nameplate <= nameplateMax, 'a nameplate is 1 to 999');
	return { nameplate, words: drawWords(random.bytes(randomBytesForWords), wordCount) };
}

export function printShortCode({ nameplate, words }: ShortCode): string {
	return [nameplate, ...words].join('-');
}

/** The code that a person typed, in any case and with anything between its parts. */
export function parseShortCode(typed: string): Result<ShortCode, CodeFailure> {
	const [plate = '', ...words] = splitWords(typed);
	const nameplate = /^\d{1,3}$/.test(plate) ? Number(plate) : 0;
	if (nameplate === 0 || words.length !== wordCount) return err({ type: 'CodeIncomplete' });
	const unknown = unknownWords(words);
	return unknown.length > 0 ? err({ type: 'WordsUnknown', unknown }) : ok({ nameplate, words });
}
