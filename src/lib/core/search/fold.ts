import { foldName } from '#core/kernel';

const plain = /^[\x20-\x7e]*$/;
const signs: Readonly<Record<string, string>> = {
	'\u2018': "'",
	'\u2019': "'",
	'\u201b': "'",
	'\u02bc': "'",
	'\u201c': '"',
	'\u201d': '"',
	'\u2010': '-',
	'\u2011': '-',
	'\u2013': '-',
	'\u2014': '-'
};
const bent = new RegExp(`[${Object.keys(signs).join('')}]`, 'g');

/** How names and what is typed are compared: no case, no accents, one Unicode form, and one quotation mark and dash for all. */
export function fold(text: string): string {
	return plain.test(text) ? text.toLowerCase() : foldName(text).replace(bent, (sign) => signs[sign] ?? sign);
}

/** How a name is sorted, of a folded one: `2` before `10`. */
export function sortText(folded: string): string {
	return folded.replace(/\d+/g, (run) => {
		const bare = run.replace(/^0+(?=\d)/, '');
		return bare.length > 26 ? run : `0${String.fromCharCode(96 + bare.length)}${bare}`;
	});
}

/** What a sentence or a list puts around a word; not what names have there, as in `C++`, `.env` and `foo-`. */
const around = /^["'([{]+|["')\]}?!,;:.]+$/gu;

/**
 * The ways in which a word may stand in a name: as it was typed, without what a sentence puts around it, and with dashes for
 * slashes, as dates have them. None where nothing is left of it that could be looked for.
 */
export function spellings(text: string): readonly string[] {
	const folded = fold(text);
	const all = [folded, folded.replace(around, '')];
	return [...new Set([...all, ...all.map((one) => one.replaceAll('/', '-'))])].filter(
		(one) => one !== '' && !one.includes('\0')
	);
}

const letter = /[\p{L}\p{N}]/u;

/** Whether a word may begin after the letter with this code. */
export function isWordEnd(code: number): boolean {
	if (code < 128) return !((code >= 97 && code <= 122) || (code >= 48 && code <= 57) || (code >= 65 && code <= 90));
	return !letter.test(String.fromCharCode(code));
}
