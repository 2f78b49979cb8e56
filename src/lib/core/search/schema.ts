import type { EntryRow } from '#core/index';

export type FindInput = {
	/** As typed: words that must all be in the name, in any order; never a query language. */
	readonly words: string;
	readonly limit: number;
};

export type FoundEntry = EntryRow & {
	/** Names from the location's folder down to the parent. */
	readonly trail: readonly string[];
};

/** Best first. `more` says that there are matches beyond `limit`. */
export type FindAnswer = { readonly found: readonly FoundEntry[]; readonly more: boolean };
