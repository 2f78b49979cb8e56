import { ok, type EntryId, type LocationId, type Result } from '#core/kernel';
import type { StorageFailure } from '#core/schema';
import { usual, writeRules } from '#core/rules';
import { createRuleChanges, type RuleChanges } from './change-rules.ts';
import { createRuns, type IndexDeps, type IndexRuns } from './index-runs.ts';
import { removeSomeOfTree, readOrphans } from './remove-tree.ts';
import type { IndexProblem } from './schema.ts';
import { readProblems } from './store.ts';
import { changeTree, insertDirectory, insertEntry, renameEntry } from './tree.ts';

export type { NameSink } from './tree.ts';

/** Rows removed in one transaction when a location is forgotten. */
const removedMax = 1_000;

/** The index of an open library. */
export type Index = IndexRuns &
	RuleChanges & {
		problems(location: LocationId): Result<IndexProblem[], StorageFailure>;
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
		if (removed.value === 0) return ok(null);
		await clock.wait(0, signal);
		signal.throwIfAborted();
	}
}

export function createIndex(given: Omit<IndexDeps, 'movements'>): Index {
	const deps: IndexDeps = { ...given, movements: { count: 0 } };
	const { database, names } = deps;
	const runs = createRuns(deps);
	return {
		...runs,
		...createRuleChanges(deps),
		problems: (location) => database.read(() => readProblems(database, location)),
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
