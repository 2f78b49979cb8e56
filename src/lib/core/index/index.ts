import { entryId, ok, type EntryId, type LocationId, type Result } from '#core/kernel';
import { carrySayings, targetOf } from '#core/metadata';
import type { StorageFailure } from '#core/schema';
import { usual, writeRules } from '#core/rules';
import type { Location } from '#core/volumes';
import { sweepKept } from './batch.ts';
import type { DiskReport, VerifyProgress } from './disk-report.ts';
import { createEntryChanges, type EntryChanges } from './change-entries.ts';
import { createRuleChanges, type RuleChanges } from './change-rules.ts';
import { dropUnused } from './drop-unused.ts';
import { findTouched } from './catch-up.ts';
import { createRuns, type IndexDeps, type IndexFailure, type IndexRuns } from './index-runs.ts';
import { removeSomeOfTree, readOrphans } from './remove-tree.ts';
import type { IndexProblem } from './schema.ts';
import { readProblems } from './store.ts';
import { changeTree, insertDirectory, insertEntry, renameEntry } from './tree.ts';
import { verifyDisk, type VerifyDeps, type VerifyFailure } from './verify-disk.ts';

export type { NameSink } from './tree.ts';

/** Rows removed in one transaction when a location is forgotten. */
const removedMax = 1_000;

/** The index of an open library. */
export type Index = IndexRuns &
	RuleChanges &
	EntryChanges & {
		problems(location: LocationId): Result<IndexProblem[], StorageFailure>;
		/** Compares an entry and all below it with the disk, see `verifyDisk`. */
		verify(
			wanted: { readonly entry: EntryId; readonly content: boolean },
			onProgress: (progress: VerifyProgress) => void,
			signal: AbortSignal
		): Promise<Result<DiskReport, VerifyFailure>>;
		/**
		 * Reads the folders in which something came, went or was renamed since they were read, and no others; false where
		 * that cannot be told without reading them all.
		 */
		catchUp(location: Location, signal: AbortSignal): Promise<Result<boolean, IndexFailure>>;
		/** Forgets what is known of the bytes of these files, so that they are looked at anew. */
		forgetContents(files: readonly EntryId[]): Result<null, StorageFailure>;
		/** Clears away the trees of locations that are no more, a batch at a time. */
		sweep(signal: AbortSignal): Promise<Result<null, StorageFailure>>;
		/** Inside a transaction: the entry of a new location's folder, called as the location is. */
		writeRootEntry(name: string): EntryId;
		writeRootName(entry: EntryId, name: string): void;
		/** With the rules that new locations begin with. */
		writeRootDirectory(entry: EntryId, location: LocationId): void;
	};

async function sweep(deps: IndexDeps, signal: AbortSignal): Promise<Result<null, StorageFailure>> {
	const { database, names, clock } = deps;
	for (;;) {
		const removed = database.write(() => {
			const [orphan] = readOrphans(database);
			return orphan === undefined
				? 0
				: changeTree(database, names, (tree) => removeSomeOfTree(tree, orphan, removedMax));
		});
		if (!removed.ok) return removed;
		if (removed.value === 0) return sweepKept(deps, signal);
		await clock.wait(0, signal);
		signal.throwIfAborted();
	}
}

function forgetContents({ database, onChange }: IndexDeps, files: readonly EntryId[]): Result<null, StorageFailure> {
	const folders = database.write(() => {
		const read = database.prepare('SELECT parent, content, sizeBytes FROM entry WHERE id = ? AND kind = 1');
		const forget = database.prepare('UPDATE entry SET content = NULL, proven = 0 WHERE id = ?');
		const touched = new Set<EntryId>();
		for (const id of files) {
			const row = read.get([id]);
			if (row === undefined) continue;
			forget.run([id]);
			carrySayings(database, targetOf(id, row['content'], Number(row['sizeBytes'])), id);
			dropUnused(database, row['content']);
			touched.add(entryId(row['parent']));
		}
		return touched;
	});
	if (!folders.ok) return folders;
	onChange([...folders.value]);
	return ok(null);
}

export function createIndex(given: Omit<IndexDeps & VerifyDeps, 'movements'>): Index {
	const deps: IndexDeps & VerifyDeps = { ...given, movements: { count: 0, touched: new Map() } };
	const { database, names } = deps;
	const runs = createRuns(deps);
	return {
		...runs,
		...createRuleChanges(deps),
		...createEntryChanges(deps),
		problems: (location) => database.read(() => readProblems(database, location)),
		verify: (wanted, onProgress, signal) => verifyDisk(deps, wanted, onProgress, signal),
		catchUp: async (location, signal) => {
			const touched = await findTouched(deps, location, signal);
			if (!touched.ok || touched.value === null) return touched.ok ? ok(false) : touched;
			const read = await runs.refresh(location, touched.value, signal);
			return read.ok ? ok(true) : read;
		},
		forgetContents: (files) => forgetContents(deps, files),
		sweep: (signal) => sweep(deps, signal),
		writeRootEntry: (name) =>
			changeTree(database, names, (tree) =>
				insertEntry(tree, null, null, { name, kind: 'directory', sizeBytes: 0, modifiedMs: null, inode: null })
			),
		writeRootName: (entry, name) => changeTree(database, names, (tree) => renameEntry(tree, entry, name)),
		writeRootDirectory: (entry, location) => {
			insertDirectory(database, entry, location);
			writeRules(database, location, usual, { isApplied: true });
		}
	};
}
