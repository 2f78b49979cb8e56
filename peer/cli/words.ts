import type { AnyBlock } from '#core';
import type { JobWarning } from '#core/jobs';
import { configKeys } from '../config.ts';
import { deviceWords } from './device-words.ts';
import { exitCodes, type AnyFailure, type ExitCode, type FailureOfType, type FailureType } from './failure.ts';
import { printPattern } from './pattern-words.ts';
import { printName, printNumber } from './print.ts';
import { printOnDisk } from './step-words.ts';
import { tlsWords } from './tls-words.ts';

/** What happened, what the person can do about it, and how the process ends. */
export type Words = { readonly what: string; readonly next: string; readonly exit: ExitCode };
export type WordsTable = { readonly [T in FailureType]: (failure: FailureOfType<T>) => Words };

const { failed, usage, locked, busy, missing, damaged, interrupted } = exitCodes;

function words(exit: ExitCode, what: string, next: string): Words {
	return { what, next, exit };
}

const path = printName;

const libraryWords = {
	LibraryMissing: () =>
		words(missing, 'The library is gone from its folder.', 'Restore a backup: atoll import <file>.'),
	LibraryAbsent: ({ folder }) =>
		words(
			missing,
			`There is no library in ${path(folder)}.`,
			'Name one with --library, or make one: atoll init <library>.'
		),
	LibraryExists: () =>
		words(failed, 'There is a library in that folder already; it was not touched.', 'Name a folder that holds none.'),
	LibraryBusy: ({ holder }) => {
		// It comes from a file that anybody may have written, and ends up in a command to copy.
		const pid = /^\d{1,10}$/.test(holder) ? holder : null;
		return words(
			busy,
			pid === null ? 'Another process has this library open.' : `Process ${pid} has this library open.`,
			`One process at a time can hold a library. Let it finish, or stop it${pid === null ? '' : `: kill ${pid}`}.`
		);
	},
	LibraryDamaged: ({ detail }) =>
		words(
			damaged,
			`The library is damaged (${path(detail)}). Nothing was changed in it.`,
			'Keep a copy of its folder, then restore a backup to a new folder: atoll import <file> --library <new folder>.'
		),
	LibraryNewer: ({ found, known }) =>
		words(
			damaged,
			`A newer version of Atoll wrote this library: format ${found}, and this one knows up to ${known}.`,
			'Update Atoll and try again. Nothing was changed.'
		),
	LibraryLocked: () => words(locked, 'The library is locked.', 'Give its password with --password-file.'),
	LibraryFlawed: ({ flaws }) =>
		words(
			damaged,
			`The library has ${printNumber(flaws, 'fault', 'faults')}.`,
			'Keep a copy of its folder, then restore a backup, or make a new library and index the folders again.'
		),
	DiskFull: ({ where }) =>
		words(
			failed,
			`The disk that holds ${path(where)} is full. The library is intact; what was not saved was left out.`,
			'Make room on that disk, then run the same command again: it goes on where it was.'
		),
	StorageDenied: ({ where }) =>
		words(
			failed,
			`The system does not let Atoll write to ${path(where)}.`,
			'Check who owns the folder and whether the disk is mounted read-only.'
		),
	StorageFailed: ({ code }) =>
		words(
			failed,
			`The disk did not do what it was asked (${code}).`,
			'Check that it works and has room (a quota counts as well), then try again.'
		),
	SecretStoreFailed: ({ code }) =>
		words(
			failed,
			`This device's own secrets could not be read or written (${code}).`,
			'Check the folder atoll/secrets in your configuration folder.'
		),
	BackupUnreadable: ({ detail }) =>
		words(
			failed,
			`That file is no whole backup of an Atoll library (${path(detail)}).`,
			'Try another copy of the backup.'
		),
	BackupTooLarge: () =>
		words(
			failed,
			'The library is larger than a backup file can be.',
			'Close Atoll and copy the whole library folder instead: it is its own backup.'
		)
} satisfies Partial<WordsTable>;

const unlockWords = {
	WrongPassword: () => words(locked, 'That password does not open this library.', 'Try again; nothing was changed.'),
	WrongRecoveryCode: () =>
		words(
			locked,
			'That recovery code does not open this library.',
			'Check each letter; I and 1, O and 0 are the same.'
		),
	TooManyTries: ({ waitMs }) =>
		words(locked, 'Too many wrong answers.', `Try again in ${Math.ceil(waitMs / 1000)} seconds.`),
	PasswordNeeded: () =>
		words(
			locked,
			'This device cannot open the library by itself.',
			'Give its password with --password-file, or its recovery code with --recovery-code-file.'
		),
	PasswordTooShort: ({ lengthMin }) =>
		words(usage, `A password has at least ${lengthMin} characters.`, 'Choose a longer one; a sentence is best.'),
	PasswordFileUnreadable: ({ file, code }) =>
		words(usage, `The file ${path(file)} cannot be read (${code}).`, 'Name a file whose first line is the password.'),
	PasswordFileEmpty: ({ file }) =>
		words(usage, `The first line of ${path(file)} is empty.`, 'Put the password there, and nothing else.'),
	PasswordNotGiven: () =>
		words(
			locked,
			'A password is needed and there is no terminal to ask on.',
			'Name a file that holds it: --password-file, or ATOLL_PASSWORD_FILE.'
		),
	PasswordsDiffer: () => words(usage, 'The two passwords differ.', 'Nothing was made. Try again.')
} satisfies Partial<WordsTable>;

const folderWords = {
	FolderMissing: () =>
		words(
			missing,
			'The folder is not there.',
			'Plug in its disk or mount it, then index again. What was indexed of it stays and can be found.'
		),
	FolderDenied: () =>
		words(failed, 'The system does not let Atoll read the folder.', 'Run Atoll as a user who may read it.'),
	FolderNeedsConsent: () => words(failed, 'The folder needs to be allowed again.', 'Open it once more in the app.'),
	NotAFolder: () => words(usage, 'That is not a folder.', 'Name a folder.'),
	FolderUnreadable: ({ code }) =>
		words(failed, `The folder cannot be read (${code}).`, 'Check its disk, then index again. What was indexed stays.'),
	FolderSuddenlyEmpty: ({ entries }) =>
		words(
			failed,
			`The folder is empty now, though ${printNumber(entries, 'entry is', 'entries are')} known: an unmounted disk looks so.`,
			'Nothing was forgotten. Mount it and index again; or, if it was emptied on purpose, use --accept-empty.'
		),
	NotOnThisDevice: ({ device }) =>
		words(missing, `That is on another device${device === '' ? '' : ` (${path(device)})`}.`, 'Do it on that device.'),
	VolumeReplaced: ({ disk }) =>
		words(
			missing,
			`Another disk is mounted where ${disk === null ? 'its own' : `its own (${path(disk)})`} was.`,
			'Nothing was forgotten. Mount its own; or, if this one is to be its disk now: atoll locations accept <name>.'
		),
	IndexDiffers: ({ differences }) =>
		words(
			failed,
			`Disk and index differ in ${printNumber(differences, 'place', 'places')}.`,
			'Bring the index into step: atoll verify <path> --repair. Nothing on the disk is changed by that.'
		),
	FoldersFailed: ({ failed: count, of }) =>
		words(failed, `${count} of ${printNumber(of, 'folder', 'folders')} could not be indexed.`, 'The others are done.'),
	IndexPaused: () =>
		words(interrupted, 'Indexing was paused; what it found so far is kept.', 'Index again: it goes on where it was.'),
	IndexCancelled: () =>
		words(interrupted, 'Indexing was cancelled; what it found so far is kept.', 'Index again: atoll index.'),
	ContentPaused: () =>
		words(interrupted, 'Reading the files was paused; what is known so far is kept.', 'Index again: it goes on.'),
	ContentCancelled: () =>
		words(interrupted, 'Reading the files was cancelled; what is known so far is kept.', 'Index again: atoll index.'),
	ScrubPaused: () =>
		words(interrupted, 'The scrub was paused; what it read so far is kept.', 'Go on with it: atoll scrub'),
	ScrubCancelled: () =>
		words(interrupted, 'The scrub was cancelled; what it found so far is marked.', 'Begin anew: atoll scrub'),
	FilesDamaged: ({ files }) =>
		words(
			failed,
			`${printNumber(files, 'file is', 'files are')} damaged: other bytes than before under the same size and time.`,
			'Restore them from a copy: atoll stat <path> says where there is one. To take them as they are: atoll verify <path> --repair.'
		),
	ContentMissing: () => words(missing, 'No file has that content any more.', 'Look again: atoll dupes.'),
	LocationMissing: () => words(missing, 'That location is gone.', 'See what there is: atoll locations.'),
	PatternInvalid: ({ pattern, reason }) =>
		words(
			usage,
			`The pattern ${path(pattern)} would never match: ${patternFaults[reason]}.`,
			'Mend it, then try again.'
		),
	PatternsTooMany: ({ max }) => words(usage, `A location can have ${max} patterns.`, 'Leave some out.'),
	SizeLimitInvalid: () =>
		words(usage, 'The smallest size is above the largest.', 'Give --min-size and --max-size, or none of them.'),
	LocationNameInvalid: () =>
		words(failed, 'That cannot be the name of a folder in the library.', 'Choose one without a slash, not . or ..'),
	LocationNameTaken: ({ name }) =>
		words(failed, `Another folder of the library is called ${printName(name)}.`, 'Choose another name: --name N.'),
	LocationExists: () => words(failed, 'That folder is in the library already.', 'See atoll locations.'),
	LocationUnknown: ({ name }) =>
		words(missing, `No location is called ${path(name)}.`, 'See what there is: atoll locations.'),
	LocationAmbiguous: ({ name }) =>
		words(usage, `Several locations are called ${path(name)}.`, 'Name one by the path of its folder: atoll locations.'),
	NameEmpty: () => words(usage, 'A name cannot be empty.', 'Give one with --name.'),
	EntryMissing: () => words(missing, 'That entry is no longer in the index.', 'List its folder again: atoll ls.'),
	PathMissing: ({ path: wanted }) =>
		words(missing, `The index knows nothing at ${path(wanted)}.`, 'Check the path, or index the folder: atoll index.'),
	PathNotIndexed: ({ path: wanted }) =>
		words(
			missing,
			`${path(wanted)} lies in no folder of this library.`,
			'Add its folder: atoll add <folder>. Or look at it on the disk: atoll ls, atoll du --disk.'
		)
} satisfies Partial<WordsTable>;

const jobWords = {
	JobMissing: () => words(missing, 'There is no such job any more.', 'See what there is: atoll jobs.'),
	JobEnded: ({ state }) => words(failed, `That job has ended: it is ${state}.`, 'See what there is: atoll jobs.'),
	JobDefect: ({ detail }) =>
		words(
			failed,
			`A mistake in Atoll stopped the job: ${path(detail)}.`,
			'What it had done is kept. Please report it, then try again: atoll jobs resume <id>.'
		),
	JobPaused: ({ job }) =>
		words(interrupted, 'The job was paused; what it did is kept.', `Go on with it: atoll jobs resume ${job}`),
	JobCancelled: () => words(interrupted, 'The job was cancelled; what it did is kept.', 'See atoll jobs.'),
	JobsFailed: ({ failed: count, of }) =>
		words(failed, `${count} of ${printNumber(of, 'job', 'jobs')} did not end well.`, 'See which: atoll jobs.'),
	ActionWaits: ({ cause }) =>
		words(
			failed,
			`It waits: ${printOnDisk(cause) ?? 'a disk or folder cannot be used now'}.`,
			'What was done is kept. It goes on by itself, or with atoll jobs resume.'
		),
	ActionUnknown: ({ action }) => words(usage, `There is no action “${action}”.`, 'See what there is: atoll help.'),
	ActionInputInvalid: ({ action, field }) =>
		words(usage, `The action “${action}” does not take that${field === '' ? '' : ` (${field})`}.`, 'See atoll help.'),
	PatternWrong: ({ part }) => words(usage, printPattern(part), 'See atoll rename --help. Nothing was renamed.'),
	ActionMissing: ({ action }) =>
		words(missing, `There is no action ${action}.`, 'It may be too old: the latest thousand are kept.'),
	TagUnknown: ({ name }) =>
		words(missing, `There is no tag “${path(name)}”.`, 'See what there is: atoll tags. Make one: atoll tags create.'),
	TagAmbiguous: ({ name }) =>
		words(usage, `More than one tag is called “${path(name)}”.`, 'Name it as atoll tags prints it, or by its id.'),
	CollectionUnknown: ({ name }) =>
		words(missing, `There is no collection “${path(name)}”.`, 'See what there is: atoll collections.'),
	CollectionAmbiguous: ({ name }) =>
		words(usage, `More than one collection is called “${path(name)}”.`, 'Name it by its id: atoll collections --json.'),
	PlanStale: () => words(failed, 'Things have changed since that was looked at; nothing was done.', 'Look again.'),
	PlanUnseen: () => words(failed, 'That is not done without a look at it first; nothing was done.', 'Give --yes.'),
	PlanEmpty: ({ plan: { counts } }) =>
		words(
			failed,
			counts.blocked > 0 ? 'None of that can be done.' : 'There is nothing of that to be done.',
			'Nothing was changed.'
		),
	ActionHalted: ({ action, failed: count, done, of }) =>
		words(
			failed,
			done + count < of
				? `It was stopped after ${done} of ${printNumber(of, 'step', 'steps')}.`
				: `${count} of ${printNumber(of, 'step', 'steps')} could not be done.`,
			done === 0 ? 'Nothing was changed.' : `What was done can be undone: atoll undo ${action}`
		),
	NothingToUndo: ({ redo }) =>
		words(missing, redo ? 'There is nothing to do again.' : 'There is nothing to undo.', 'See atoll history.'),
	TrashedMissing: ({ name }) =>
		words(missing, `Nothing in the trash is called ${path(name)}.`, 'See what there is: atoll trash.'),
	TrashEmpty: () => words(missing, 'The trash is empty.', 'Nothing was changed.'),
	ConfirmationNeeded: () =>
		words(usage, 'That wants a yes, and there is no terminal to ask on; nothing was changed.', 'Say --yes.'),
	CronWrong: ({ field, text }) =>
		words(
			usage,
			field === null
				? `A cron expression has five fields; "${path(text)}" has not.`
				: `The ${field} of a cron expression cannot be "${path(text)}".`,
			'See atoll jobs schedule --help.'
		),
	CronNever: () =>
		words(usage, 'No month has such a day: that would never be done.', 'See atoll jobs schedule --help.'),
	ScheduleMissing: () =>
		words(missing, 'There is no such schedule any more.', 'See what there is: atoll jobs schedules.')
} satisfies Partial<WordsTable>;

const runWords = {
	UsageWrong: ({ command, problem }) =>
		words(usage, path(problem), `See atoll ${command === null ? '--help' : `${command} --help`}.`),
	ConfigUnreadable: ({ file, code }) =>
		words(usage, `The configuration ${path(file)} cannot be read (${code}).`, 'Mend its permissions or remove it.'),
	ConfigNotJson: ({ file, detail }) =>
		words(usage, `The configuration ${path(file)} is not JSON: ${path(detail)}.`, 'Mend it or remove it.'),
	ConfigKeyUnknown: ({ file, key }) =>
		words(
			usage,
			`The configuration ${path(file)} has a key that Atoll does not know: "${path(key)}".`,
			`It knows ${configKeys.join(', ')}.`
		),
	ConfigValueWrong: ({ file, key, detail }) =>
		words(
			usage,
			`The configuration ${path(file)} is wrong${key === '' ? '' : ` at "${path(key)}"`}: ${path(detail)}.`,
			'Mend it or remove it.'
		),
	VariableWrong: ({ name, detail }) => words(usage, `The variable ${name} is wrong: ${detail}.`, 'Mend or unset it.'),
	FileExists: ({ file }) =>
		words(failed, `${path(file)} exists; it was not touched.`, 'Name another file, or replace it with --force.'),
	FileUnwritable: ({ file, code }) =>
		words(failed, `${path(file)} could not be written (${code}). No part of it was left behind.`, fileNext(code)),
	FileUnreadable: ({ file, code }) =>
		words(code === 'ENOENT' ? missing : failed, `${path(file)} cannot be read (${code}).`, 'Check the path.'),
	AppMissing: ({ folder }) =>
		words(failed, `The app is not built: ${path(folder)} holds no index.html.`, 'Build it: npm run build.'),
	PortTaken: ({ port }) =>
		words(failed, `Port ${port} is taken by another program.`, 'Choose another with --port; 0 takes any free one.'),
	AddressRefused: ({ host, port, code }) =>
		words(failed, `Atoll cannot listen on ${path(host)}, port ${port} (${code}).`, 'Choose with --host and --port.'),
	NotConfirmed: () => words(failed, 'Nothing was changed.', 'Say --yes to go on without being asked.'),
	Interrupted: () => words(interrupted, 'Interrupted.', 'What was done so far is kept.')
} satisfies Partial<WordsTable>;

function fileNext(code: string): string {
	return code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG'
		? 'The disk is full: make room, or name a file on another disk.'
		: 'Check the folder and who may write there.';
}

const volumeWords = {
	VolumeMissing: () => words(missing, 'That disk is not known.', 'See what there is: atoll volumes.'),
	VolumeAway: ({ disk }) =>
		words(
			missing,
			`${disk === null ? 'That disk' : path(disk)} is not here now.`,
			'Plug it in or mount it, then try again.'
		),
	NothingToMeasure: () =>
		words(
			failed,
			'There is too little to read on that disk to tell its speed by.',
			'A folder of the library on it must hold a megabyte in files of 64 kB or more that are no holes.'
		),
	VolumeUnknown: () =>
		words(missing, 'No folder of this library lies on the disk of that address.', 'Add it: atoll add <folder>.'),
	PlaceUnknown: () =>
		words(missing, 'It is not known which disk that folder lies on.', 'Mount it, then index it: atoll index.'),
	AddressInvalid: ({ reason }) =>
		words(usage, `That is no address: ${addressReasons[reason]}.`, 'Copy it again, whole.'),
	AddressElsewhere: ({ device }) =>
		words(missing, `That address is of another device (${path(device)}).`, 'Use it on that device.'),
	ContentUnknown: () =>
		words(missing, 'The library knows no copy of that content.', 'Index the folder that holds one: atoll index.'),
	CopiesAway: ({ disks }) =>
		words(missing, `Every copy is on a disk that is away: ${disks.map(path).join(', ')}.`, 'Plug one of them in.')
} satisfies Partial<WordsTable>;

const patternFaults = {
	empty: 'there is nothing in it',
	remark: 'a line that begins with # is a remark; put a backslash before it',
	open: 'it ends in the middle, after a [ or a backslash',
	'too-long': 'it is longer than any path',
	'line-break': 'it holds a line break',
	'too-many-stars': 'it has more than two **, which takes too long to look for'
} as const satisfies Readonly<Record<FailureOfType<'PatternInvalid'>['reason'], string>>;

const addressReasons = {
	'too-long': 'it is too long',
	'no-scheme': 'it does not begin with atoll://',
	'no-device': 'it names no device, and is not of the cloud or a content',
	'no-volume': 'it names no disk',
	'no-content': 'it names no content',
	path: 'its path has a part that is no name'
} as const satisfies Readonly<Record<FailureOfType<'AddressInvalid'>['reason'], string>>;

/** A failure without words does not compile here. */
const table: WordsTable = {
	...libraryWords,
	...unlockWords,
	...folderWords,
	...volumeWords,
	...jobWords,
	...runWords,
	...deviceWords,
	...tlsWords
};

/** The words for `failure`. */
export function failureToWords<T extends FailureType>(failure: FailureOfType<T> & { readonly type: T }): Words {
	return table[failure.type](failure);
}

/** Whether what is in the way of an operation can be said as the failure of a command. */
export function isFailure(block: AnyBlock): block is Extract<AnyBlock, AnyFailure> {
	return Object.hasOwn(table, block.type);
}

/** As one text of two sentences or more. */
export function printFailure(failure: AnyFailure): string {
	const { what, next } = failureToWords(failure);
	return `${what}\n${next}`;
}

const reasons = {
	denied: 'the system does not let Atoll read it',
	vanished: 'it went away while it was read',
	unreadable: 'it cannot be read',
	changing: 'it was being written to',
	damaged: 'it is damaged: other bytes than before under the same size and time'
} as const satisfies Readonly<Record<JobWarning['reason'], string>>;

/** Why a name was skipped by the index. */
export function printReason({ reason, code }: Pick<JobWarning, 'reason' | 'code'>): string {
	return reason === 'unreadable' ? `${reasons[reason]} (${path(code)})` : reasons[reason];
}
