import { entryId } from '#core/kernel';
import { readTrashed } from '#core/index';
import type { Database } from '#core/schema';
import type {
	CopyEntry,
	DeleteEntry,
	EntryPlace,
	FilesBlock,
	MakeFolder,
	MoveEntry,
	RemoveFolder,
	RestoreEntry,
	TrashEntry
} from './schema.ts';
import { blockOf, blockOfSource, blockOfTarget, isInside, isSame, sizeOf, type View } from './view.ts';

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
	return isAt(entry, from) && isSame(entry, seen) ? null : { type: 'EntryChanged' };
}

function checkMoveTarget(
	{ database, view }: Look,
	{ entry: id, seen, from, to }: MoveEntry | CopyEntry
): FilesBlock | null {
	if (seen.kind === 'directory' && isInside(database, entryId(to.folder), entryId(id))) return { type: 'TargetInside' };
	if (from.folder === to.folder && from.name === to.name) return { type: 'AlreadyThere' };
	return blockOfTarget(view, to, view.entry(entryId(id)));
}

export function checkMove(look: Look, operation: MoveEntry): FilesBlock | null {
	return checkSource(look, operation) ?? checkMoveTarget(look, operation);
}

export function checkCopy(look: Look, operation: CopyEntry): FilesBlock | null {
	return checkSource(look, operation) ?? checkMoveTarget(look, operation);
}

export function checkTrash(look: Look, operation: TrashEntry): FilesBlock | null {
	const block = checkSource(look, operation);
	if (block !== null) return block;
	const entry = look.view.entry(entryId(operation.entry));
	// Of a folder, that nothing has come into it or gone: it may hold work that was done since.
	const size = entry === null ? null : sizeOf(entry);
	const isWhole = size !== null && size.items === operation.items && size.sizeBytes === operation.sizeBytes;
	return isWhole ? null : { type: 'EntryChanged' };
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

export function checkMake({ view }: Look, { at }: MakeFolder): FilesBlock | null {
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
