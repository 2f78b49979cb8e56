import type { WordsTable } from './failure.ts';
import { reload, restore, tryAgain } from './remedies.ts';
import { spanWords } from '../values.ts';

/** The words for what goes wrong with the library itself, its key and its backups. */
export const libraryFailures = {
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
	BackupUnreadable: () => ({
		title: 'This is not a whole backup',
		text: 'The file is not a backup of Atoll, or part of it is missing. Choose another one.',
		remedy: null
	}),
	BackupTooLarge: () => ({
		title: 'The library is too large for a backup file',
		text: 'The archive format ends at 8 GB.',
		remedy: null
	})
} satisfies Partial<WordsTable>;
