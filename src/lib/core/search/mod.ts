/**
 * search: finding entries by their names, as a person types.
 *
 * Owns the index of three-letter pieces of names. Guarantees: whatever is typed is text, never a query language;
 * a name that is gone from the index of entries is gone from here in the same transaction; every answer has been
 * compared with the name itself.
 */
export { findNames } from './find-names.ts';
export { createNameIndex } from './store.ts';
export { findNameFlaws, type NameFlaw } from './verify-names.ts';
export type { FindAnswer, FindInput, FindScope } from './schema.ts';
