import type { LocatedEntry } from '#core/index';

export type FindInput = {
	/** As typed: words that must all be in the name, in any order; never a query language. */
	readonly words: string;
	readonly limit: number;
};

/** Best first. `more` says that there are matches beyond `limit`. */
export type FindAnswer = { readonly found: readonly LocatedEntry[]; readonly more: boolean };
