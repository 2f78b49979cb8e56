import type { AnyPairing, Commands, JobFailure, MeetFailure, SettingRefusal } from '#core';
import type { ActionId, JobId, Result } from '#core/kernel';
import type { LocationProblem } from '#core/volumes';
import type { ConfigFailure } from '../config.ts';
import type { RelayPlaceFailure } from '../host/relay-place.ts';
import type { ServeFailure } from '../http/app-server.ts';
import type { TlsFailure } from '../tls/certificates.ts';

type FailureOf<Command> = Command extends (...given: never[]) => Promise<Result<unknown, infer F>> ? F : never;

/** Every failure that a command of the core can answer with. */
export type CoreFailure =
	| { [Name in keyof Commands]: FailureOf<Commands[Name]> }[keyof Commands]
	| SettingRefusal
	| MeetFailure
	| Extract<AnyPairing, { readonly step: 'ended' }>['failure']
	| LocationProblem
	| JobFailure;

/** What can go wrong on the way between a command line and the core. */
export type CliFailure =
	/** `command` is null before one is known. */
	| { readonly type: 'UsageWrong'; readonly command: string | null; readonly problem: string }
	| { readonly type: 'PasswordFileUnreadable'; readonly file: string; readonly code: string }
	| { readonly type: 'PasswordFileEmpty'; readonly file: string }
	/** The folder that is meant holds no library. */
	| { readonly type: 'LibraryAbsent'; readonly folder: string }
	/** No password is named and nobody sits at a terminal. */
	| { readonly type: 'PasswordNotGiven' }
	| { readonly type: 'PasswordsDiffer' }
	| { readonly type: 'LocationUnknown'; readonly name: string }
	/** More than one location bears the name. */
	| { readonly type: 'LocationAmbiguous'; readonly name: string }
	| { readonly type: 'TagUnknown'; readonly name: string }
	/** More than one tag bears the name. */
	| { readonly type: 'TagAmbiguous'; readonly name: string }
	| { readonly type: 'CollectionUnknown'; readonly name: string }
	/** More than one collection bears the name. */
	| { readonly type: 'CollectionAmbiguous'; readonly name: string }
	/** A path of the disk that lies in no location. */
	| { readonly type: 'PathNotIndexed'; readonly path: string }
	| { readonly type: 'FileExists'; readonly file: string }
	| { readonly type: 'FileUnwritable'; readonly file: string; readonly code: string }
	| { readonly type: 'FileUnreadable'; readonly file: string; readonly code: string }
	/** The library opened, and `verify` found this many faults in it. */
	| { readonly type: 'LibraryFlawed'; readonly flaws: number }
	/** Disk and index differ in so many places. */
	| { readonly type: 'IndexDiffers'; readonly differences: number }
	/** A scrub has found so many files damaged. */
	| { readonly type: 'FilesDamaged'; readonly files: number }
	/** Some of the folders could not be indexed; each was told when it happened. */
	| { readonly type: 'FoldersFailed'; readonly failed: number; readonly of: number }
	/** Somebody paused the job, or stopped the program, while it ran. */
	| { readonly type: 'JobPaused'; readonly job: JobId }
	| { readonly type: 'JobCancelled' }
	/** Some of the jobs failed; each was told when it happened. */
	| { readonly type: 'JobsFailed'; readonly failed: number; readonly of: number }
	/** Some of an action could not be done; the rest was. */
	| {
			readonly type: 'ActionHalted';
			readonly action: ActionId;
			readonly failed: number;
			readonly done: number;
			readonly of: number;
	  }
	| { readonly type: 'DeviceUnknown'; readonly name: string }
	| { readonly type: 'DeviceAmbiguous'; readonly name: string }
	/** Some of the devices; each was told when it happened. */
	| { readonly type: 'DevicesNotReached'; readonly failed: number; readonly of: number }
	| { readonly type: 'NothingToUndo'; readonly redo: boolean }
	| { readonly type: 'ScheduleMissing' }
	/** Nothing in the trash is called so. */
	| { readonly type: 'TrashedMissing'; readonly name: string }
	| { readonly type: 'TrashEmpty' }
	/** It wants a yes, and there is nobody to give it. */
	| { readonly type: 'ConfirmationNeeded' }
	/** A question that only a person can answer was not answered with yes. */
	| { readonly type: 'NotConfirmed' }
	/** The program that holds the library has said it, in its own words. */
	| { readonly type: 'ToldByHolder'; readonly what: string; readonly next: string }
	/** The program that holds the library has ended in the middle. */
	| { readonly type: 'HolderGone' }
	/** A signal or the person broke off. */
	| { readonly type: 'Interrupted' };

export type AnyFailure = CoreFailure | CliFailure | ConfigFailure | ServeFailure | TlsFailure | RelayPlaceFailure;
export type FailureType = AnyFailure['type'];
/** Every failure that bears one type: rooms may share a type only where they mean the same. */
export type FailureOfType<T extends FailureType> = Extract<AnyFailure, { readonly type: T }>;

export type ExitCode = { readonly code: number; readonly meaning: string };

/** The table behind `--help`; scripts may rely on the codes. */
export const exitCodes = {
	done: { code: 0, meaning: 'done' },
	failed: { code: 1, meaning: 'failed' },
	usage: { code: 2, meaning: 'the command line or the configuration is wrong' },
	locked: { code: 3, meaning: 'the library is locked: no password, or a wrong one' },
	busy: { code: 4, meaning: 'another process holds the library' },
	missing: { code: 5, meaning: 'not found' },
	damaged: { code: 6, meaning: 'the library is damaged, or was written by a newer version' },
	interrupted: { code: 130, meaning: 'interrupted; what was done so far is kept' }
} as const satisfies Readonly<Record<string, ExitCode>>;
