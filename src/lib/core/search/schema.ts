import type { LocatedEntry } from '#core/index';
import type { EntryId } from '#core/kernel';
import type { EntryClass } from './classes.ts';
import type { Mistake, Query, Span } from './query.ts';

/** What lies below a folder, or on this device. */
export type FindScope = { readonly is: 'folder'; readonly folder: EntryId } | { readonly is: 'this-device' };

/** By `fit` the best come first, whichever way. */
export type FindOrder = { readonly by: 'fit' | 'name' | 'size' | 'modified'; readonly descending: boolean };

export type FindInput = {
	/** As typed, in the language of queries; there is no text that is wrong. */
	readonly text: string;
	/** Where to look; all over the library where it is left out, on all devices, whether or not they are there. */
	readonly scope?: FindScope;
};

/** How a text was read: clauses, each with where it stands in the text, and what could not be read. */
export type ReadText = {
	readonly query: Query;
	readonly spans: readonly Span[];
	readonly mistakes: readonly Mistake[];
};

/** All that was found, in order. */
export type FindAnswer = { readonly ids: Float64Array; readonly read: ReadText };

/** One value of a facet: `term` added to what was typed is `text`, which finds `count` of what was found. */
export type FacetValue = {
	readonly term: string;
	readonly text: string;
	readonly label: FacetLabel;
	readonly count: number;
};
export type FacetLabel =
	| { readonly is: 'kind'; readonly kind: EntryClass }
	| { readonly is: 'ext' | 'tag' | 'location' | 'device'; readonly name: string }
	| { readonly is: 'modified'; readonly date: string }
	/** Bytes from and to, both within; null is no end. */
	| { readonly is: 'size'; readonly from: number | null; readonly to: number | null };
export type FacetName = FacetLabel['is'];
/** Values that some of what was found has, and each of a facet as many as people look at. */
export type Facets = Readonly<Record<FacetName, readonly FacetValue[]>>;

/** Why an entry was found: the letters of its name that match, and what else of it does. */
export type Why = {
	readonly entry: EntryId;
	readonly name: readonly Span[];
	/** Names of tags that match. */
	readonly tags: readonly string[];
	/** A part of the note, with the letters that match. */
	readonly note: { readonly text: string; readonly spans: readonly Span[] } | null;
	/** Words with slashes that match its path. */
	readonly path: readonly string[];
};

/** What was found: where it is, and why it is found; null where it is found no more. */
export type FoundRow = LocatedEntry & { readonly why: Why | null };
