import { entryId } from '#core/kernel';
import { readTrashed } from '#core/index';
import type { Database } from '#core/schema';
import type {
	CopyEntry,
	DeleteEntry,
	EntryPlace,
	FilesBlock,
	IngestEntry,
	MakeFile,
	MakeFolder,
	MoveEntry,
	RemoveFolder,
	RestoreEntry,
	TrashCopy,
	TrashEntry
} from './schema.ts';
import { blockOf, blockOfSource, blockOfTarget, isInside, isSame, sizeOf, type View } from './view.ts';

type Size = { readonly items: number; readonly sizeBytes: number };
type Look = { readonly database: Database; readonly view: View };

function isAt({ parent, name }: { readonly parent: number | null; readonly name: string }, place: EntryPlace): boolean {
	return parent === place.folder && name === place.name;
}

/** Why an entry cannot be taken from where it was seen. */
function checkSource(
	{ database, view }: Look,
	{ entry: id, seen, from }: { readonly entry: number; readonly seen: MoveEntry['seen']; readonly from: EntryPlace }
): FilesBlock | null {
	const entry = view.entry(entryId(id));
	if (entry === null) return { type: 'EntryGone' };
	const block = blockOfSource(database, view, entry);
	if (block !== null) return block;
	const at = view.placeOf(entry);
	const isThere = at.folder === from.folder && at.name === from.name;
	return isThere && isSame(entry, seen) ? null : { type: 'EntryChanged' };
}

function checkMoveTarget(
	{ database, view }: Look,
	{ entry: id, seen, from, to }: MoveEntry | CopyEntry
): FilesBlock | null {
	const staysIn = from.folder === to.folder;
	const mayHold = seen.kind === 'directory' && !staysIn;
	if (mayHold && isInside(database, entryId(to.folder), entryId(id))) return { type: 'TargetInside' };
	if (staysIn && from.name === to.name) return { type: 'AlreadyThere' };
	return blockOfTarget(view, to, view.entry(entryId(id)));
}

export function checkMove(look: Look, operation: MoveEntry): FilesBlock | null {
	return checkSource(look, operation) ?? checkMoveTarget(look, operation);
}

export function checkCopy(look: Look, operation: CopyEntry): FilesBlock | null {
	return checkSource(look, operation) ?? checkMoveTarget(look, operation);
}

const nothing: Size = { items: 0, sizeBytes: 0 };

/** `left`: what the plan has taken out of it before. */
function isOfSize(size: Size, operation: TrashEntry | TrashCopy, left: Size): boolean {
	const [items, sizeBytes] = [operation.items + left.items, operation.sizeBytes + left.sizeBytes];
	if (operation.kind === 'trash-entry' && operation.isAtMost === true)
		return size.items <= items && size.sizeBytes <= sizeBytes;
	return size.items === items && size.sizeBytes === sizeBytes;
}

export function checkTrash(look: Look, operation: TrashEntry | TrashCopy): FilesBlock | null {
	const block = checkSource(look, operation);
	if (block !== null) return block;
	const entry = look.view.entry(entryId(operation.entry));
	// Of a folder, that nothing has come into it or gone: it may hold work that was done since.
	const size = entry === null ? null : sizeOf(entry);
	if (entry === null || size === null) return { type: 'EntryChanged' };
	if (isOfSize(size, operation, nothing)) return null;
	return isOfSize(size, operation, look.view.leftOf(entry.id)) ? null : { type: 'EntryChanged' };
}

/** Whether what is to stay is there, also once what the plan does before is done. */
export function checkTrashCopy(look: Look, operation: TrashCopy): FilesBlock | null {
	const { entry, seen, from, copyOf } = operation;
	const block = checkTrash(look, operation);
	if (block !== null) return block;
	const { database, view } = look;
	const isItself = copyOf.entry === entry || (copyOf.at.folder === from.folder && copyOf.at.name === from.name);
	const kept = isItself ? null : view.entry(entryId(copyOf.entry));
	const isThere =
		kept?.kind === 'file' &&
		kept.sizeBytes === seen.sizeBytes &&
		isAt(kept, copyOf.at) &&
		view.named(copyOf.at) === kept.id &&
		blockOfSource(database, view, kept) === null;
	return isThere ? null : { type: 'KeptMissing' };
}

export function checkRestore({ database, view }: Look, { entry: id, to }: RestoreEntry): FilesBlock | null {
	const trashed = readTrashed(database, entryId(id));
	const entry = view.entry(entryId(id));
	if (trashed === null || entry === null) return { type: 'EntryGone' };
	return blockOf(view, trashed.location) ?? blockOfTarget(view, to, null);
}

export function checkDelete({ database, view }: Look, { entry: id }: DeleteEntry): FilesBlock | null {
	view.entry(entryId(id));
	const trashed = readTrashed(database, entryId(id));
	return trashed === null ? { type: 'EntryGone' } : blockOf(view, trashed.location);
}

export function checkIngest({ view }: Look, { to }: IngestEntry): FilesBlock | null {
	return blockOfTarget(view, to, null);
}

export function checkMake({ view }: Look, { at }: MakeFolder | MakeFile): FilesBlock | null {
	return blockOfTarget(view, at, null);
}

export function checkRemoveFolder({ database, view }: Look, { entry: id, at }: RemoveFolder): FilesBlock | null {
	const entry = view.entry(entryId(id));
	if (entry === null) return { type: 'EntryGone' };
	const block = blockOfSource(database, view, entry);
	if (block !== null) return block;
	if (!isAt(entry, at) || entry.kind !== 'directory') return { type: 'EntryChanged' };
	return sizeOf(entry).items === 1 ? null : { type: 'FolderInUse' };
}
