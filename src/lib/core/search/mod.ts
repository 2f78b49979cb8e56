/**
 * search: finding entries by what a person types.
 *
 * Owns the language of queries, and what it keeps in memory of all entries while a library is open. Guarantees: there is no
 * text that is wrong, and none becomes SQL; an answer is all that there is, on every device, as the library was at one moment
 * after it was asked; what is gone or has another name is found no more as soon as its transaction has ended.
 */
export { createSearch, type Search } from './search.ts';
export { createNameIndex } from './store.ts';
export { findNameFlaws, type NameFlaw } from './verify-names.ts';
export { parseQuery } from './parse-query.ts';
export { printQuery } from './print-query.ts';
export type { EntryClass } from './classes.ts';
export type { Clause, Mistake, Query, Span, Term, Want } from './query.ts';
export type {
	FacetLabel,
	FacetName,
	Facets,
	FacetValue,
	FindAnswer,
	FindInput,
	FindOrder,
	FindScope,
	FoundRow,
	ReadText,
	Why
} from './schema.ts';
