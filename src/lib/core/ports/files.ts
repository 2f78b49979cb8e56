import type { Brand, Result } from '#core/kernel';

/** How this host finds a folder again: an absolute path on the peer, the key of a stored handle in a browser. */
export type RootRef = Brand<string, 'RootRef'>;

/** `other` is what must never be opened: pipes, sockets, devices. */
export type EntryKind = 'directory' | 'file' | 'symlink' | 'other';

export type DiskEntry = {
	/** As the disk has it (see `kernel`'s names); one path segment, never `.` or `..`. */
	readonly name: string;
	readonly kind: EntryKind;
	/** Bytes; 0 for anything but a file. */
	readonly sizeBytes: number;
	/** Milliseconds since 1970; null where the source does not tell (browser directories). */
	readonly modifiedMs: number | null;
	/** Null where the source has none. */
	readonly inode: number | null;
};

/** A name that is there and could not be read, and why. */
export type SkippedName = {
	readonly name: string;
	/** `changing`: it was written to while its content was read. */
	readonly reason: 'denied' | 'vanished' | 'unreadable' | 'changing';
	readonly code: string;
};

/** Part of a listing; pages come as the source gives them, at most 1,000 entries each. */
export type DiskPage = { readonly entries: readonly DiskEntry[]; readonly skipped: readonly SkippedName[] };

export type FilesFailure =
	/** The folder is not there; for a root this is an unplugged disk or a moved folder, never a deletion. */
	| { readonly type: 'FolderMissing'; readonly retry: 'when-online' }
	| { readonly type: 'FolderDenied'; readonly retry: 'when-online' }
	/** The browser wants the person to allow this folder again. */
	| { readonly type: 'FolderNeedsConsent'; readonly retry: 'when-online' }
	| { readonly type: 'NotAFolder'; readonly retry: 'never' }
	| { readonly type: 'FolderUnreadable'; readonly code: string; readonly retry: 'soon' };

/** Paths of directories, segments below a root; null for all of them. */
export type ChangedFolders = readonly (readonly string[])[] | null;

/** `WatchUnsupported`: this host tells of no changes. */
export type WatchFailure = FilesFailure | { readonly type: 'WatchUnsupported'; readonly retry: 'never' };

export type FileFailure =
	| { readonly type: 'FileMissing'; readonly retry: 'when-online' }
	| { readonly type: 'FileDenied'; readonly retry: 'when-online' }
	/** A folder, a symlink, a pipe or a device: nothing that is read. */
	| { readonly type: 'NotAFile'; readonly retry: 'never' }
	| { readonly type: 'FileUnreadable'; readonly code: string; readonly retry: 'soon' };

/** What tells a file from the one that it was before. */
export type FileMark = {
	readonly sizeBytes: number;
	readonly modifiedMs: number | null;
	readonly inode: number | null;
};

/** A file held open for reading, with what the disk said of it when it was opened. */
export interface OpenFile extends FileMark {
	/** Fills `into` with the bytes at `offset` and says how many: fewer than it holds only where the file ends. */
	read(offset: number, into: Uint8Array, signal: AbortSignal): Promise<Result<number, FileFailure>>;
	/** Whether the disk says the same of this very file as when it was opened, as finely as it can tell. */
	isUnchanged(signal: AbortSignal): Promise<Result<boolean, FileFailure>>;
	close(): Promise<void>;
}

/** A file that is wanted as `mark` says it was, and the parts of it that are hashed: at most 1 MiB together. */
export type HashWish = {
	/** Segments below the root, the last being its name. */
	readonly path: readonly string[];
	readonly mark: FileMark;
	readonly spans: readonly { readonly offset: number; readonly length: number }[];
};

/** `head`: the first bytes of the first span, at most 4,096. */
export type HashedFile = { readonly hash: Uint8Array; readonly head: Uint8Array };

/** `FileChanging`: it is not as it was wanted, or was written to while it was read. */
export type HashFailure = FileFailure | { readonly type: 'FileChanging'; readonly retry: 'soon' };

/** Reads and hashes files of one root beside the thread of the core. */
export interface FileHasher {
	/**
	 * The BLAKE3 of each file's length (8 bytes, the lowest first) and of its spans, in the order of `files`. A file is
	 * opened as by `open`, and must be the same before and after by all that the disk tells of it. Rejects once the
	 * hasher has ended; `signal` of `createHasher` is its reason where that has aborted.
	 */
	hash(files: readonly HashWish[]): Promise<readonly Result<HashedFile, HashFailure>[]>;
	/** Ends at once, whatever is being read. */
	close(): Promise<void>;
}

/** Folders of the person, outside the library. Read only: symlinks are told, never followed. */
export interface FilesPort {
	/** Directories that are worth listing at the same time; 8 where a host does not say. */
	readonly listingsMax?: number;
	/**
	 * Lists one directory, `path` segments below `root`, in pages. Ends after the first failure, which is then
	 * its last item. A segment that is empty, `.`, `..` or holds a separator or NUL is a defect and throws.
	 */
	list(root: RootRef, path: readonly string[], signal: AbortSignal): AsyncIterable<Result<DiskPage, FilesFailure>>;
	/**
	 * What stands at `path` (one segment or more) below `root` now; null where nothing does. A root that is away is a
	 * failure, never null.
	 */
	look(root: RootRef, path: readonly string[], signal: AbortSignal): Promise<Result<DiskEntry | null, FilesFailure>>;
	/**
	 * Tells which directories below `root` may have changed, as paths, until `signal` aborts; null where any may have.
	 * The first item, an empty list, says that from now on nothing is missed. Between two items the caller may be slow:
	 * what happens meanwhile comes together. Ends after the first failure, which is then its last item.
	 */
	watch(root: RootRef, signal: AbortSignal): AsyncIterable<Result<ChangedFolders, WatchFailure>>;
	/**
	 * Opens the file `path` segments below `root` for reading, the last being its name. Nothing on the way is a
	 * symlink, and only a file is opened: no pipe, no device. Segments as in `list`.
	 */
	open(root: RootRef, path: readonly string[], signal: AbortSignal): Promise<Result<OpenFile, FileFailure>>;
	/** Files of `root` are read and hashed beside this thread; null where the host has nothing that would be quicker. */
	readonly createHasher: ((root: RootRef, signal: AbortSignal) => FileHasher) | null;
	/** What the person calls this folder: the last segment of its path, or the handle's name. */
	rootName(root: RootRef, signal: AbortSignal): Promise<Result<string, FilesFailure>>;
	/** Whether the two are the same folder, or one lies inside the other. */
	relation(
		a: RootRef,
		b: RootRef,
		signal: AbortSignal
	): Promise<Result<'same' | 'a-inside-b' | 'b-inside-a' | 'apart', FilesFailure>>;
}
