import type { EntryId, LocationId, VolumeId, VolumeKey } from '#core/kernel';
import type { FilesFailure, Medium, RootRef, VolumeKind } from '#core/ports';
import type { Speed, StorageClass, Tier } from './storage-class.ts';

/**
 * How far the files of a location are looked at. `shallow`: names, sizes and times; `content`: also what they are, by
 * their bytes; `deep`: also what there is to be made of them is queued.
 */
export type IndexMode = (typeof indexModes)[number];
export const indexModes = ['shallow', 'content', 'deep'] as const;

export function isIndexMode(text: string): text is IndexMode {
	return indexModes.some((mode) => mode === text);
}

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
	/** Where it lies; null until that was seen. */
	readonly place: Place | null;
	readonly tier: Tier;
	readonly mode: IndexMode;
	/** Its folder could not be reached when that was last tried. What is known of it stays. */
	readonly isOffline: boolean;
	/** Its disk was at another device before. */
	readonly hasMoved: boolean;
};

/** `path` is names from the top of the volume down. */
export type Place = { readonly volume: VolumeId; readonly path: readonly string[] };

/** The index run of a location that was begun last. */
export type LastRun = {
	readonly run: number;
	/** Whether it has come to its end. */
	readonly isOver: boolean;
	/** The highest number of an entry when a run ended last: what has a higher one has come since. */
	readonly newestEntry: number;
};

/** A filesystem that locations lie on, as it was when it was last seen. Null is what the host does not tell. */
export type Volume = {
	readonly id: VolumeId;
	readonly key: VolumeKey;
	/** See the port: what the volume is known by, and whether that is its own. */
	readonly identity: string;
	readonly isOwnIdentity: boolean;
	/** What a person calls it; null where nobody did. */
	readonly name: string | null;
	readonly label: string | null;
	readonly kind: VolumeKind;
	readonly fileSystem: string | null;
	readonly medium: Medium | null;
	readonly capacityBytes: number | null;
	readonly freeBytes: number | null;
	readonly speed: Speed | null;
	readonly physicalClass: StorageClass | null;
	readonly isOnline: boolean;
	readonly seenMs: number;
};

export type VolumeFailure =
	| { readonly type: 'VolumeMissing' }
	/** `disk` is what people call it, where it has a name. */
	| { readonly type: 'VolumeAway'; readonly disk: string | null }
	/** What lies on it is too little to tell a speed by. */
	| { readonly type: 'NothingToMeasure' };

export type LocationProblem =
	| FilesFailure
	/** The folder is there and lists nothing, though `entries` are known: an unplugged disk looks so. */
	| { readonly type: 'FolderSuddenlyEmpty'; readonly entries: number }
	/** The folder's path leads to another volume now: its own, `disk`, is away, and another in its place. */
	| { readonly type: 'VolumeReplaced'; readonly disk: string | null }
	| NotOnThisDevice;

/** It is another device's, which people call `device`: what is known of it is shown here, and no more done with it. */
export type NotOnThisDevice = { readonly type: 'NotOnThisDevice'; readonly device: string };

/** Why this device has no such location to do something with. */
export type LocationNotHere = { readonly type: 'LocationMissing' } | NotOnThisDevice;

export type LocationFailure =
	| LocationNotHere
	| { readonly type: 'LocationExists'; readonly location: LocationId }
	| { readonly type: 'NameEmpty' }
	/** A location's name is the first part of its entries' paths: one segment, no `.` and no `..`. */
	| { readonly type: 'LocationNameInvalid'; readonly name: string }
	| { readonly type: 'LocationNameTaken'; readonly name: string };
