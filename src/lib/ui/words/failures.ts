/**
 * What went wrong, for people: what happened, what to do, and the one button that does it.
 *
 * Keyed by failure type over everything that any command can answer with: a new failure without words here does not
 * compile.
 */
import { deviceFailures } from './device-failures.ts';
import type { AnyBlock, JobFailure, SettingRefusal } from '#core';
import type { Client, CommandName, FailedReason, FailureOf } from '#client/mod.ts';
import { plural, spanWords } from './values.ts';
import { patternWords } from './patterns.ts';
import { placeWords } from './places.ts';

type FailureIn<T> = Extract<T, { readonly ok: false }> extends { readonly failure: infer F } ? F : never;
type BackupFailure = FailureIn<Awaited<ReturnType<Client['makeBackup' | 'discardBackup' | 'restoreBackup']>>>;

/** A folder or file that the person's browser would not give. */
export type HandleFailure =
	| { readonly type: 'PickerMissing' }
	| { readonly type: 'DropNotAFolder' }
	| { readonly type: 'SampleFailed'; readonly code: string };

export type AnyFailure = FailureOf<CommandName> | BackupFailure | HandleFailure | JobFailure | SettingRefusal;
type FailureType = AnyFailure['type'];

/** What a button beside a failure does; who shows it offers those that make sense there. */
export type Remedy =
	| 'try-again'
	| 'reload'
	| 'reconnect'
	| 'restore'
	| 'back-up'
	| 'unlock'
	| 'go-home'
	| 'remove-folder'
	| 'accept-empty';

export type FailureWords = {
	readonly title: string;
	/** One or two sentences: what it means and what to do. */
	readonly text: string;
	readonly remedy: { readonly does: Remedy; readonly title: string } | null;
	/** Something is wrong with what is kept, rather than merely in the way. */
	readonly isGrave?: boolean;
};

type Words = { readonly [T in FailureType]: (failure: Extract<AnyFailure, { readonly type: T }>) => FailureWords };

const tryAgain = { does: 'try-again', title: 'Try again' } as const;
const reload = { does: 'reload', title: 'Reload' } as const;
const reconnect = { does: 'reconnect', title: 'Reconnect' } as const;
const restore = { does: 'restore', title: 'Restore from a backup' } as const;
const goHome = { does: 'go-home', title: 'All folders' } as const;

const disconnected: { readonly [Reason in FailedReason]: Omit<FailureWords, 'remedy'> } = {
	'insecure-context': {
		title: 'This address is not secure enough',
		text: 'Browsers lend encryption and private storage only to pages that come over https or from this very computer. Open Atoll by an https address or at localhost.'
	},
	'no-workers': {
		title: 'This browser is missing something',
		text: 'Atoll needs web workers and broadcast channels. A current Chrome, Edge, Firefox or Safari has them.'
	},
	'no-web-locks': {
		title: 'This browser is missing something',
		text: 'Atoll needs web locks, so that two tabs never write at once. A current Chrome, Edge, Firefox or Safari has them.'
	},
	'no-file-system': {
		title: 'This browser has no private storage',
		text: 'Atoll keeps its encrypted library in the browser’s private file system. A current Chrome, Edge, Firefox or Safari has one.'
	},
	'storage-blocked': {
		title: 'Storage is blocked here',
		text: 'The browser does not let this page keep anything. That is so in some private windows, or when cookies and site data are blocked. Allow site data for this page, or use an ordinary window.'
	},
	'other-version': {
		title: 'Another tab runs another version',
		text: 'A tab with a different version of Atoll holds the library. Reload that tab or close it, then reload this one.'
	},
	'core-failed': {
		title: 'Atoll could not start',
		text: 'Its inner part does not load, or stops each time. Reload the page; if that does not help, the browser’s console says why.'
	}
};

const patternFaults: {
	readonly [Reason in Extract<AnyFailure, { readonly type: 'PatternInvalid' }>['reason']]: string;
} = {
	empty: 'there is nothing in it',
	remark: 'a line that begins with # is a remark; put a backslash before it',
	open: 'it ends in the middle, after a [ or a backslash',
	'too-long': 'it is longer than any path',
	'line-break': 'it holds a line break',
	'too-many-stars': 'it has more than two **, which takes too long to look for'
};

const words: Words = {
	LibraryMissing: () => ({
		title: 'The library is not there',
		text: 'The browser’s storage for this page was cleared. Your own files are untouched. Restore a backup, or begin anew.',
		remedy: restore
	}),
	LibraryExists: () => ({
		title: 'There is a library already',
		text: 'This browser holds one library for each address. Remove it in the settings first; a backup can bring it back.',
		remedy: reload
	}),
	LibraryBusy: ({ holder }) => ({
		title: 'The library is in use',
		text: `Another tab or program${holder === '' ? '' : ` (${holder})`} has it open. Close that one, then try again.`,
		remedy: tryAgain
	}),
	DiskFull: ({ where }) => ({
		title: 'There is no room left',
		text: `${where === '' ? 'The storage' : `The ${where}`} is full, so nothing more can be written. What was there is safe. Free some space, then go on.`,
		remedy: tryAgain,
		isGrave: true
	}),
	StorageDenied: () => ({
		title: 'The browser does not give access to its storage',
		text: 'Allow site data for this page in the browser’s settings, then reload.',
		remedy: reload
	}),
	LibraryDamaged: () => ({
		title: 'The library is damaged',
		text: 'Part of what is stored cannot be trusted any more, so Atoll shows none of it. Your own files are untouched. Restore the library from a backup.',
		remedy: restore,
		isGrave: true
	}),
	StorageFailed: ({ code }) => ({
		title: 'Storage did not answer',
		text: `Reading or writing stopped (${code}). This often passes: try again.`,
		remedy: tryAgain
	}),
	SecretStoreFailed: () => ({
		title: 'This browser could not keep the key',
		text: 'Without a password the key is kept by the browser, and that did not work. Set a password instead, or allow site data for this page.',
		remedy: tryAgain
	}),
	LibraryLocked: () => ({
		title: 'The library is locked',
		text: 'Unlock it to go on.',
		remedy: { does: 'unlock', title: 'Unlock' }
	}),
	LibraryNewer: () => ({
		title: 'This library needs a newer Atoll',
		text: 'It was written by a later version. Reload to get the newest one; nothing was changed.',
		remedy: reload
	}),
	PasswordTooShort: ({ lengthMin }) => ({
		title: 'The password is too short',
		text: `Use at least ${lengthMin} letters; a few words are easier to remember than one odd one.`,
		remedy: null
	}),
	NameEmpty: () => ({ title: 'A name is missing', text: 'Type a name.', remedy: null }),
	WrongPassword: () => ({ title: 'That is not the password', text: 'Check it and try again.', remedy: null }),
	WrongRecoveryCode: () => ({
		title: 'That is not the recovery code',
		text: 'Check it against what you kept; dashes and capitals do not matter.',
		remedy: null
	}),
	TooManyTries: ({ waitMs }) => ({
		title: 'Too many tries',
		text: `Wait ${spanWords(waitMs)}, then try again.`,
		remedy: null
	}),
	PasswordNeeded: () => ({
		title: 'This browser has no key for the library',
		text: 'Unlock it with the password or the recovery code.',
		remedy: { does: 'unlock', title: 'Unlock' }
	}),
	...deviceFailures,
	LocationMissing: () => ({
		title: 'That folder is not in the library any more',
		text: 'It was removed, perhaps in another tab.',
		remedy: goHome
	}),
	LocationExists: () => ({
		title: 'That folder is in the library already',
		text: 'Here it is.',
		remedy: null
	}),
	LocationNameInvalid: () => ({
		title: 'That name cannot be used',
		text: 'A folder’s name has no slash, and is not “.” or “..”.',
		remedy: null
	}),
	PatternInvalid: ({ pattern, reason }) => ({
		title: 'That pattern would never match',
		text: `“${pattern}”: ${patternFaults[reason]}. The rules were left as they were.`,
		remedy: null
	}),
	PatternsTooMany: ({ max }) => ({
		title: 'Those are too many patterns',
		text: `A folder can have ${max}. The rules were left as they were.`,
		remedy: null
	}),
	SizeLimitInvalid: () => ({
		title: 'Those sizes make no sense',
		text: 'A size is a whole number of bytes, and the smallest file is no larger than the largest. The rules were left as they were.',
		remedy: null
	}),
	LocationNameTaken: ({ name }) => ({
		title: `Another folder is called “${name}”`,
		text: 'Choose another name.',
		remedy: null
	}),
	FolderMissing: () => ({
		title: 'The folder is not there',
		text: 'Its disk may be unplugged, or it was moved or renamed. What Atoll knows of it stays. Bring it back and try again.',
		remedy: tryAgain
	}),
	FolderDenied: () => ({
		title: 'The folder may not be read',
		text: 'The system or the browser refuses access. Allow it, then reconnect.',
		remedy: reconnect
	}),
	FolderNeedsConsent: () => ({
		title: 'The browser wants to be asked again',
		text: 'You can look around in what is known. Reconnect to see what has changed; choose “Allow on every visit” and it will not ask again.',
		remedy: reconnect
	}),
	NotAFolder: () => ({
		title: 'That is not a folder any more',
		text: 'A file stands where the folder was. What Atoll knows of it stays.',
		remedy: tryAgain
	}),
	FolderUnreadable: ({ code }) => ({
		title: 'The folder could not be read',
		text: `Reading it stopped (${code}). Try again; if it happens again, check the disk.`,
		remedy: tryAgain
	}),
	FolderSuddenlyEmpty: ({ entries }) => ({
		title: 'The folder is suddenly empty',
		text: `Atoll knows ${plural(entries, 'item')} in it and found none. An unplugged disk looks like that, so nothing was forgotten.`,
		remedy: tryAgain
	}),
	...placeWords,
	VolumeMissing: () => ({
		title: 'That disk is not known any more',
		text: 'No folder of the library lies on it.',
		remedy: goHome
	}),
	VolumeAway: ({ disk }) => ({
		title: disk === null ? 'The disk is not here' : `“${disk}” is not here`,
		text: 'Bring it back, then try again.',
		remedy: tryAgain
	}),
	NothingToMeasure: () => ({
		title: 'There is too little to read',
		text: 'Speed is told by reading files, and this takes at least a megabyte in files of 64 kB or more.',
		remedy: null
	}),
	VolumeUnknown: () => ({
		title: 'That disk is not in the library',
		text: 'None of the library’s folders lies on the disk of this address.',
		remedy: null
	}),
	PlaceUnknown: () => ({
		title: 'There is no address yet',
		text: 'It is not known which disk the folder lies on. Reconnect it first.',
		remedy: null
	}),
	AddressInvalid: () => ({
		title: 'That is not an address',
		text: 'An address begins with atoll:// and is easily cut short. Copy it again.',
		remedy: null
	}),
	AddressElsewhere: () => ({
		title: 'That address is of another device',
		text: 'It names a file there, and works only on that device.',
		remedy: null
	}),
	ContentUnknown: () => ({
		title: 'No copy is known',
		text: 'Nothing in the library has that content.',
		remedy: null
	}),
	CopiesAway: ({ disks }) => ({
		title: 'Every copy is away',
		text: `There are copies on ${disks.map((disk) => `“${disk}”`).join(', ')}. Bring one of them back.`,
		remedy: tryAgain
	}),
	IndexPaused: () => ({
		title: 'Paused',
		text: 'Looking through the folder was stopped. It goes on where it was.',
		remedy: { does: 'try-again', title: 'Go on' }
	}),
	IndexCancelled: () => ({
		title: 'Cancelled',
		text: 'Looking through the folder was cancelled. What it had found stays.',
		remedy: tryAgain
	}),
	JobMissing: () => ({ title: 'This is not there any more', text: 'It was cleared away.', remedy: null }),
	JobEnded: () => ({ title: 'It has already ended', text: 'There is nothing left of it to change.', remedy: null }),
	CronWrong: ({ field, text }) => ({
		title: 'This is no schedule',
		text: field === null ? `It has to have five fields: ${text}` : `The ${field} cannot be ${text}.`,
		remedy: null
	}),
	CronNever: () => ({ title: 'This is no schedule', text: 'No month has such a day.', remedy: null }),
	JobDefect: () => ({
		title: 'Something went wrong in Atoll',
		text: 'That is a mistake of ours, not yours. What was done so far is kept.',
		remedy: tryAgain
	}),
	ActionWaits: ({ cause }) => ({
		title: cause.type === 'NoSpace' ? 'The disk is full' : 'A disk or folder cannot be used now',
		text: 'What was done so far is kept, and nothing is lost. It goes on as soon as that is possible again.',
		remedy: tryAgain
	}),
	ActionUnknown: () => ({
		title: 'Atoll cannot do that',
		text: 'This page and its inner part are not of one version. Reload the page.',
		remedy: reload
	}),
	PatternWrong: ({ part }) => ({ title: 'No names can be made so', text: patternWords[part], remedy: null }),
	ActionInputInvalid: () => ({
		title: 'That cannot be done so',
		text: 'Something that was entered does not fit. Change it and try again.',
		remedy: null
	}),
	ActionMissing: () => ({
		title: 'This is not remembered any more',
		text: 'The history keeps the latest changes.',
		remedy: null
	}),
	PlanStale: () => ({
		title: 'Things have changed meanwhile',
		text: 'Nothing was done. Look at what would be done now, then decide.',
		remedy: tryAgain
	}),
	PlanUnseen: () => ({
		title: 'Look at it first',
		text: 'This is not done without a look at what it does.',
		remedy: null
	}),
	PlanEmpty: () => ({
		title: 'There is nothing to do',
		text: 'Nothing of this can be done as things stand.',
		remedy: null
	}),
	ContentPaused: () => ({
		title: 'Paused',
		text: 'Reading the files was stopped. It goes on where it was.',
		remedy: { does: 'try-again', title: 'Go on' }
	}),
	ContentCancelled: () => ({
		title: 'Cancelled',
		text: 'Looking at the files was cancelled. What is known of them stays.',
		remedy: tryAgain
	}),
	ScrubPaused: () => ({
		title: 'Paused',
		text: 'The check of every byte was stopped. It goes on where it was.',
		remedy: { does: 'try-again', title: 'Go on' }
	}),
	ScrubCancelled: () => ({
		title: 'Cancelled',
		text: 'The check of every byte was stopped. What it found damaged stays marked.',
		remedy: null
	}),
	ContentMissing: () => ({
		title: 'These copies are not here any more',
		text: 'They were changed or removed.',
		remedy: null
	}),
	EntryMissing: () => ({
		title: 'This is not here any more',
		text: 'It was moved, renamed or removed.',
		remedy: goHome
	}),
	PathMissing: ({ path }) => ({
		title: 'There is no such place',
		text: `“${path}” is not in the library.`,
		remedy: null
	}),
	BackupUnreadable: () => ({
		title: 'This is not a whole backup',
		text: 'The file is not a backup of Atoll, or part of it is missing. Choose another one.',
		remedy: null
	}),
	BackupTooLarge: () => ({
		title: 'The library is too large for a backup file',
		text: 'The archive format ends at 8 GB.',
		remedy: null
	}),
	PickerMissing: () => ({
		title: 'This browser cannot open folders',
		text: 'Chrome and Edge on a computer can. Here you can try the sample, or restore a backup.',
		remedy: null
	}),
	DropNotAFolder: () => ({
		title: 'Drop a folder',
		text: 'Single files cannot be added; drop the folder that holds them.',
		remedy: null
	}),
	SampleFailed: () => ({
		title: 'The sample could not be made',
		text: 'The browser’s storage refused it. Check the free space, then try again.',
		remedy: tryAgain
	}),
	CoreFailed: () => ({
		title: 'Something went wrong in Atoll',
		text: 'That is a mistake of ours, not yours. Nothing was lost; the browser’s console holds the details for a report.',
		remedy: tryAgain,
		isGrave: true
	}),
	Cancelled: () => ({ title: 'Stopped', text: 'It was stopped before it ended.', remedy: tryAgain }),
	Disconnected: ({ reason }) => ({ ...disconnected[reason], remedy: reload })
};

/** The words for any failure. */
export function failureWords(failure: AnyFailure): FailureWords {
	// The table has an entry for exactly this type; TypeScript cannot follow the pair through the lookup.
	const speak = words[failure.type] as (failure: AnyFailure) => FailureWords;
	return speak(failure);
}

/** Whether what is in the way of an operation can be told like any failure. */
export function isFailure(block: AnyBlock): block is Extract<AnyBlock, AnyFailure> {
	return Object.hasOwn(words, block.type);
}
