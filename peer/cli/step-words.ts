/** Why a step of an action was not done, for people at a terminal; a new reason without words here does not compile. */
import type { AnyBlock, AnyStep } from '#core';

type StepFailure = NonNullable<AnyStep['failure']>;
type OnDisk = Exclude<StepFailure, AnyBlock>;

const onDisk: { readonly [T in OnDisk['type']]: string } = {
	FolderReadOnly: 'its folder, or the disk, is for reading only',
	NameTaken: 'something of this name is there already',
	NameRefused: 'the disk cannot have this name',
	FileMissing: 'it is not there any more',
	SourceChanged: 'it was changed meanwhile, and left alone',
	FolderNotEmpty: 'something has come into it',
	InsideItself: 'a folder cannot come into itself',
	NotInOneStep: 'this disk cannot do it',
	NoSpace: 'the disk is full',
	TooLarge: 'the disk takes no file of this size',
	ChangeDenied: 'the system does not let Atoll change it',
	ChangeFailed: 'the disk failed',
	FileDenied: 'the system does not let Atoll open it',
	NotAFile: 'it is no file any more',
	FileUnreadable: 'it cannot be read',
	CopyDiffers: 'what was written is not what was read: the disk may be failing',
	LibraryBusy: 'another program uses the library',
	DiskFull: 'the disk of the library is full',
	StorageDenied: 'the library may not be written to',
	LibraryDamaged: 'the library is damaged',
	StorageFailed: 'the disk of the library failed',
	DiskAway: 'its disk is not mounted',
	SourceGone: 'what it was to be copied from is not at hand any more'
};

function isOnDisk(failure: StepFailure): failure is OnDisk {
	return Object.hasOwn(onDisk, failure.type);
}

/** What the disk said against a step; null where it was not the disk. */
export function printOnDisk(failure: StepFailure): string | null {
	return isOnDisk(failure) ? onDisk[failure.type] : null;
}

export function isBlock(failure: StepFailure): failure is Exclude<StepFailure, OnDisk> {
	return !isOnDisk(failure);
}
