/**
 * naming: what many files are called by a pattern.
 *
 * Owns nothing and touches nothing: a pattern and a list of names give a list of names, the same each time. Guarantees:
 * an ending stays unless the pattern asks for it; an expression of a person's is stopped when it takes too long.
 */
export { namesByPattern } from './names-by-pattern.ts';
export { letterCases, type Named, type NamePatternInput, type PatternFailure } from './schema.ts';
