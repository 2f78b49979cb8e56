import * as v from 'valibot';
import type { EntryId, LocationId } from '#core/kernel';
import type { LocationProblem, NotOnThisDevice, StorageClass } from '#core/volumes';
import type { StepFailure as BytesFailure } from '#core/bytes';
import type { RootRef } from '#core/ports';
import type { StorageFailure } from '#core/schema';

const idSchema = v.pipe(v.number(), v.integer(), v.minValue(1));
const countSchema = v.pipe(v.number(), v.integer(), v.minValue(0));

/** A name in a folder. */
const placeSchema = v.object({ folder: idSchema, name: v.string() });
export type EntryPlace = v.InferOutput<typeof placeSchema>;

/** A place outside the library that bytes come from. */
export const sourceSchema = v.custom<RootRef>((source) => typeof source === 'string' && source !== '');

/** What was seen of an entry when its plan was made; the disk is held to it. */
const seenSchema = v.object({
	kind: v.picklist(['directory', 'file', 'symlink', 'other']),
	sizeBytes: countSchema,
	modifiedMs: v.nullable(v.number()),
	inode: v.nullable(v.number())
});
/** An entry with all below it. */
const sizeSchema = { items: countSchema, sizeBytes: countSchema };
const subject = { entry: idSchema, seen: seenSchema, ...sizeSchema };

export const moveSchema = v.object({ kind: v.literal('move-entry'), ...subject, from: placeSchema, to: placeSchema });
export const copySchema = v.object({ kind: v.literal('copy-entry'), ...subject, from: placeSchema, to: placeSchema });
export const trashSchema = v.object({
	kind: v.literal('trash-entry'),
	...subject,
	from: placeSchema,
	/** What it is called in its bin; no two of one action are called alike. */
	as: v.string(),
	/** The index may know of less than this: rules have left out what came from outside. */
	isAtMost: v.optional(v.boolean())
});
/** The copy of a file that stays when the file goes. */
const copyOfSchema = v.object({
	entry: idSchema,
	at: placeSchema,
	/** Names from that of the location down to the folder of the copy, and of the file itself, to be shown. */
	path: v.array(v.string()),
	ownPath: v.array(v.string())
});
/** Puts a file into the trash that is proved to have the very bytes of another one. */
export const trashCopySchema = v.object({
	kind: v.literal('trash-copy'),
	...subject,
	from: placeSchema,
	as: v.string(),
	copyOf: copyOfSchema
});
export const restoreSchema = v.object({
	kind: v.literal('restore-entry'),
	...subject,
	to: placeSchema,
	/** Of a copy that was put there: what was kept in its place. */
	copyOf: v.optional(copyOfSchema)
});
export const deleteSchema = v.object({ kind: v.literal('delete-entry'), ...subject, name: v.string() });
export const makeFolderSchema = v.object({ kind: v.literal('make-folder'), at: placeSchema });
/** Takes away a folder that was made, while nothing is in it. */
export const removeFolderSchema = v.object({ kind: v.literal('remove-folder'), entry: idSchema, at: placeSchema });

/** Brings something that lies outside the library: a file, or a folder with all in it. */
export const ingestSchema = v.object({
	kind: v.literal('ingest-entry'),
	/** How this host finds it: a folder of the disk, or what a page has at hand. */
	source: sourceSchema,
	path: v.array(v.string()),
	seen: seenSchema,
	...sizeSchema,
	to: placeSchema
});
export const makeFileSchema = v.object({ kind: v.literal('make-file'), at: placeSchema, text: v.string() });

export type MoveEntry = v.InferOutput<typeof moveSchema>;
export type CopyEntry = v.InferOutput<typeof copySchema>;
export type TrashEntry = v.InferOutput<typeof trashSchema>;
export type TrashCopy = v.InferOutput<typeof trashCopySchema>;
export type RestoreEntry = v.InferOutput<typeof restoreSchema>;
export type DeleteEntry = v.InferOutput<typeof deleteSchema>;
export type MakeFolder = v.InferOutput<typeof makeFolderSchema>;
export type RemoveFolder = v.InferOutput<typeof removeFolderSchema>;
export type IngestEntry = v.InferOutput<typeof ingestSchema>;
export type MakeFile = v.InferOutput<typeof makeFileSchema>;
export type Seen = v.InferOutput<typeof seenSchema>;

export type FilesOperation =
	| MoveEntry
	| CopyEntry
	| TrashEntry
	| TrashCopy
	| RestoreEntry
	| DeleteEntry
	| MakeFolder
	| RemoveFolder
	| IngestEntry
	| MakeFile;

export type FilesBlock =
	/** It is not in the library any more. */
	| { readonly type: 'EntryGone' }
	/** It is not what it was, or not where it was. */
	| { readonly type: 'EntryChanged' }
	/** The folder of a location is moved or removed by no action on files. */
	| { readonly type: 'EntryIsLocation' }
	/** What it is to come into is no folder of the library. */
	| { readonly type: 'TargetMissing' }
	| { readonly type: 'TargetNotAFolder' }
	/** A folder was to be put into itself. */
	| { readonly type: 'TargetInside' }
	/** `name` is taken there, by `entry`. */
	| { readonly type: 'NameInUse'; readonly name: string; readonly entry: EntryId }
	/** No disk has such a name. */
	| { readonly type: 'NameImpossible'; readonly name: string }
	/** It is where it is to go. */
	| { readonly type: 'AlreadyThere' }
	| NotOnThisDevice
	/** What holds it cannot be reached now, or may not be touched. */
	| { readonly type: 'LocationAway'; readonly location: LocationId; readonly problem: LocationProblem['type'] }
	/** Something has come into it. */
	| { readonly type: 'FolderInUse' }
	/** A pipe, a socket or a device. */
	| { readonly type: 'NotMovable' }
	/** The copy that was to stay is not there now, or is no file of its own. */
	| { readonly type: 'KeptMissing' }
	/** Not every byte is that of the copy that was to stay. */
	| { readonly type: 'BytesDiffer' };

export type FilesWarning =
	/** There is less room than is needed, as far as the library knows. */
	| { readonly type: 'RoomShort'; readonly needsBytes: number; readonly freeBytes: number }
	/** Slower to be had afterwards. */
	| { readonly type: 'TierColder'; readonly from: StorageClass; readonly to: StorageClass }
	/** Nothing else in the library has the bytes of so many files. */
	| { readonly type: 'LastCopies'; readonly files: number; readonly sizeBytes: number }
	/** More than a person overlooks: items, and how many in a hundred of the location. */
	| { readonly type: 'ManyItems'; readonly items: number; readonly percent: number }
	/** It cannot be taken back. */
	| { readonly type: 'ForEver' }
	/** So many files stay, each for its copies; `sizeBytes` are free once the trash is emptied. */
	| { readonly type: 'CopiesKept'; readonly files: number; readonly sizeBytes: number }
	/** Further names of files that stay, or of files with a name elsewhere: to remove one makes no room. */
	| { readonly type: 'NamesOfOneFile'; readonly names: number }
	/** They stay, as what holds them cannot be reached now. */
	| { readonly type: 'CopiesAway'; readonly files: number }
	/** Groups of which no copy is where one was to be kept; they stay as they are. */
	| { readonly type: 'NoneToKeep'; readonly groups: number };

/** Why a step was not done. */
export type FilesStepFailure =
	| BytesFailure
	| StorageFailure
	| FilesBlock
	/** What was to be brought is not at hand any more, as files that a page had which was closed. */
	| { readonly type: 'SourceGone'; readonly retry: 'never' }
	/** The disk of the location is away, or another in its place. */
	| { readonly type: 'DiskAway'; readonly location: LocationId; readonly retry: 'when-online' };

export type FilesDomain = {
	readonly operation: FilesOperation;
	readonly block: FilesBlock;
	readonly warning: FilesWarning;
	readonly failure: FilesStepFailure;
};

/** What is done where the name is taken. */
export const conflictPolicies = ['ask', 'keep-both', 'replace', 'skip', 'newer'] as const;
export type ConflictPolicy = (typeof conflictPolicies)[number];

/** Which of several copies stays. */
export const keepPolicies = ['oldest', 'newest', 'shortest-path', 'in-folder', 'chosen'] as const;
export type KeepPolicy = (typeof keepPolicies)[number];
