import type { FileType } from '#core/content';
import type { EntryId, LocationId } from '#core/kernel';
import type { EntryKind, SkippedName } from '#core/ports';

/** A file, directory or symlink as the index knows it. */
export type EntryRow = {
	readonly id: EntryId;
	/** Null for the folder of a location. */
	readonly parent: EntryId | null;
	readonly name: string;
	readonly kind: EntryKind;
	/** Of a directory, all that lies below it. */
	readonly sizeBytes: number;
	/** Milliseconds since 1970; null where the source does not tell. */
	readonly modifiedMs: number | null;
	/** What kind of file it is, by its bytes once they were looked at, else by its name; null where neither tells. */
	readonly type: FileType | null;
};

/** An entry that says where it is. */
export type LocatedEntry = EntryRow & {
	/** Names from the location's folder down to the parent. */
	readonly trail: readonly string[];
	/** The location's folder. */
	readonly top: EntryId;
};

export type SortColumn = 'name' | 'size' | 'modified' | 'kind';
export type EntryOrder = { readonly by: SortColumn; readonly descending: boolean };

/** What lies below a directory, symlinks not followed. */
export type Usage = { readonly files: number; readonly folders: number; readonly sizeBytes: number };

/** Where an index run stands; sent at most a few times a second. */
export type IndexProgress = {
	readonly location: LocationId;
	readonly entries: number;
	readonly foldersLeft: number;
	readonly entriesPerSecond: number;
};

/** How one run ended. */
export type IndexOutcome = {
	readonly added: number;
	readonly changed: number;
	/** Known again in another place. */
	readonly moved: number;
	readonly removed: number;
	/** Dropped as a rule leaves them out by now; they are where they were. */
	readonly leftOut: number;
	readonly entries: number;
	readonly problems: number;
	readonly durationMs: number;
};

/** A folder or file that could not be read, with the path from the location's folder down. */
export type IndexProblem = SkippedName & { readonly folder: EntryId };

export type EntryFailure =
	| { readonly type: 'EntryMissing' }
	| { readonly type: 'PathMissing'; readonly path: string; readonly nearest: EntryId | null };
