import type { Result } from '#core/kernel';
import type { DiskEntry, FilesFailure, OpenFile, RootRef } from './files.ts';

/** A place in a folder of the person: `path`, one segment or more, below `root`. The last segment is its name. */
export type DiskPlace = { readonly root: RootRef; readonly path: readonly string[] };

/** What somebody saw of an entry. A size counts for files only, a time for anything but folders. */
export type SeenEntry = Pick<DiskEntry, 'kind' | 'sizeBytes' | 'modifiedMs' | 'inode'>;

export type ChangeFailure =
	/** Of the folder that the place is in. */
	| FilesFailure
	/** The disk, or what the person allowed, is for reading only. */
	| { readonly type: 'FolderReadOnly'; readonly retry: 'when-online' }
	/** Something has this name, or one that the disk takes for the same. */
	| { readonly type: 'NameTaken'; readonly retry: 'never' }
	/** The disk cannot have this name, or would make another one of it. */
	| { readonly type: 'NameRefused'; readonly retry: 'never' }
	| { readonly type: 'FileMissing'; readonly retry: 'when-online' }
	/** It is not what the caller saw. */
	| { readonly type: 'SourceChanged'; readonly retry: 'never' }
	/** A folder that was to be removed holds something. */
	| { readonly type: 'FolderNotEmpty'; readonly retry: 'never' }
	/** A folder was to be put into itself. */
	| { readonly type: 'InsideItself'; readonly retry: 'never' }
	/** This host or this disk cannot do it at once, as between two disks: said before `NameTaken`. Nothing was done. */
	| { readonly type: 'NotInOneStep'; readonly retry: 'never' }
	| { readonly type: 'NoSpace'; readonly retry: 'soon' }
	/** More bytes than a file may have on this disk. */
	| { readonly type: 'TooLarge'; readonly retry: 'never' }
	| { readonly type: 'ChangeDenied'; readonly retry: 'when-online' }
	| { readonly type: 'ChangeFailed'; readonly code: string; readonly retry: 'soon' };

/** A file held open for writing. Nothing else writes to it. */
export interface PartFile {
	/** Bytes that it held when it was opened. */
	readonly sizeBytes: number;
	/** Puts `bytes` at `offset`, which is nowhere behind the end of what was written. One call at a time. */
	write(offset: number, bytes: Uint8Array, signal: AbortSignal): Promise<Result<null, ChangeFailure>>;
	/**
	 * Ends the file at `sizeBytes` and closes it, with the times of `like`, its permissions, owner, access list and
	 * extended attributes, as far as this host can: a browser keeps none of them, Node the last two on Linux alone.
	 */
	finish(sizeBytes: number, like: OpenFile | null, signal: AbortSignal): Promise<Result<null, ChangeFailure>>;
	/** Lets go of it. What was written stays where this host can; it may be called after `finish`. */
	close(): Promise<void>;
}

export type Rename = {
	readonly from: DiskPlace;
	readonly to: DiskPlace;
	/** What is at `from`; anything else there is `SourceChanged`. */
	readonly expected: SeenEntry;
};

/**
 * Changes folders of the person. No method ever writes over something that is there, follows a symlink below a root or
 * leaves it. A segment that is empty, `.`, `..` or holds a separator or NUL is a defect and throws, but as a new name:
 * that is `NameRefused`. A change is sure to outlast a loss of power once `flush` was told of it, or where the method
 * says so.
 */
export interface FileChangesPort {
	/** Whether `rename` takes folders. */
	readonly renamesFolders: boolean;
	makeFolder(at: DiskPlace, signal: AbortSignal): Promise<Result<null, ChangeFailure>>;
	/** Gives the folder `to` the times, permissions and owner of the folder `from`, as far as this host can. */
	keepFolderFacts(from: DiskPlace, to: DiskPlace, signal: AbortSignal): Promise<Result<null, ChangeFailure>>;
	/** Opens a file for writing: a new one, or `again` one that is there. */
	openPart(at: DiskPlace, mode: 'new' | 'again', signal: AbortSignal): Promise<Result<PartFile, ChangeFailure>>;
	/** Makes `to` a copy of `file` that shares its blocks until one of them is written to, with its times and rights. */
	clone(file: OpenFile, to: DiskPlace, signal: AbortSignal): Promise<Result<null, ChangeFailure>>;
	/** Makes `to` a symlink with the same text as `from`. */
	copyLink(from: DiskPlace, to: DiskPlace, signal: AbortSignal): Promise<Result<null, ChangeFailure>>;
	/**
	 * Renames each as far as it goes, one answer for each in their order: it then outlasts a loss of power, and at no
	 * instant is there neither name. A kill may leave both: asked again, it takes the old one away.
	 */
	rename(moves: readonly Rename[], signal: AbortSignal): Promise<readonly Result<null, ChangeFailure>[]>;
	/** Removes a file, a symlink or an empty folder that is as `expected`. */
	remove(at: DiskPlace, expected: SeenEntry, signal: AbortSignal): Promise<Result<null, ChangeFailure>>;
	/** Returns once the bytes of `files`, and the names in `folders` (a path may be empty), outlast a loss of power. */
	flush(
		files: readonly DiskPlace[],
		folders: readonly DiskPlace[],
		signal: AbortSignal
	): Promise<Result<null, ChangeFailure>>;
}
