import type { ChangeFailure, DiskPlace, SeenEntry } from './file-changes.ts';
import type { FileFailure } from './files.ts';

/** A file that is wanted, all of it, as a new one. */
export type WantedCopy = {
	readonly from: DiskPlace;
	/** What is at `from`; anything else there, before or after it was read, is `SourceChanged`. */
	readonly expected: SeenEntry;
	readonly to: DiskPlace;
};

/** The BLAKE3 of the bytes that were read; or which of the two places is why there is none. */
export type SmallEnd =
	| { readonly hash: Uint8Array; readonly failed: null }
	| { readonly failed: 'from' | 'to'; readonly failure: FileFailure | ChangeFailure };

/**
 * Many small files at once, where a host has a quicker way than one call for each step of each: then all else that the
 * ports say of opening, reading and writing a file holds as well.
 */
export interface SmallFiles {
	/** The largest file that is taken. */
	readonly sizeBytesMax: number;
	/**
	 * Makes a new file of each, as `openPart`, `write` and `finish` do with what `open` and `read` give, one answer for
	 * each in their order. Nothing is flushed. What has failed may be there in part.
	 * Once it rejects, as with the signal's reason, nothing is written any more.
	 */
	copy(wanted: readonly WantedCopy[], signal: AbortSignal): Promise<readonly SmallEnd[]>;
	/** Reads all bytes of each, one answer for each in their order. */
	hash(places: readonly DiskPlace[], signal: AbortSignal): Promise<readonly SmallEnd[]>;
}
