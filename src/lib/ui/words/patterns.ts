import type { PatternFailure } from '#core/naming';

/** What is wrong with a pattern for names, and what to do about it. */
export const patternWords: Readonly<Record<PatternFailure['part'], string>> = {
	input: 'Numbers are whole, and no text is longer than 255 letters.',
	expression: 'This is no regular expression that Atoll understands.',
	slow: 'This regular expression takes too long. Make it simpler.',
	word: 'In braces stand {name}, {n}, {date}, {time} and {ext}.',
	many: 'More than 100,000 cannot be renamed at once. Choose fewer.'
};
