import { nameSortKey, type EntryId, type LocationId } from '#core/kernel';
import type { DiskEntry } from '#core/ports';
import type { Database } from '#core/schema';
import type { LastRun } from '#core/volumes';
import { moveEntry, type MoveTarget } from './move-entry.ts';
import { readChildByName, readEntry } from './read-entries.ts';
import { removeSomeOfTree } from './remove-tree.ts';
import { readLocationOf } from './store.ts';
import { dropEmptyBin, readTrashed, writeRestored, writeTrashed, type Trashing } from './trash.ts';
import { changeTree, insertEntry, removeEntry, type NameSink, type Tree } from './tree.ts';

/**
 * What actions tell the index of what they have done on the disk, each inside the caller's transaction. A watch may have
 * seen it first: then it stands as it should already, and nothing is done twice.
 */
export type EntryChanges = {
	/** `disk` is what stands under its name in `folder` by now. */
	writeMoved(id: EntryId, folder: EntryId, disk: DiskEntry): void;
	/** Answers the number of what stands in `folder` now. */
	writeAdded(folder: EntryId, disk: DiskEntry): EntryId;
	writeTrashed(id: EntryId, trashing: Trashing, disk: DiskEntry): void;
	/** As `writeMoved`, for what comes out of the trash. */
	writeRestored(id: EntryId, folder: EntryId, disk: DiskEntry): void;
	/** An entry is no more, with all below it. */
	writeGone(id: EntryId): void;
};

/** What was moved or changed while listings were under way. */
export type Movements = {
	count: number;
	/** Of folders that actions have changed, `count` when the last of them did. */
	readonly touched: Map<EntryId, number>;
};

type Deps = {
	readonly database: Database;
	readonly names: NameSink;
	readonly movements: Movements;
	readonly readRun: (location: LocationId) => LastRun | null;
};

/** Entries removed in one step of a loop inside one transaction. */
const removedMax = 10_000;

function removeWhole(tree: Tree, id: EntryId): void {
	const row = readEntry(tree.database, id);
	if (row === null) return;
	if (row.kind !== 'directory') return removeEntry(tree, id);
	while (removeSomeOfTree(tree, id, removedMax) === removedMax) tree.tally.write();
}

/** Where `folder` takes things in; null where it is in no location any more. */
function targetIn({ database, readRun }: Deps, folder: EntryId): MoveTarget | null {
	const location = readLocationOf(database, folder);
	if (location === null) return null;
	return { folder, location, run: readRun(location)?.run ?? 0 };
}

/** What a watch has taken for something new under the name that belongs to `id`. */
function clearName(tree: Tree, folder: EntryId, name: string, id: EntryId | null): void {
	const there = readChildByName(tree.database, folder, name, nameSortKey(name));
	if (there !== null && there.id !== id) removeWhole(tree, there.id);
}

export function createEntryChanges(deps: Deps): EntryChanges {
	const { database, names, movements } = deps;
	const change = <T>(folders: readonly (EntryId | null | undefined)[], work: (tree: Tree) => T): T => {
		// Listings that were read before lead elsewhere, and those of these folders tell what was.
		movements.count++;
		for (const folder of folders)
			if (folder !== null && folder !== undefined) movements.touched.set(folder, movements.count);
		return changeTree(database, names, work);
	};
	const parentOf = (id: EntryId): EntryId | null => readEntry(database, id)?.parent ?? null;
	return {
		writeMoved: (id, folder, disk) =>
			change([parentOf(id), folder], (tree) => {
				const row = readEntry(database, id);
				if (row === null || (row.parent === folder && row.name === disk.name)) return;
				const target = targetIn(deps, folder);
				if (target === null) return;
				clearName(tree, folder, disk.name, id);
				moveEntry(tree, id, target, disk);
			}),
		writeAdded: (folder, disk) =>
			change([folder], (tree) => {
				const there = readChildByName(database, folder, disk.name, nameSortKey(disk.name));
				return there?.id ?? insertEntry(tree, folder, readLocationOf(database, folder), disk);
			}),
		writeTrashed: (id, trashing, disk) =>
			change([parentOf(id), trashing.folder], (tree) => writeTrashed(tree, id, trashing, disk)),
		writeRestored: (id, folder, disk) =>
			change([folder], (tree) => {
				const target = targetIn(deps, folder);
				if (target === null || readTrashed(database, id) === null) return;
				clearName(tree, folder, disk.name, id);
				writeRestored(tree, id, target, disk);
			}),
		writeGone: (id) =>
			change([parentOf(id)], (tree) => {
				const bin = readTrashed(database, id) === null ? null : readEntry(database, id)?.parent;
				database.prepare('DELETE FROM trashed WHERE entry = ?').run([id]);
				removeWhole(tree, id);
				dropEmptyBin(tree, bin);
			})
	};
}
