/** What is set, was set and cannot be, for people: see `actions.ts`, which joins these with all others. */
import type { ActionName, AnyBlock, AnyOperation, AnyWarning } from '#core';
import { visibleName } from '#ui/files/name-parts.ts';
import { classWords } from './disks.ts';
import { plural, sizeWords } from './values.ts';

const quoted = (name: string): string => `“${visibleName(name)}”`;

type Of<K extends AnyOperation['kind']> = Extract<AnyOperation, { readonly kind: K }>;

/** What is the same before and after it was done, behind the verb. */
function setting({ setting, to }: Of<'change-setting'>): string {
	if (setting === 'trashDays')
		return to === null ? 'Trash: keep everything' : `Trash: delete for good after ${plural(to, 'day')}`;
	return to === null ? 'Lock: only when asked to' : `Lock: after ${plural(to, 'minute')} without a touch`;
}

const modes: Readonly<Record<Of<'set-mode'>['to'], string>> = {
	shallow: 'names, sizes and times only',
	content: 'also what each file is',
	deep: 'also what can be made of each file'
};
const jobs: Readonly<Record<Of<'set-schedule'>['job'], string>> = {
	index: 'Look through',
	content: 'Look at the files of',
	scrub: 'Check every byte of',
	queue: 'Put the queue in order'
};

function effectOf({ told }: Of<'set-rules'>): string {
	if (told === null) return '';
	const { leaving, returning } = told;
	const out = leaving.files + leaving.folders;
	const back = returning.files + returning.folders;
	if (out + back === 0) return '; nothing comes or goes by it';
	const parts = [
		out === 0 ? '' : `${plural(out, 'item')} out of the library`,
		back === 0 ? '' : `up to ${plural(back, 'name')} into it`
	];
	return `: ${parts.filter((part) => part !== '').join(', ')}`;
}

const schedule = ({ job, name, to }: Of<'set-schedule'>): string =>
	`${jobs[job]}${name === null ? '' : ` ${quoted(name)}`} ${to === null ? 'no longer by itself' : `by itself (${to})`}`;
const wanted = ({ name, to }: Of<'set-class'>): string =>
	to === null ? `${quoted(name)}: no wish how quick` : `${quoted(name)}: wanted ${classWords(to).toLowerCase()}`;
const policy = ({ analysis, name, to }: Of<'set-policy'>): string =>
	`${analysis} in ${name === null ? 'all folders' : quoted(name)}: ${to ?? 'as usual'}`;
const mode = ({ name, to }: Of<'set-mode'>): string => `${quoted(name)}: ${modes[to]}`;

export const settingOperations = {
	'rename-library': {
		does: ({ to }: Of<'rename-library'>) => `Call the library ${quoted(to)}`,
		did: ({ to }: Of<'rename-library'>) => `Called the library ${quoted(to)}`
	},
	'change-setting': { does: setting, did: setting },
	'add-location': {
		does: ({ name }: Of<'add-location'>) => `Add the folder ${quoted(name)} to the library`,
		did: ({ name }: Of<'add-location'>) => `Added the folder ${quoted(name)} to the library`
	},
	'remove-location': {
		does: ({ name }: Of<'remove-location'>) => `Remove the folder ${quoted(name)} from the library`,
		did: ({ name }: Of<'remove-location'>) => `Removed the folder ${quoted(name)} from the library`
	},
	'set-mode': { does: mode, did: mode },
	'set-class': { does: wanted, did: wanted },
	'set-rules': {
		does: (operation: Of<'set-rules'>) => `Change the rules of ${quoted(operation.name)}${effectOf(operation)}`,
		did: ({ name }: Of<'set-rules'>) => `Changed the rules of ${quoted(name)}`
	},
	'set-policy': { does: policy, did: policy },
	'set-schedule': { does: schedule, did: schedule }
};

export const settingVerbs = {
	'library.rename': { does: 'Rename', did: 'Renamed', noun: 'library' },
	'library.change-setting': { does: 'Change', did: 'Changed', noun: 'setting' },
	'locations.add': { does: 'Add', did: 'Added', noun: 'folder' },
	'locations.remove': { does: 'Remove from library', did: 'Removed', noun: 'item' },
	'locations.set-mode': { does: 'Change', did: 'Changed', noun: 'setting' },
	'locations.set-class': { does: 'Change', did: 'Changed', noun: 'setting' },
	'locations.set-rules': { does: 'Apply', did: 'Changed the rules of', noun: 'item' },
	'analysis.set-policy': { does: 'Change', did: 'Changed', noun: 'setting' },
	'jobs.set-schedule': { does: 'Change', did: 'Changed', noun: 'schedule' },
	'files.purge': { does: 'Delete for good', did: 'Deleted after its time in the trash:', noun: 'item' }
} as const satisfies { readonly [Name in ActionName]?: { does: string; did: string; noun: string } };

type Block<T extends AnyBlock['type']> = Extract<AnyBlock, { readonly type: T }>;

export const settingBlocks = {
	ChangedSince: () => 'It has been set to something else since.',
	FolderUnseen: () => 'Other folders have come to the library meanwhile. Try again.',
	FolderMissing: () => 'The folder is not there.',
	FolderDenied: () => 'The folder may not be opened.',
	FolderNeedsConsent: () => 'The browser asks to be allowed this folder again.',
	NotAFolder: () => 'This is no folder.',
	FolderUnreadable: () => 'The folder cannot be read.',
	PatternInvalid: ({ pattern }: Block<'PatternInvalid'>) => `The pattern “${pattern}” would never match.`,
	PatternsTooMany: ({ max }: Block<'PatternsTooMany'>) => `A folder can have ${plural(max, 'pattern')}.`,
	SizeLimitInvalid: () => 'Those sizes make no sense.',
	CronWrong: () => 'This is no schedule.',
	CronNever: () => 'No month has such a day.'
};

type Warning<T extends AnyWarning['type']> = Extract<AnyWarning, { readonly type: T }>;

export const settingWarnings = {
	TierSlower: ({ disk, wanted: class_ }: Warning<'TierSlower'>) =>
		`Its disk is ${disk}, which is slower than ${class_}.`,
	DiskTakenOver: ({ device }: Warning<'DiskTakenOver'>) =>
		`This disk was at ${device === '' ? 'another device' : `“${device}”`}. What is known of its files goes on here, with their tags, and other devices show it as being here.`,
	LocationForgotten: ({ items }: Warning<'LocationForgotten'>) =>
		`The files on the disk stay exactly as they are. Atoll forgets what it knows of ${plural(items, 'item')}. Undo brings back the name and everything that was set, and reads the folder again; tags and notes come back with the files for 30 days.`,
	TrashLeft: ({ items, sizeBytes }: Warning<'TrashLeft'>) =>
		`${plural(items, 'item')} in its trash (${sizeWords(sizeBytes)}) stay on the disk, and cannot be put back from here any more.`,
	TrashDue: ({ days, items, sizeBytes }: Warning<'TrashDue'>) =>
		`${plural(items, 'item')} in the trash (${sizeWords(sizeBytes)}) ${items === 1 ? 'has' : 'have'} been there for more than ${plural(days, 'day')}, and will be deleted for good soon.`
};
