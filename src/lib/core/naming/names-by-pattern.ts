import * as v from 'valibot';
import { err, ok, type Result } from '#core/kernel';
import { replaceMatches } from './match-expression.ts';
import { parseExpression } from './parse-expression.ts';
import { namePatternSchema, type Named, type NamePattern, type PatternFailure } from './schema.ts';

/** Minutes that local time is ahead of UTC at a time, in milliseconds. */
type OffsetAt = (atMs: number) => number;

const dayMs = 86_400_000;
const padded = (value: number, digits: number): string => String(value).padStart(digits, '0');

/** Year, month and day of a number of days since 1970 (Howard Hinnant, "chrono-compatible low-level date algorithms"). */
function civil(days: number): readonly [number, number, number] {
	const shifted = days + 719_468;
	const era = Math.floor(shifted / 146_097);
	const dayOfEra = shifted - era * 146_097;
	const yearOfEra = Math.floor(
		(dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365
	);
	const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
	const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
	const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
	const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
	return [yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day];
}

function dateAndTime(atMs: number | null, offsetAt: OffsetAt): readonly [string, string] {
	if (atMs === null) return ['', ''];
	const localMs = atMs + offsetAt(atMs);
	const days = Math.floor(localMs / dayMs);
	const [year, month, day] = civil(days);
	const seconds = Math.floor((localMs - days * dayMs) / 1_000);
	const time = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
	return [[padded(year, 4), padded(month, 2), padded(day, 2)].join('-'), time.map((part) => padded(part, 2)).join('-')];
}

/** What comes before the last dot, and the ending with its dot. */
function parts({ name, isFolder }: Named): readonly [string, string] {
	const dot = isFolder ? -1 : name.lastIndexOf('.');
	return dot <= 0 ? [name, ''] : [name.slice(0, dot), name.slice(dot)];
}

const lettersOf: { readonly [L in NamePattern['letters']]: (text: string) => string } = {
	keep: (text) => text,
	lower: (text) => text.toLowerCase(),
	upper: (text) => text.toUpperCase(),
	words: (text) => text.toLowerCase().replace(/(?<![\p{L}\p{M}\p{N}'’])\p{L}/gu, (letter) => letter.toUpperCase())
};

const wordsMeant = new Set(['name', 'n', 'date', 'time', 'ext']);
/** A word in braces; other braces stand for themselves. */
const braced = /\{(\p{L}+)\}/gu;

type Replace = (text: string) => string | null;

/** How what is to be found is replaced. */
function replacing({ find, replace, isExpression }: NamePattern): Result<Replace, PatternFailure> {
	if (find === '') return ok((text) => text);
	if (!isExpression) return ok((text) => text.split(find).join(replace));
	const expression = parseExpression(find);
	if (expression === null) return err({ type: 'PatternWrong', part: 'expression' });
	return ok((text) => replaceMatches(expression, text, replace));
}

/** `number` with at least so many digits, its sign not counted. */
function numberText(number: number, digits: number): string {
	return (number < 0 ? '-' : '') + padded(Math.abs(number), digits);
}

/**
 * What each of `files` is called by `pattern`, in their order; nothing is looked at but what is given. Whether the names
 * can be had is for who gives them to find out.
 */
export function namesByPattern(
	input: unknown,
	files: readonly Named[],
	offsetAt: OffsetAt
): Result<string[], PatternFailure> {
	const parsed = v.safeParse(namePatternSchema, input);
	if (!parsed.success) return err({ type: 'PatternWrong', part: 'input' });
	const pattern = parsed.output;
	for (const [, word] of pattern.template.matchAll(braced))
		if (!wordsMeant.has(word ?? '')) return err({ type: 'PatternWrong', part: 'word' });
	const replaced = replacing(pattern);
	if (!replaced.ok) return replaced;
	const names: string[] = [];
	for (const [at, file] of files.entries()) {
		const [stem, ending] = parts(file);
		const found = replaced.value(pattern.withEnding ? file.name : stem);
		if (found === null) return err({ type: 'PatternWrong', part: 'slow' });
		const [date, time] = dateAndTime(file.modifiedMs, offsetAt);
		const words: Readonly<Record<string, string>> = {
			name: lettersOf[pattern.letters](found),
			n: numberText(pattern.start + at * pattern.step, pattern.digits),
			date,
			time,
			ext: ending.slice(1)
		};
		const made = pattern.template.replace(braced, (whole, word: string) => words[word] ?? whole);
		names.push(pattern.withEnding ? made : made + ending);
	}
	return ok(names);
}
