import { removeEntry, removeSomeOfTree, type Tree } from '#core/index';
import type { EntryId } from '#core/kernel';
import type { Merging } from './merge-batch.ts';
import { Refused } from './refused.ts';
import {
	clearAllDoubts,
	countDoubts,
	deleteReplicaLocation,
	deleteUnusedVolumes,
	readDoubts,
	readReplicaLocations,
	readReplicaRows
} from './replica-store.ts';

/** More than that never goes unless a person of either device has said so: one overlooks about so many things. */
export const unseenMax = 100;
/** Nor so much of a location; of a few files one that is gone is no mass deletion. */
const percentMax = 10;
const fewMax = 10;
/** Entries removed in one step of a loop inside one transaction. */
const removedMax = 10_000;

/** How many entries of a location of `of` go without anybody being asked. */
export function unaskedOf(of: number): number {
	return Math.min(unseenMax, Math.max(fewMax, Math.floor((of * percentMax) / 100)));
}

function remove(tree: Tree, id: EntryId, isDirectory: boolean): void {
	if (!isDirectory) return removeEntry(tree, id);
	while (removeSomeOfTree(tree, id, removedMax) === removedMax) tree.tally.write();
}

function removeAll({ database, slot }: Merging, tree: Tree, isMeant: boolean): void {
	const locations = new Map([...readReplicaLocations(database, slot)].map(([location, root]) => [root, location]));
	for (const id of readDoubts(database, slot, isMeant)) {
		// It may have gone with a folder that held it.
		const row = readReplicaRows(database, [id]).get(id);
		if (row === undefined) continue;
		const location = locations.get(id);
		if (location !== undefined) deleteReplicaLocation(database, location);
		remove(tree, id, row.kind === 0);
		tree.tally.write();
	}
}

/**
 * Removes what the owner has no more, once it has told all that it has. Where that is more than goes without a person
 * being asked, and nobody has said so on the owner, it is refused. Run inside the transaction of a merge.
 */
export function removeDoubted(merging: Merging, tree: Tree): void {
	const { database, slot, mayDelete } = merging;
	removeAll(merging, tree, true);
	for (const { location, deleted, of } of countDoubts(database, slot))
		if (deleted > Math.max(unaskedOf(of), mayDelete(location)))
			throw new Refused({ type: 'BatchDeletesMuch', deleted, of });
	removeAll(merging, tree, false);
	clearAllDoubts(database, slot);
	deleteUnusedVolumes(database);
}
