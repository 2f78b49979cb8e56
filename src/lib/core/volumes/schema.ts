import type { EntryId, LocationId } from '#core/kernel';
import type { FilesFailure, RootRef } from '#core/ports';

/** A folder under management. */
export type Location = {
	readonly id: LocationId;
	readonly name: string;
	readonly root: RootRef;
	/** The entry of the folder itself. */
	readonly entry: EntryId;
	readonly addedMs: number;
	/** When the last complete index run ended; null before the first. */
	readonly indexedMs: number | null;
	/** Whether a run was begun and has not ended: it goes on where it was. */
	readonly unfinished: boolean;
	/** Why the folder could not be read last time; its entries stay. */
	readonly problem: LocationProblem | null;
};

export type LocationProblem =
	| FilesFailure
	/** The folder is there and lists nothing, though `entries` are known: an unplugged disk looks so. */
	| { readonly type: 'FolderSuddenlyEmpty'; readonly entries: number };

export type LocationFailure =
	| { readonly type: 'LocationMissing' }
	| { readonly type: 'LocationExists'; readonly location: LocationId }
	| { readonly type: 'NameEmpty' }
	/** A location's name is the first part of its entries' paths: one segment, no `.` and no `..`. */
	| { readonly type: 'LocationNameInvalid'; readonly name: string }
	| { readonly type: 'LocationNameTaken'; readonly name: string };
