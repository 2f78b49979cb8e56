import type { AnyFailure, WordsTable } from './failure.ts';
import { goHome, reconnect, tryAgain } from './remedies.ts';
import { plural } from '../values.ts';

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

/** The words for what goes wrong with the folders of the library and with what is set for them. */
export const folderFailures = {
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
	EntryMissing: () => ({
		title: 'This is not here any more',
		text: 'It was moved, renamed or removed.',
		remedy: goHome
	}),
	PathMissing: ({ path }) => ({
		title: 'There is no such place',
		text: `“${path}” is not in the library.`,
		remedy: null
	})
} satisfies Partial<WordsTable>;
