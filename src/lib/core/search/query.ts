import type { EntryClass } from './classes.ts';

/** What is asked for, without how it was typed. Every clause must hold; of a clause, one of its terms. */
export type Query = readonly Clause[];
export type Clause = readonly Term[];
/** `not`: what does not have it is meant. */
export type Term = { readonly not: boolean; readonly want: Want };

/**
 * What one term asks for.
 *
 * - `text` stands in the name, in the path where there is a slash in it, in a tag's name or in the note.
 * - `in` names a folder by the last names of its path; what lies below it is meant.
 * - `size` in bytes, `rating` in stars: both ends belong to it, null is no end.
 * - `modified`: a day, month or year, or a span before now.
 */
export type Want =
	| { readonly is: 'text'; readonly text: string }
	| { readonly is: 'ext'; readonly any: readonly string[] }
	| { readonly is: 'kind'; readonly kind: EntryClass }
	| { readonly is: 'size'; readonly from: number | null; readonly to: number | null }
	| { readonly is: 'rating'; readonly from: number | null; readonly to: number | null }
	| { readonly is: 'modified'; readonly how: DateHow; readonly date: string }
	| { readonly is: 'modified'; readonly how: 'between'; readonly date: string; readonly to: string }
	| { readonly is: NamedWant; readonly name: string }
	| { readonly is: 'flag'; readonly flag: Flag };

/** Within the time that a date names, after it, from its beginning on, before it, or up to its end. */
export type DateHow = 'within' | 'after' | 'since' | 'before' | 'until';

export const namedWants = ['tag', 'in', 'path', 'device', 'location', 'note'] as const;
export type NamedWant = (typeof namedWants)[number];
export const flags = ['favourite', 'offline', 'online', 'tagged', 'noted'] as const;
export type Flag = (typeof flags)[number];

/** Where something stands in the text: from a letter up to and without another, as JavaScript counts them. */
export type Span = { readonly from: number; readonly to: number };

/**
 * What could not be read as it seems to be meant, and is left out of the query: a `value` that is missing or that its key
 * does not take; a quotation that does not end, and is read up to the end; or what is beyond the longest text that is read.
 */
export type Mistake = Span & {
	readonly problem: 'value-missing' | 'value-unknown' | 'quote-open' | 'too-long';
	/** The key that it is about, as it is printed; empty where it is about none. */
	readonly key: string;
};

/** A text as it was read: each clause with where it stands. */
export type ReadQuery = {
	readonly query: Query;
	readonly spans: readonly Span[];
	readonly mistakes: readonly Mistake[];
};
