import * as v from 'valibot';

/** Characters of a text that a person types here: no name is longer. */
const textMax = 255;
const textSchema = v.pipe(v.string(), v.maxLength(textMax));
const numberMax = 1_000_000_000;
const wholeSchema = v.pipe(v.number(), v.integer(), v.minValue(-numberMax), v.maxValue(numberMax));

export const letterCases = ['keep', 'lower', 'upper', 'words'] as const;

/**
 * What many are to be called. Of each name, in this order:
 *
 * 1. its ending is put aside, unless `withEnding`: of a file what comes after its last dot, of a folder nothing;
 * 2. every `find` is replaced by `replace`: as it stands, or as an expression (`isExpression`);
 * 3. its letters are made small or large, or the first of each word large (`letters`);
 * 4. it is put into `template`, whose words in braces stand for something of the file:
 *    `{name}` the name so far · `{n}` its number · `{date}` and `{time}` when it was modified, as `2024-05-31` and
 *    `14-05-09`, nothing where that is not known · `{ext}` its ending as it was, without the dot;
 * 5. the ending that was put aside comes last.
 *
 * Numbers follow the order in which the files are given.
 */
export const namePatternSchema = v.object({
	template: v.optional(textSchema, '{name}'),
	find: v.optional(textSchema, ''),
	replace: v.optional(textSchema, ''),
	isExpression: v.optional(v.boolean(), false),
	letters: v.optional(v.picklist(letterCases), 'keep'),
	/** The first number, what is added for each file after it, and as how many digits at least it is written. */
	start: v.optional(wholeSchema, 1),
	step: v.optional(wholeSchema, 1),
	digits: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(12)), 1),
	withEnding: v.optional(v.boolean(), false)
});

export type NamePatternInput = v.InferInput<typeof namePatternSchema>;
export type NamePattern = v.InferOutput<typeof namePatternSchema>;

export type PatternFailure = {
	readonly type: 'PatternWrong';
	/**
	 * `input`: it is no pattern at all. `expression`: what is to be found is no expression that is understood. `slow`: it
	 * takes too long. `word`: the template has a word in braces that stands for nothing. `many`: more than one action takes.
	 */
	readonly part: 'input' | 'expression' | 'slow' | 'word' | 'many';
};

/** What a pattern looks at of each. */
export type Named = { readonly name: string; readonly isFolder: boolean; readonly modifiedMs: number | null };
