import type { EntryRow } from '#core/index';

/** What a grid shows: so many rows, each known by its id at once and by its content as soon as it is loaded. */
export interface RowSource {
	readonly length: number;
	/** The id at `index`, or null beyond the end. */
	idAt(index: number): number | null;
	/** Where an id stands now, or -1. */
	indexOf(id: number): number;
	/** The row at `index`, or null while it is not loaded. Reactive. */
	rowAt(index: number): EntryRow | null;
	/** Says which rows are about to be seen, so that they are loaded first and the others no longer. */
	want(from: number, to: number): void;
	/** Shows a name that is being given, until the row is read again. */
	showName?(row: EntryRow, name: string): void;
}

/** What a row says of where it is: whose it is, or that its disk is away. */
export type PlaceBadge = { readonly words: string; readonly isAway: boolean };
