/**
 * What is done and what is in the way, for people at a terminal. Keyed by the kind of an operation, the type of what is
 * in the way and the name of an action: a new one without words here does not compile.
 */
import type { ActionName, AnyAction, AnyBlock, AnyOperation, AnyPlan, AnyWarning } from '#core';
import { printName, printNumber, printSize } from './print.ts';
import { printSpan } from './print-job.ts';

/** `items`: it and all below it. */
const withAll = (items: number): string => (items > 1 ? ` (${printNumber(items, 'item', 'items')})` : '');
/** Where it is called otherwise afterwards. */
const under = (from: string, to: string): string => (from === to ? '' : ` as ${printName(to)}`);

const path = (name: string): string => `/${printName(name)}`;

function ruleEffect(effect: Extract<AnyOperation, { readonly kind: 'set-rules' }>['told']): string {
	if (effect === null) return '';
	const { leaving, returning } = effect;
	const out = printNumber(leaving.files + leaving.folders, 'entry', 'entries');
	return `: ${out} out of the index, up to ${printNumber(returning.files + returning.folders, 'entry', 'entries')} into it`;
}

const operations: {
	readonly [K in AnyOperation['kind']]: (operation: Extract<AnyOperation, { readonly kind: K }>) => string;
} = {
	'rename-location': ({ from, to }) => `rename ${path(from)} to ${path(to)}`,
	'rename-library': ({ to }) => `call the library ${printName(to)}`,
	'change-setting': ({ setting, to }) =>
		setting === 'trashDays'
			? `keep what is in the trash ${to === null ? 'until it is deleted by hand' : `for ${printNumber(to, 'day', 'days')}`}`
			: `lock ${to === null ? 'only when asked to' : `after ${printNumber(to, 'minute', 'minutes')} without a touch`}`,
	'add-location': ({ name, root }) => `add ${path(name)} (${printName(root)})`,
	'remove-location': ({ name, root }) => `forget ${path(name)} (${printName(root)}), whose files stay`,
	'set-mode': ({ name, to }) => `look at ${path(name)} ${to}`,
	'set-class': ({ name, to }) => (to === null ? `take the wanted class off ${path(name)}` : `want ${path(name)} ${to}`),
	'set-rules': ({ name, told }) => `set the rules of ${path(name)}${ruleEffect(told)}`,
	'set-policy': ({ name, analysis, to }) =>
		`want ${analysis} ${to ?? 'as usual'} in ${name === null ? 'all folders' : path(name)}`,
	'set-schedule': ({ job, name, to }) => {
		const what = `${job}${name === null ? '' : ` ${path(name)}`}`;
		return to === null ? `no longer do ${what} by itself` : `do ${what} by itself: ${to}`;
	},
	'move-entry': ({ from, to, items }) =>
		from.folder === to.folder && from.name !== to.name
			? `rename ${printName(from.name)} to ${printName(to.name)}`
			: `move ${printName(from.name)}${withAll(items)}${under(from.name, to.name)}`,
	'copy-entry': ({ from, to, items }) => `copy ${printName(from.name)}${withAll(items)}${under(from.name, to.name)}`,
	'trash-entry': ({ from, items }) => `put ${printName(from.name)}${withAll(items)} into the trash`,
	'trash-copy': ({ from, copyOf }) =>
		`put ${path([...copyOf.ownPath, from.name].join('/'))} into the trash, a copy of ${path([...copyOf.path, copyOf.at.name].join('/'))}`,
	'restore-entry': ({ to, items }) => `take ${printName(to.name)}${withAll(items)} out of the trash`,
	'delete-entry': ({ name, items }) => `delete ${printName(name)}${withAll(items)} for good`,
	'make-folder': ({ at }) => `make the folder ${printName(at.name)}`,
	'ingest-entry': ({ path, to, items }) =>
		`bring in ${printName(path.at(-1) ?? '')}${withAll(items)}${under(path.at(-1) ?? '', to.name)}`,
	'make-file': ({ at }) => `make the file ${printName(at.name)}`,
	'remove-folder': ({ at }) => `remove the empty folder ${printName(at.name)}`,
	'rename-volume': ({ from, to }) =>
		to === null ? `take the name ${printName(from ?? '')} off the disk` : `call the disk ${printName(to)}`,
	'metadata.restore-tag': ({ tag }) => `make the tag ${printName(tag.name)}`,
	'metadata.delete-tag': ({ tag, targets }) =>
		`delete the tag ${printName(tag.name)}, which ${printNumber(targets, 'item has', 'items have')}`,
	'metadata.edit-tag': ({ from, to, ties, unties }) =>
		from.name !== to.name
			? `rename the tag ${printName(from.name)} to ${printName(to.name)}`
			: `change ${ties.length + unties.length > 0 ? 'what is above and beside' : 'the look of'} the tag ${printName(to.name)}`,
	'metadata.merge-tags': ({ tag }) => `merge the tag ${printName(tag.name)} into another`,
	'metadata.unmerge-tags': ({ tag }) => `part the tag ${printName(tag.name)} from the other again`,
	'metadata.relate-tags': ({ relation }) =>
		relation === 'parent' ? 'put a tag under another' : 'make two tags synonyms',
	'metadata.unrelate-tags': ({ relation }) =>
		relation === 'parent' ? 'take a tag away from under another' : 'make two tags no synonyms any more',
	'metadata.tag-entries': ({ entries }) => `tag ${printNumber(entries.length, 'item', 'items')}`,
	'metadata.untag-entries': ({ entries }) => `take a tag off ${printNumber(entries.length, 'item', 'items')}`,
	'metadata.mark-entries': ({ mark, entries }) => `set the ${mark} of ${printNumber(entries.length, 'item', 'items')}`,
	'metadata.restore-collection': ({ collection }) => `make the collection ${printName(collection.name)}`,
	'metadata.delete-collection': ({ collection, members }) =>
		`delete the collection ${printName(collection.name)} of ${printNumber(members, 'item', 'items')}`,
	'metadata.rename-collection': ({ from, to }) => `rename the collection ${printName(from)} to ${printName(to)}`,
	'metadata.collect-entries': ({ members }) => `put ${printNumber(members.length, 'item', 'items')} into a collection`,
	'metadata.uncollect-entries': ({ members }) =>
		`take ${printNumber(members.length, 'item', 'items')} out of a collection`
};

const blocks: {
	readonly [T in AnyBlock['type']]: (block: Extract<AnyBlock, { readonly type: T }>) => string;
} = {
	LocationMissing: () => 'it is not in the library any more',
	NotOnThisDevice: ({ device }) => `it is on another device${device === '' ? '' : ` (${device})`}`,
	LocationExists: () => 'it is in the library already',
	ChangedSince: () => 'it has been set to something else since',
	FolderUnseen: () => 'other folders have come since it was looked at: try again',
	FolderMissing: () => 'the folder is not there',
	FolderDenied: () => 'the folder may not be opened',
	FolderNeedsConsent: () => 'the folder has to be allowed again',
	NotAFolder: () => 'it is no folder',
	FolderUnreadable: () => 'the folder cannot be read',
	PatternInvalid: ({ pattern }) => `the pattern ${printName(pattern)} would never match`,
	PatternsTooMany: ({ max }) => `a folder can have ${max} patterns`,
	SizeLimitInvalid: () => 'the sizes make no sense',
	CronWrong: ({ text }) => `that is no schedule: ${printName(text)}`,
	CronNever: () => 'no month has such a day',
	NameEmpty: () => 'a name cannot be empty',
	LocationNameInvalid: () => 'that cannot be the name of a folder: it has a slash, or is . or ..',
	LocationNameTaken: ({ name }) => `another folder is called ${path(name)}`,
	EntryGone: () => 'it is not in the library any more',
	EntryChanged: () => 'it is not what it was, or not where it was',
	EntryIsLocation: () => 'it is a folder of the library itself (see atoll remove)',
	TargetMissing: () => 'the folder that it is to come into is not there any more',
	TargetNotAFolder: () => 'what it is to come into is no folder',
	TargetInside: () => 'a folder cannot come into itself',
	NameInUse: ({ name }) => `${printName(name)} is there already`,
	NameImpossible: ({ name }) => `nothing can be called ${JSON.stringify(name)}`,
	AlreadyThere: () => 'it is there already',
	LocationAway: () => 'its disk or folder cannot be reached now',
	FolderInUse: () => 'something has come into it',
	NotMovable: () => 'it is a pipe, a socket or a device',
	KeptMissing: () => 'the copy that is to stay is not there now',
	BytesDiffer: () => 'not every byte is that of the copy that is to stay',
	VolumeMissing: () => 'that disk is not known any more',
	VolumeRenamedSince: ({ name }) =>
		name === null ? 'it has no name by now' : `it is called ${printName(name)} by now`,
	RenamedSince: ({ name }) => `it is called ${path(name)} by now`,
	TagMissing: () => 'the tag is not there any more',
	TagExists: () => 'there is such a tag already',
	TagChanged: () => 'the tag has been changed since',
	TagCycle: () => 'a tag cannot lie below itself',
	CollectionMissing: () => 'the collection is not there any more',
	CollectionExists: () => 'there is such a collection already',
	CollectionChanged: () => 'the collection has been changed since',
	MarkChanged: ({ entries }) => `of ${printNumber(entries, 'item', 'items')} something else has been said since`,
	EntriesGone: ({ entries }) => `${printNumber(entries, 'item is', 'items are')} not in the library any more`
};

const warnings: {
	readonly [T in AnyWarning['type']]: (warning: Extract<AnyWarning, { readonly type: T }>) => string;
} = {
	UndoWhileRunning: () => 'it still goes on: let it end (atoll jobs resume), or cancel it (atoll jobs cancel)',
	AlreadyUndone: () => 'it was undone already',
	UndoImpossible: () =>
		'nothing of it is left that could be undone: it could not be from the start, or is too old by now',
	RoomShort: ({ needsBytes, freeBytes }) => `it needs ${printSize(needsBytes)}, and ${printSize(freeBytes)} are free`,
	TierColder: ({ from, to }) => `it goes from ${from} to ${to} storage`,
	LastCopies: ({ files, sizeBytes }) =>
		`the library knows no other copy of ${printNumber(files, 'file', 'files')} of these (${printSize(sizeBytes)})`,
	ManyItems: ({ items, percent }) => `that is ${printNumber(items, 'item', 'items')}, ${percent} % of the folder`,
	ForEver: () => 'this cannot be undone',
	CopiesKept: ({ files, sizeBytes }) =>
		`${printNumber(files, 'file stays', 'files stay')}; ${printSize(sizeBytes)} are free once the trash is emptied`,
	NamesOfOneFile: ({ names }) =>
		`${printNumber(names, 'name is one more', 'names are more')} of the same file on a disk: to remove one makes no room`,
	CopiesAway: ({ files }) =>
		`${printNumber(files, 'copy stays, as its disk', 'copies stay, as their disks')} cannot be reached now`,
	NoneToKeep: ({ groups }) =>
		`of ${printNumber(groups, 'file', 'files')} no copy is where one was to be kept: all stay`,
	TierSlower: ({ disk, wanted }) => `it is wanted ${wanted}, and its disk is ${disk}`,
	DiskTakenOver: ({ device }) =>
		`the disk was at ${device === '' ? 'another device' : printName(device)}: what is known of it goes on here, and that device shows it as being here`,
	LocationForgotten: ({ items }) =>
		`Atoll forgets ${printNumber(items, 'item', 'items')}, and touches no file. Undo brings back the name and what is set, and reads the folder again`,
	TrashLeft: ({ items, sizeBytes }) =>
		`${printNumber(items, 'item stays', 'items stay')} in its trash on the disk (${printSize(sizeBytes)}), which Atoll does not know any more`,
	TrashDue: ({ days, items, sizeBytes }) =>
		`${printNumber(items, 'item', 'items')} in the trash (${printSize(sizeBytes)}) lie there for more than ${days} days and are deleted for good soon`,
	TagNameTaken: ({ name }) => `another tag is called ${printName(name)} as well`,
	TagInUse: ({ targets }) => `${printNumber(targets, 'item has', 'items have')} it; they stay as they are`,
	CollectionInUse: ({ targets }) => `${printNumber(targets, 'item is', 'items are')} in it; they stay as they are`
};

/** What many operations are together. */
const actions: Readonly<Record<ActionName, { readonly verb: string; readonly units: readonly [string, string] }>> = {
	'locations.rename': { verb: 'rename', units: ['folder', 'folders'] },
	'library.rename': { verb: 'rename', units: ['library', 'libraries'] },
	'library.change-setting': { verb: 'change', units: ['setting', 'settings'] },
	'locations.add': { verb: 'add', units: ['folder', 'folders'] },
	'locations.remove': { verb: 'forget', units: ['item', 'items'] },
	'locations.set-mode': { verb: 'change', units: ['setting', 'settings'] },
	'locations.set-class': { verb: 'change', units: ['setting', 'settings'] },
	'locations.set-rules': { verb: 'change the rules of', units: ['item', 'items'] },
	'analysis.set-policy': { verb: 'change', units: ['policy', 'policies'] },
	'jobs.set-schedule': { verb: 'change', units: ['schedule', 'schedules'] },
	'files.purge': { verb: 'delete after its time in the trash:', units: ['item', 'items'] },
	'files.move': { verb: 'move', units: ['item', 'items'] },
	'files.copy': { verb: 'copy', units: ['item', 'items'] },
	'files.rename': { verb: 'rename', units: ['item', 'items'] },
	'files.make-folder': { verb: 'make', units: ['folder', 'folders'] },
	'files.trash': { verb: 'put into the trash:', units: ['item', 'items'] },
	'files.deduplicate': { verb: 'remove', units: ['copy', 'copies'] },
	'files.restore': { verb: 'take out of the trash:', units: ['item', 'items'] },
	'files.delete': { verb: 'delete', units: ['item', 'items'] },
	'files.ingest': { verb: 'bring in', units: ['item', 'items'] },
	'files.make-text': { verb: 'make', units: ['file', 'files'] },
	'volumes.rename': { verb: 'rename', units: ['disk', 'disks'] },
	'metadata.create-tag': { verb: 'make', units: ['tag', 'tags'] },
	'metadata.edit-tag': { verb: 'change', units: ['tag', 'tags'] },
	'metadata.delete-tag': { verb: 'take a tag off', units: ['item', 'items'] },
	'metadata.merge-tags': { verb: 'give another tag to', units: ['item', 'items'] },
	'metadata.relate-tags': { verb: 'relate', units: ['tag', 'tags'] },
	'metadata.unrelate-tags': { verb: 'part', units: ['tag', 'tags'] },
	'metadata.tag-files': { verb: 'tag', units: ['item', 'items'] },
	'metadata.untag-files': { verb: 'untag', units: ['item', 'items'] },
	'metadata.set-favourite': { verb: 'set the favourite of', units: ['item', 'items'] },
	'metadata.set-rating': { verb: 'rate', units: ['item', 'items'] },
	'metadata.set-colour': { verb: 'colour', units: ['item', 'items'] },
	'metadata.set-note': { verb: 'write the note of', units: ['item', 'items'] },
	'metadata.create-collection': { verb: 'make', units: ['collection', 'collections'] },
	'metadata.rename-collection': { verb: 'rename', units: ['collection', 'collections'] },
	'metadata.delete-collection': { verb: 'delete a collection of', units: ['item', 'items'] },
	'metadata.add-to-collection': { verb: 'collect', units: ['item', 'items'] },
	'metadata.remove-from-collection': { verb: 'take out of a collection:', units: ['item', 'items'] },
	'actions.undo': { verb: 'undo', units: ['change', 'changes'] }
};
/** What makes something and gives it to files in one go. */
const making: readonly string[] = ['metadata.create-tag', 'metadata.create-collection'] satisfies ActionName[];

// Each table has an entry for exactly the kind or type; TypeScript cannot follow the pair through the lookup.
export const printOperation = (operation: AnyOperation): string =>
	(operations[operation.kind] as (operation: AnyOperation) => string)(operation);
export const printBlock = (block: AnyBlock): string => (blocks[block.type] as (block: AnyBlock) => string)(block);
export const printWarning = (warning: AnyWarning): string =>
	(warnings[warning.type] as (warning: AnyWarning) => string)(warning);

function isActionName(name: string): name is ActionName {
	return Object.hasOwn(actions, name);
}

function verbsOf(name: string): (typeof actions)[ActionName] {
	return isActionName(name) ? actions[name] : { verb: 'change', units: ['item', 'items'] };
}

/** What a plan comes to: `rename 3 folders, 1.2 GB, about 2:10`. */
export function printCost({ action, counts, cost: { items, sizeBytes, estimateMs } }: AnyPlan): string {
	const { verb, units } = verbsOf(action);
	const isFilled = making.includes(action) && counts.operations > 1;
	const number = isFilled
		? `1 ${units[0]}, with ${printNumber(items, 'item', 'items')}`
		: printNumber(Math.max(items, counts.operations), ...units);
	const parts = [`${verb} ${number}`];
	if (sizeBytes > 0) parts.push(printSize(sizeBytes));
	if (estimateMs !== null) parts.push(`about ${printSpan(estimateMs)}`);
	return parts.join(', ');
}

/** What an action is: the one thing that it does, or how many. */
export function printAction({ action, first, items, operations: count, undoes, isUndoing }: AnyAction): string {
	const { verb, units } = verbsOf(action);
	const whole =
		first !== null && making.includes(action)
			? `${printOperation(first)}, with ${printNumber(items, 'item', 'items')}`
			: `${verb} ${printNumber(items, ...units)}`;
	const what = first !== null && count === 1 ? printOperation(first) : whole;
	if (undoes === null) return what;
	return `${isUndoing ? 'undo' : 'redo'} ${undoes}: ${what}`;
}
