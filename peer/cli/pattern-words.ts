import type { PatternFailure } from '#core/naming';

const patterns: Readonly<Record<PatternFailure['part'], string>> = {
	input: 'That is no pattern for names.',
	expression: 'What is to be found is no regular expression that atoll understands.',
	slow: 'That regular expression takes too long.',
	word: 'In braces stand {name}, {n}, {date}, {time} and {ext}.',
	many: 'That is more than can be renamed at once.'
};

/** What is wrong with a pattern for names. */
export function printPattern(part: PatternFailure['part']): string {
	return patterns[part];
}
