/**
 * What is done, was done and cannot be done, for people. Keyed by the kind of an operation, the type of what is in the
 * way and the name of an action: a new one without words here does not compile.
 */
import type { ActionName, AnyAction, AnyBlock, AnyOperation, AnyPlan, AnyStep, AnyWarning } from '#core';
import { visibleName } from '#ui/files/name-parts.ts';
import { settingBlocks, settingOperations, settingVerbs, settingWarnings } from './setting-actions.ts';
import { countWords, plural, sizeWords, spanWords } from './values.ts';

type Kind = AnyOperation['kind'];
type OperationWords<O> = {
	/** What it does: `Rename “Photos” to “Pictures”`. */
	readonly does: (operation: O) => string;
	/** What it did. */
	readonly did: (operation: O) => string;
};
type Verbs = { readonly does: string; readonly did: string; readonly noun: string; readonly nouns?: string };

const quoted = (name: string): string => `“${visibleName(name)}”`;

/** `items`: it and all below it. */
const withAll = (items: number): string => (items > 1 ? ` with ${plural(items - 1, 'item')} in it` : '');
/** Where it is called otherwise afterwards. */
const under = (from: string, to: string): string => (from === to ? '' : ` as ${quoted(to)}`);

const inFolder = (path: readonly string[]): string => path.map(visibleName).join(' / ');

function moved(
	{ from, to, items }: Extract<AnyOperation, { readonly kind: 'move-entry' }>,
	rename: string,
	move: string
): string {
	if (from.folder === to.folder) return `${rename} ${quoted(from.name)} to ${quoted(to.name)}`;
	return `${move} ${quoted(from.name)}${withAll(items)}${under(from.name, to.name)}`;
}

function marked(
	{ mark, to, entries }: Extract<AnyOperation, { readonly kind: 'metadata.mark-entries' }>,
	[make, take, write, set]: readonly [string, string, string, string]
): string {
	const items = plural(entries.length, 'item');
	switch (mark) {
		case 'favourite':
			return to === 1 ? `${make} ${items} a favourite` : `${take} ${items} out of the favourites`;
		case 'note':
			return to === '' ? `${take} the note off ${items}` : `${write} the note of ${items}`;
		case 'rating':
		case 'colour':
			return `${set} the ${mark} of ${items}`;
	}
}

function edited(
	{ from, to, ties, unties }: Extract<AnyOperation, { readonly kind: 'metadata.edit-tag' }>,
	[rename, change]: readonly [string, string]
): string {
	const isTied = ties.length + unties.length > 0;
	if (from.name !== to.name)
		return `${rename} the tag ${quoted(from.name)} to ${quoted(to.name)}${isTied ? ', and what it lies under' : ''}`;
	const isLook = from.colour !== to.colour || from.icon !== to.icon || from.privacy !== to.privacy;
	return isTied && !isLook
		? `${change} what the tag ${quoted(to.name)} lies under`
		: `${change} the tag ${quoted(to.name)}`;
}

const operations: { readonly [K in Kind]: OperationWords<Extract<AnyOperation, { readonly kind: K }>> } = {
	'rename-location': {
		does: ({ from, to }) => `Rename ${quoted(from)} to ${quoted(to)}`,
		did: ({ from, to }) => `Renamed ${quoted(from)} to ${quoted(to)}`
	},
	...settingOperations,
	'move-entry': {
		does: (operation) => moved(operation, 'Rename', 'Move'),
		did: (operation) => moved(operation, 'Renamed', 'Moved')
	},
	'copy-entry': {
		does: ({ from, to, items }) => `Copy ${quoted(from.name)}${withAll(items)}${under(from.name, to.name)}`,
		did: ({ from, to, items }) => `Copied ${quoted(from.name)}${withAll(items)}${under(from.name, to.name)}`
	},
	'trash-entry': {
		does: ({ from, items }) => `Move ${quoted(from.name)}${withAll(items)} to the trash`,
		did: ({ from, items }) => `Moved ${quoted(from.name)}${withAll(items)} to the trash`
	},
	'trash-copy': {
		does: ({ from, copyOf }) => `Move ${quoted(from.name)} in ${inFolder(copyOf.ownPath)} to the trash`,
		did: ({ from, copyOf }) => `Moved ${quoted(from.name)} in ${inFolder(copyOf.ownPath)} to the trash`
	},
	'restore-entry': {
		does: ({ to, items }) => `Take ${quoted(to.name)}${withAll(items)} out of the trash`,
		did: ({ to, items }) => `Took ${quoted(to.name)}${withAll(items)} out of the trash`
	},
	'delete-entry': {
		does: ({ name, items }) => `Delete ${quoted(name)}${withAll(items)} for good`,
		did: ({ name, items }) => `Deleted ${quoted(name)}${withAll(items)} for good`
	},
	'make-folder': {
		does: ({ at }) => `Make the folder ${quoted(at.name)}`,
		did: ({ at }) => `Made the folder ${quoted(at.name)}`
	},
	'ingest-entry': {
		does: ({ path, to, items }) =>
			`Copy ${quoted(path.at(-1) ?? '')}${withAll(items)}${under(path.at(-1) ?? '', to.name)}`,
		did: ({ path, to, items }) =>
			`Copied ${quoted(path.at(-1) ?? '')}${withAll(items)}${under(path.at(-1) ?? '', to.name)}`
	},
	'make-file': {
		does: ({ at }) => `Make the file ${quoted(at.name)}`,
		did: ({ at }) => `Made the file ${quoted(at.name)}`
	},
	'remove-folder': {
		does: ({ at }) => `Remove the empty folder ${quoted(at.name)}`,
		did: ({ at }) => `Removed the empty folder ${quoted(at.name)}`
	},
	'rename-volume': {
		does: ({ from, to }) =>
			to === null ? `Take the name ${quoted(from ?? '')} off the disk` : `Call the disk ${quoted(to)}`,
		did: ({ from, to }) =>
			to === null ? `Took the name ${quoted(from ?? '')} off the disk` : `Called the disk ${quoted(to)}`
	},
	'metadata.restore-tag': {
		does: ({ tag }) => `Make the tag ${quoted(tag.name)}`,
		did: ({ tag }) => `Made the tag ${quoted(tag.name)}`
	},
	'metadata.delete-tag': {
		does: ({ tag }) => `Delete the tag ${quoted(tag.name)}`,
		did: ({ tag }) => `Deleted the tag ${quoted(tag.name)}`
	},
	'metadata.edit-tag': {
		does: (operation) => edited(operation, ['Rename', 'Change']),
		did: (operation) => edited(operation, ['Renamed', 'Changed'])
	},
	'metadata.merge-tags': {
		does: ({ tag, targets }) =>
			`Give the other tag to ${plural(targets, 'item')} with ${quoted(tag.name)}, and delete ${quoted(tag.name)}`,
		did: ({ tag }) => `Merged the tag ${quoted(tag.name)} into another`
	},
	'metadata.unmerge-tags': {
		does: ({ tag }) => `Part the tag ${quoted(tag.name)} from the other again`,
		did: ({ tag }) => `Parted the tag ${quoted(tag.name)} from the other again`
	},
	'metadata.relate-tags': {
		does: ({ relation }) => (relation === 'parent' ? 'Put a tag under another' : 'Make two tags synonyms'),
		did: ({ relation }) => (relation === 'parent' ? 'Put a tag under another' : 'Made two tags synonyms')
	},
	'metadata.unrelate-tags': {
		does: ({ relation }) => (relation === 'parent' ? 'Take a tag from under another' : 'Part two synonyms'),
		did: ({ relation }) => (relation === 'parent' ? 'Took a tag from under another' : 'Parted two synonyms')
	},
	'metadata.tag-entries': {
		does: ({ entries }) => `Tag ${plural(entries.length, 'item')}`,
		did: ({ entries }) => `Tagged ${plural(entries.length, 'item')}`
	},
	'metadata.untag-entries': {
		does: ({ entries }) => `Take a tag off ${plural(entries.length, 'item')}`,
		did: ({ entries }) => `Took a tag off ${plural(entries.length, 'item')}`
	},
	'metadata.mark-entries': {
		does: (operation) => marked(operation, ['Make', 'Take', 'Write', 'Set']),
		did: (operation) => marked(operation, ['Made', 'Took', 'Wrote', 'Set'])
	},
	'metadata.restore-collection': {
		does: ({ collection }) => `Make the collection ${quoted(collection.name)}`,
		did: ({ collection }) => `Made the collection ${quoted(collection.name)}`
	},
	'metadata.delete-collection': {
		does: ({ collection }) => `Delete the collection ${quoted(collection.name)}`,
		did: ({ collection }) => `Deleted the collection ${quoted(collection.name)}`
	},
	'metadata.rename-collection': {
		does: ({ from, to }) => `Rename the collection ${quoted(from)} to ${quoted(to)}`,
		did: ({ from, to }) => `Renamed the collection ${quoted(from)} to ${quoted(to)}`
	},
	'metadata.collect-entries': {
		does: ({ members }) => `Put ${plural(members.length, 'item')} into a collection`,
		did: ({ members }) => `Put ${plural(members.length, 'item')} into a collection`
	},
	'metadata.uncollect-entries': {
		does: ({ members }) => `Take ${plural(members.length, 'item')} out of a collection`,
		did: ({ members }) => `Took ${plural(members.length, 'item')} out of a collection`
	}
};

/** What many operations are together. */
const actions: Readonly<Record<ActionName, Verbs>> = {
	'locations.rename': { does: 'Rename', did: 'Renamed', noun: 'folder' },
	...settingVerbs,
	'files.move': { does: 'Move', did: 'Moved', noun: 'item' },
	'files.copy': { does: 'Copy', did: 'Copied', noun: 'item' },
	'files.rename': { does: 'Rename', did: 'Renamed', noun: 'item' },
	'files.make-folder': { does: 'Make folder', did: 'Made', noun: 'folder' },
	'files.trash': { does: 'Move to trash', did: 'Moved to the trash:', noun: 'item' },
	'files.deduplicate': { does: 'Remove', did: 'Removed', noun: 'copy', nouns: 'copies' },
	'files.restore': { does: 'Put back', did: 'Put back', noun: 'item' },
	'files.delete': { does: 'Delete for good', did: 'Deleted', noun: 'item' },
	'files.ingest': { does: 'Copy here', did: 'Copied', noun: 'item' },
	'files.make-text': { does: 'Make file', did: 'Made', noun: 'file' },
	'volumes.rename': { does: 'Rename', did: 'Renamed', noun: 'disk' },
	'metadata.create-tag': { does: 'Make', did: 'Made', noun: 'tag' },
	'metadata.edit-tag': { does: 'Change', did: 'Changed', noun: 'tag' },
	'metadata.delete-tag': { does: 'Delete tag', did: 'Deleted the tag of', noun: 'item' },
	'metadata.merge-tags': { does: 'Merge tags', did: 'Gave another tag to', noun: 'item' },
	'metadata.relate-tags': { does: 'Relate', did: 'Related', noun: 'tag' },
	'metadata.unrelate-tags': { does: 'Part', did: 'Parted', noun: 'tag' },
	'metadata.tag-files': { does: 'Tag', did: 'Tagged', noun: 'item' },
	'metadata.untag-files': { does: 'Untag', did: 'Untagged', noun: 'item' },
	'metadata.set-favourite': { does: 'Set favourite', did: 'Changed the favourite mark of', noun: 'item' },
	'metadata.set-rating': { does: 'Rate', did: 'Rated', noun: 'item' },
	'metadata.set-colour': { does: 'Colour', did: 'Coloured', noun: 'item' },
	'metadata.set-note': { does: 'Write note', did: 'Wrote the note of', noun: 'item' },
	'metadata.create-collection': { does: 'Make', did: 'Made', noun: 'collection' },
	'metadata.rename-collection': { does: 'Rename', did: 'Renamed', noun: 'collection' },
	'metadata.delete-collection': { does: 'Delete collection', did: 'Deleted a collection of', noun: 'item' },
	'metadata.add-to-collection': { does: 'Add to collection', did: 'Collected', noun: 'item' },
	'metadata.remove-from-collection': { does: 'Remove from collection', did: 'Took out of a collection:', noun: 'item' },
	'actions.undo': { does: 'Undo', did: 'Undid', noun: 'change' }
};
/** What makes something and gives it to files in one go. */
const making: readonly string[] = ['metadata.create-tag', 'metadata.create-collection'] satisfies ActionName[];

const blocks: {
	readonly [T in AnyBlock['type']]: (block: Extract<AnyBlock, { readonly type: T }>) => string;
} = {
	LocationMissing: () => 'The folder is not in the library any more.',
	NotOnThisDevice: ({ device }) => (device === '' ? 'It is on another device.' : `It is on “${device}”: do it there.`),
	...settingBlocks,
	LocationExists: () => 'The folder is in the library already.',
	NameEmpty: () => 'A name is missing.',
	LocationNameInvalid: () => 'A folder’s name has no slash, and is not “.” or “..”.',
	LocationNameTaken: ({ name }) => `Another folder is called ${quoted(name)}.`,
	EntryGone: () => 'It is not in the library any more.',
	EntryChanged: () => 'It is not what it was, or not where it was.',
	EntryIsLocation: () => 'This is a folder of the library itself.',
	TargetMissing: () => 'The folder that it is to come into is not there any more.',
	TargetNotAFolder: () => 'What it is to come into is no folder.',
	TargetInside: () => 'A folder cannot come into itself.',
	NameInUse: ({ name }) => `${quoted(name)} is there already.`,
	NameImpossible: ({ name }) => (name === '' ? 'A name is missing.' : `Nothing can be called ${quoted(name)}.`),
	AlreadyThere: () => 'It is there already.',
	LocationAway: () => 'Its disk or folder cannot be reached now.',
	FolderInUse: () => 'Something has come into it.',
	NotMovable: () => 'This is no file or folder that could be moved.',
	KeptMissing: () => 'The copy that was to stay is not there.',
	BytesDiffer: () => 'It is no copy: not every byte is the same.',
	VolumeMissing: () => 'The disk is not known any more.',
	VolumeRenamedSince: ({ name }) => (name === null ? 'It has no name by now.' : `It is called ${quoted(name)} by now.`),
	RenamedSince: ({ name }) => `It is called ${quoted(name)} by now.`,
	TagMissing: () => 'The tag is not there any more.',
	TagExists: () => 'There is such a tag already.',
	TagChanged: () => 'The tag has been changed since.',
	TagCycle: () => 'A tag cannot lie below itself.',
	CollectionMissing: () => 'The collection is not there any more.',
	CollectionExists: () => 'There is such a collection already.',
	CollectionChanged: () => 'The collection has been changed since.',
	MarkChanged: ({ entries }) => `Of ${plural(entries, 'item')} something else has been said since.`,
	EntriesGone: ({ entries }) => `${plural(entries, 'item')} of these left the library.`
};

type StepFailure = NonNullable<AnyStep['failure']>;
type OnDisk = Exclude<StepFailure, AnyBlock>;

/** What the disk said against a step. */
const onDisk: { readonly [T in OnDisk['type']]: string } = {
	FolderReadOnly: 'The folder is for reading only.',
	NameTaken: 'Something of this name is there already.',
	NameRefused: 'The disk cannot have this name.',
	FileMissing: 'It is not there any more.',
	SourceChanged: 'It was changed meanwhile, and left alone.',
	FolderNotEmpty: 'Something has come into it.',
	InsideItself: 'A folder cannot come into itself.',
	NotInOneStep: 'The disk cannot do this.',
	NoSpace: 'The disk is full.',
	TooLarge: 'The disk takes no file of this size.',
	ChangeDenied: 'The disk does not allow it.',
	ChangeFailed: 'The disk failed.',
	FileDenied: 'It may not be opened.',
	NotAFile: 'It is no file any more.',
	FileUnreadable: 'It cannot be read.',
	CopyDiffers: 'What was written is not what was read: the disk may be failing.',
	LibraryBusy: 'The library is in use.',
	DiskFull: 'There is no room for the library.',
	StorageDenied: 'The library may not be written to.',
	LibraryDamaged: 'The library is damaged.',
	StorageFailed: 'The library’s disk failed.',
	SourceGone: 'It is not at hand any more: the page that had it was closed or reloaded. Bring it again.',
	DiskAway: 'Its disk is away.'
};

function isOnDisk(failure: StepFailure): failure is OnDisk {
	return Object.hasOwn(onDisk, failure.type);
}

/** Why a step was not done. */
export function stepFailureWords(failure: StepFailure): string {
	return isOnDisk(failure) ? onDisk[failure.type] : blockWords(failure);
}

const warnings: {
	readonly [T in AnyWarning['type']]: (warning: Extract<AnyWarning, { readonly type: T }>) => string;
} = {
	UndoWhileRunning: () => 'It still goes on. Let it end, or cancel it in Jobs.',
	AlreadyUndone: () => 'It was undone already.',
	UndoImpossible: () =>
		'Nothing of it is left that could be undone: it could not be from the start, or is too old by now.',
	...settingWarnings,
	RoomShort: ({ needsBytes, freeBytes }) =>
		`There may not be room: ${sizeWords(needsBytes)} are needed, and ${sizeWords(freeBytes)} are free.`,
	TierColder: ({ from, to }) => `It goes from ${from} to ${to} storage, and takes longer to open from there.`,
	LastCopies: ({ files, sizeBytes }) =>
		`The library knows no other copy of ${plural(files, 'file')} of these (${sizeWords(sizeBytes)}).`,
	ManyItems: ({ items, percent }) => `That is ${plural(items, 'item')}, ${percent} % of the folder.`,
	ForEver: () => 'This cannot be undone.',
	CopiesKept: ({ files, sizeBytes }) =>
		`${plural(files, 'file')} ${files === 1 ? 'stays' : 'stay'}. Every byte is compared before a copy goes; ${sizeWords(sizeBytes)} are free once the trash is emptied.`,
	NamesOfOneFile: ({ names }) =>
		`${plural(names, 'further name')} of the same file on a disk: to remove one makes no room.`,
	CopiesAway: ({ files }) =>
		files === 1
			? 'One copy lies on a disk that cannot be reached now, and stays.'
			: `${plural(files, 'copy', 'copies')} lie on disks that cannot be reached now, and stay.`,
	NoneToKeep: ({ groups }) => `Of ${plural(groups, 'file')} no copy is where one was to be kept. All of them stay.`,
	TagNameTaken: ({ name }) => `Another tag is called ${quoted(name)} as well.`,
	TagInUse: ({ targets }) => `It is taken off ${plural(targets, 'item')}, which stay as they are otherwise.`,
	CollectionInUse: ({ targets }) => `There is something in it: ${plural(targets, 'item')}, which stay where they are.`
};

// Each table has an entry for exactly the kind or type; TypeScript cannot follow the pair through the lookup.
function operationWords(operation: AnyOperation): OperationWords<AnyOperation> {
	return operations[operation.kind] as OperationWords<AnyOperation>;
}

export const operationDoes = (operation: AnyOperation): string => operationWords(operation).does(operation);

/** What several operations are about together: what is kept of files that are the same. */
export function operationHeading(operation: AnyOperation): string | null {
	if (operation.kind !== 'trash-copy') return null;
	const { path, at } = operation.copyOf;
	return `Keep ${quoted(at.name)} in ${inFolder(path)}`;
}

export function blockWords(block: AnyBlock): string {
	return (blocks[block.type] as (block: AnyBlock) => string)(block);
}

export function warningWords(warning: AnyWarning): string {
	return (warnings[warning.type] as (warning: AnyWarning) => string)(warning);
}

function isActionName(name: string): name is ActionName {
	return Object.hasOwn(actions, name);
}

function verbsOf(name: string): Verbs {
	return isActionName(name) ? actions[name] : { does: 'Change', did: 'Changed', noun: 'item' };
}

/** What the button says that does it: `Rename`, `Rename 3 folders`. */
export function planVerb({ action, counts }: AnyPlan): string {
	const { does, noun, nouns } = verbsOf(action);
	return counts.operations === 1 || making.includes(action)
		? does
		: `${does} ${plural(counts.operations, noun, nouns)}`;
}

/** What a plan comes to: `3 folders · 1.2 GB · about 2 minutes`. */
export function costWords({ action, counts, cost: { items, sizeBytes, estimateMs } }: AnyPlan): string {
	const isFilled = making.includes(action) && counts.operations > 1;
	const { noun, nouns } = verbsOf(action);
	const whole = isFilled ? plural(items, 'item') : plural(Math.max(items, counts.operations), noun, nouns);
	const parts = [whole];
	if (sizeBytes > 0) parts.push(sizeWords(sizeBytes));
	if (estimateMs !== null) parts.push(`about ${spanWords(estimateMs)}`);
	return parts.join(' · ');
}

/** How far an action came that somebody has stopped; null where it was gone through to its end. */
export function stoppedWords({ state, done, failed, operations }: AnyAction): string | null {
	const isStopped = state === 'halted' && done + failed < operations;
	return isStopped ? `Stopped after ${countWords(done)} of ${countWords(operations)}` : null;
}

/** What an action did: the one thing, or how many. */
export function actionDid({ action, first, items, operations: count, failed }: AnyAction): string {
	if (first !== null && count === 1) return failed === 0 ? operationWords(first).did(first) : operationDoes(first);
	if (first !== null && making.includes(action))
		return `${operationWords(first).did(first)}, with ${plural(items, 'item')}`;
	const { did, noun, nouns } = verbsOf(action);
	return `${did} ${plural(Math.max(0, items - failed), noun, nouns)}`;
}
