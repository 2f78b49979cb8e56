import { changeTree, removeEntry, removeSomeOfTree, type NameSink, type Tree } from '#core/index';
import type { EntryId, LocationId } from '#core/kernel';
import type { Database } from '#core/schema';
import { unaskedOf } from '#core/sync';
import { settleHolders, unstowFor } from './claims.ts';
import {
	clearAllDoubts,
	clearGoneDoubts,
	countDoubts,
	deleteReplicaLocation,
	deleteUnusedVolumes,
	readDoubts,
	readReplicaLocations,
	readReplicaRows,
	type Doubt
} from './replica-store.ts';
import { readReplica, writeKept } from './store.ts';

/** Entries removed in one step of a loop inside one transaction. */
const removedMax = 10_000;

type Removing = { readonly database: Database; /** Of the owner. */ readonly slot: number };

/** What would go of replicas, and waits for a person. */
export type Held = {
	readonly deleted: number;
	/** Of so many in the locations that they lie in. */
	readonly of: number;
	/** A person has said that they are to stay here. */
	readonly isDeclined: boolean;
	/** How many in which location. */
	readonly folders: readonly { readonly location: LocationId; readonly deleted: number }[];
};

function remove(tree: Tree, id: EntryId, isDirectory: boolean): void {
	if (!isDirectory) return removeEntry(tree, id);
	while (removeSomeOfTree(tree, id, removedMax) === removedMax) tree.tally.write();
}

/** Answers the folders that what was removed lay in. */
function removeAll({ database, slot }: Removing, tree: Tree, doubts: readonly Doubt[]): EntryId[] {
	const locations = new Map([...readReplicaLocations(database, slot)].map(([location, root]) => [root, location]));
	const folders = new Set<EntryId>();
	for (const { entry: id } of doubts) {
		// It may have gone with a folder that held it.
		const row = readReplicaRows(database, [id]).get(id);
		if (row === undefined) continue;
		if (row.parent !== null) folders.add(row.parent);
		const location = locations.get(id);
		if (location !== undefined) deleteReplicaLocation(database, location);
		remove(tree, id, row.kind === 0);
		tree.tally.write();
	}
	return [...folders];
}

function heldLocations({ database, slot }: Removing): Set<LocationId> {
	const counts = countDoubts(database, slot).filter(({ deleted, of }) => deleted > unaskedOf(of));
	return new Set(counts.map(({ location }) => location));
}

/**
 * Removes what the owner has no more, once it has told all that it has. Where that is more of a location than goes without
 * a person being asked, and nobody has said so on the owner, it stays in doubt, and everything else goes on; only what another
 * file has taken the place of goes. Run inside the transaction of a merge.
 */
export function removeDoubted(removing: Removing, tree: Tree): void {
	const { database, slot } = removing;
	removeAll(removing, tree, readDoubts(database, slot, true));
	// What goes anyhow is not counted among what waits, which would else be less than a person is asked of.
	const replaced = readDoubts(database, slot, false).filter(({ isReplaced }) => isReplaced);
	removeAll(removing, tree, replaced);
	const held = heldLocations(removing);
	const due = readDoubts(database, slot, false).filter(({ location }) => location === null || !held.has(location));
	removeAll(removing, tree, due);
	if (held.size > 0) clearGoneDoubts(database, slot);
	else {
		clearAllDoubts(database, slot);
		writeKept(database, slot, 0);
	}
	deleteUnusedVolumes(database);
}

/** What waits of an owner's replicas; null where nothing does, or the owner has not told all yet. Run inside `read`. */
export function readHeld(removing: Removing): Held | null {
	const { database, slot } = removing;
	const replica = readReplica(database, slot);
	if (replica === null || replica.mark.reached !== null || replica.mark.seq !== replica.head) return null;
	const counts = countDoubts(database, slot);
	if (counts.length === 0) return null;
	const deleted = counts.reduce((sum, count) => sum + count.deleted, 0);
	return {
		deleted,
		of: counts.reduce((sum, count) => sum + count.of, 0),
		isDeclined: deleted <= replica.kept,
		folders: counts.map(({ location, deleted: there }) => ({ location, deleted: there }))
	};
}

/**
 * Has what waits go, as a person has said here, or stay, without being asked for again before it is more. Answers the
 * folders that are others now. Run inside `write`.
 */
export function answerHeld(removing: Removing, names: NameSink, accepts: boolean): readonly EntryId[] {
	const { database, slot } = removing;
	const held = readHeld(removing);
	if (held === null) return [];
	if (!accepts) {
		writeKept(database, slot, held.deleted);
		return [];
	}
	unstowFor(database, slot, () => null);
	return changeTree(database, names, (tree) => {
		const folders = removeAll(removing, tree, readDoubts(database, slot, false));
		clearAllDoubts(database, slot);
		writeKept(database, slot, 0);
		deleteUnusedVolumes(database);
		settleHolders(database);
		return folders;
	});
}
