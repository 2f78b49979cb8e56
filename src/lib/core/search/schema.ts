import type { LocatedEntry } from '#core/index';
import type { EntryId } from '#core/kernel';

export type FindInput = {
	/** As typed: words that must all be in the name, in any order; never a query language. */
	readonly words: string;
	readonly limit: number;
	/** Where to look; all over the library where it is left out, on all devices, whether or not they are there. */
	readonly scope?: FindScope;
};

/** What lies below a folder, or on this device. */
export type FindScope = { readonly is: 'folder'; readonly folder: EntryId } | { readonly is: 'this-device' };

/** Best first. `more` says that there are matches beyond `limit`. */
export type FindAnswer = { readonly found: readonly LocatedEntry[]; readonly more: boolean };
