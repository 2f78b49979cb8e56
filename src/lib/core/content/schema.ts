import type { ContentId, EntryId, LocationId } from '#core/kernel';
import type { FileKind } from './file-types.ts';

/** What a file is taken for: by its bytes where they were looked at, else by the end of its name. */
export type FileType = { readonly id: string; readonly kind: FileKind; readonly words: string };

/** What the copies of a file share. */
export type Content = {
	readonly id: ContentId;
	/** Of 32 bytes. */
	readonly identity: Uint8Array;
	readonly sizeBytes: number;
	readonly type: FileType;
	/** 0 to 100: how sure the type is. */
	readonly confidence: number;
	/** BLAKE3 of all bytes of its proven copies; null before the first was proven. */
	readonly proof: Uint8Array | null;
};

/** A file of the index, as whoever looks at its bytes needs it. */
export type FileEntry = {
	readonly id: EntryId;
	readonly folder: EntryId;
	readonly location: LocationId;
	readonly name: string;
	readonly sizeBytes: number;
	readonly modifiedMs: number | null;
	readonly inode: number | null;
	readonly content: ContentId | null;
	readonly proven: boolean;
	/** A scrub has found other bytes in it than those that the library knows. */
	readonly damaged: boolean;
};

/** The files of the index, lent by a later room. Everything here runs inside `read` or `write`. */
export type FileEntries = {
	/** Files without a content, by rising ids from above `after`, of any location. */
	readUnidentified(after: number, limit: number): FileEntry[];
	/**
	 * How many of the files above `after`, at most `limit` looked at, are of `location`, how many of them nobody has
	 * tried to read since they were listed, what there is to read of them all, and where to go on.
	 */
	countUnidentified(
		location: LocationId,
		after: number,
		limit: number,
		read: { readonly wholeBytesMax: number; readonly windowBytes: number }
	): { readonly files: number; readonly untried: number; readonly bytes: number; readonly last: number | null };
	/** Files of `location` with a content, by rising ids from above `after`. */
	readKnown(location: LocationId, after: number, limit: number): FileEntry[];
	countKnown(location: LocationId): { readonly files: number; readonly sizeBytes: number };
	/** The file as it is now, or null where it is gone. */
	readFile(id: EntryId): FileEntry | null;
	/**
	 * Tells the names from the location's folder (left out) down to a folder; for the time of one transaction, as each
	 * folder on the way is read once.
	 */
	pathReader(): (folder: EntryId) => readonly string[];
	readCopies(content: ContentId): FileEntry[];
	/**
	 * Ties a file that had no content to one, unless it is gone, changed or tied by now; whether it did. A content
	 * that stays without an entry is removed.
	 */
	linkContent(file: FileEntry, content: ContentId): boolean;
	/** Ties the entry to another content; what no entry is tied to any more is removed. */
	writeContent(id: EntryId, content: ContentId, proven: boolean): void;
	/** Marks a file whose bytes are others than those of its content, until it changes or is found whole. */
	writeDamaged(id: EntryId): void;
	/** Notes why a file that is as it was could not be read. */
	writeProblem(file: FileEntry, problem: Unread): void;
	/** Takes away the notes of files that were read; cheap where there are none. */
	clearProblems(files: readonly FileEntry[]): void;
};

/** Why a file's bytes could not be looked at; it is tried again in the next run. */
export type Unread = { readonly reason: 'denied' | 'vanished' | 'unreadable' | 'changing'; readonly code: string };

export type ContentProgress = {
	readonly location: LocationId;
	/** Looked at since the start. */
	readonly files: number;
	readonly filesLeft: number;
	readonly bytesRead: number;
	readonly bytesLeft: number;
	readonly filesPerSecond: number;
};

/** What a look at files tells while it goes on. */
export type LookHooks = {
	readonly onProgress: (progress: ContentProgress) => void;
	/** Called inside the transaction that writes what was seen, after that was told as progress. */
	readonly onBatch: () => void;
	/** A file that could not be read, by its path from the location's folder down. */
	readonly onUnread: (path: readonly string[], why: Unread) => void;
};

/** How one look at a location's files ended. */
export type IdentifyOutcome = {
	readonly files: number;
	readonly bytesRead: number;
	/** Files that could not be read, or that changed meanwhile. */
	readonly problems: number;
	readonly durationMs: number;
};

export type ProveOutcome = {
	/** Copies of which every byte was read, now or earlier. */
	readonly proven: number;
	/** Copies that turned out to be another content. */
	readonly split: number;
	readonly unread: number;
	readonly bytesRead: number;
};
export type ContentFailure =
	| { readonly type: 'ContentMissing' }
	/** Somebody else paused it; it goes on from here when it is asked for again. */
	| { readonly type: 'ContentPaused' }
	/** Somebody else cancelled it; what it had found is kept. */
	| { readonly type: 'ContentCancelled' };
