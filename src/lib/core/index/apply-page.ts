import { entryId, type EntryId } from '#core/kernel';
import type { DiskEntry } from '#core/ports';
import type { PageChanges } from './compare-folder.ts';
import type { Move } from './find-moves.ts';
import { displace } from './missing.ts';
import { moveEntry, type MoveTarget } from './move-entry.ts';
import { readEntry } from './read-entries.ts';
import { insertEntries, updateEntry, type Tree } from './tree.ts';

export type Applied = { readonly added: number; readonly changed: number; readonly moved: number };

/** Whether `id` is what the index has under this name of the folder. */
function isStillHere(tree: Tree, id: EntryId, folder: EntryId, name: string): boolean {
	const row = readEntry(tree.database, id);
	return row !== null && row.parent === folder && row.name === name;
}

/** Makes the index of a folder agree with one page of its listing. What vanished is not among a page's changes. */
export function applyPage(tree: Tree, target: MoveTarget, changes: PageChanges, moves: readonly Move[]): Applied {
	const { folder, location, run } = target;
	const movedTo = new Map(moves.map((move) => [move.entry.name, move]));
	const leaving = new Set(moves.map(({ id }) => id));
	// Names are freed before they are given: two files may have changed places.
	const renamed = changes.changed.filter(({ entry }) => movedTo.has(entry.name));
	for (const { id, entry } of [...changes.replaced, ...renamed]) {
		const known = entryId(id);
		if (isStillHere(tree, known, folder, entry.name))
			displace(tree, { id: location, run }, { id: known, folder, name: entry.name });
	}
	const arrived = new Set<string>();
	for (const { id, entry } of moves) if (moveEntry(tree, id, target, entry)) arrived.add(entry.name);
	const isNew = (entry: DiskEntry) => !arrived.has(entry.name);
	const here = changes.changed.filter(
		({ id, entry }) => isNew(entry) && !leaving.has(entryId(id)) && isStillHere(tree, entryId(id), folder, entry.name)
	);
	for (const { id, entry } of here) updateEntry(tree, entryId(id), entry);
	const updated = new Set(here.map(({ entry }) => entry.name));
	const all = [...changes.added, ...[...changes.replaced, ...changes.changed].map(({ entry }) => entry)];
	const fresh = all.filter((entry) => isNew(entry) && !updated.has(entry.name));
	insertEntries(tree, folder, location, fresh);
	return { added: fresh.length, changed: here.length, moved: arrived.size };
}
