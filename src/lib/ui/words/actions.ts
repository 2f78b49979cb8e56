/**
 * What is done, was done and cannot be done, for people. Keyed by the kind of an operation, the type of what is in the
 * way and the name of an action: a new one without words here does not compile.
 */
import type { ActionName, AnyAction, AnyBlock, AnyOperation, AnyPlan, AnyStep, AnyWarning } from '#core';
import { visibleName } from '#ui/files/name-parts.ts';
import { settingBlocks, settingOperations, settingVerbs, settingWarnings } from './setting-actions.ts';
import { plural, sizeWords, spanWords } from './values.ts';

type Kind = AnyOperation['kind'];
type OperationWords<O> = {
	/** What it does: `Rename “Photos” to “Pictures”`. */
	readonly does: (operation: O) => string;
	/** What it did. */
	readonly did: (operation: O) => string;
};
type Verbs = { readonly does: string; readonly did: string; readonly noun: string };

const quoted = (name: string): string => `“${visibleName(name)}”`;

/** `items`: it and all below it. */
const withAll = (items: number): string => (items > 1 ? ` with ${plural(items - 1, 'item')} in it` : '');
/** Where it is called otherwise afterwards. */
const under = (from: string, to: string): string => (from === to ? '' : ` as ${quoted(to)}`);

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
		does: ({ from, to }) =>
			from.name === to.name
				? `Change the tag ${quoted(to.name)}`
				: `Rename the tag ${quoted(from.name)} to ${quoted(to.name)}`,
		did: ({ from, to }) =>
			from.name === to.name
				? `Changed the tag ${quoted(to.name)}`
				: `Renamed the tag ${quoted(from.name)} to ${quoted(to.name)}`
	},
	'metadata.merge-tags': {
		does: ({ tag }) => `Merge the tag ${quoted(tag.name)} into another`,
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
	'files.restore': { does: 'Put back', did: 'Put back', noun: 'item' },
	'files.delete': { does: 'Delete for good', did: 'Deleted', noun: 'item' },
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

const blocks: {
	readonly [T in AnyBlock['type']]: (block: Extract<AnyBlock, { readonly type: T }>) => string;
} = {
	LocationMissing: () => 'The folder is not in the library any more.',
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
	TagNameTaken: ({ name }) => `Another tag is called ${quoted(name)} as well.`,
	TagInUse: ({ targets }) => `It is taken off ${plural(targets, 'item')}, which stay as they are otherwise.`,
	CollectionInUse: ({ targets }) => `There is something in it: ${plural(targets, 'item')}, which stay where they are.`
};

// Each table has an entry for exactly the kind or type; TypeScript cannot follow the pair through the lookup.
function operationWords(operation: AnyOperation): OperationWords<AnyOperation> {
	return operations[operation.kind] as OperationWords<AnyOperation>;
}

export const operationDoes = (operation: AnyOperation): string => operationWords(operation).does(operation);

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
	const { does, noun } = verbsOf(action);
	return counts.operations === 1 ? does : `${does} ${plural(counts.operations, noun)}`;
}

/** What a plan comes to: `3 folders · 1.2 GB · about 2 minutes`. */
export function costWords({ action, counts, cost: { items, sizeBytes, estimateMs } }: AnyPlan): string {
	const parts = [plural(Math.max(items, counts.operations), verbsOf(action).noun)];
	if (sizeBytes > 0) parts.push(sizeWords(sizeBytes));
	if (estimateMs !== null) parts.push(`about ${spanWords(estimateMs)}`);
	return parts.join(' · ');
}

/** What an action did: the one thing, or how many. */
export function actionDid({ action, first, items, operations: count, failed }: AnyAction): string {
	if (first !== null && count === 1) return failed === 0 ? operationWords(first).did(first) : operationDoes(first);
	const { did, noun } = verbsOf(action);
	return `${did} ${plural(Math.max(0, items - failed), noun)}`;
}
