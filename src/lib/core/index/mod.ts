/**
 * index: what the library knows of the person's folders — entries, their tree, and how they stay in step.
 *
 * Owns the tables of entries, directories, the closure of directories, the problems met and what was lost, which is
 * kept a month to be known again. Guarantees: a batch
 * is one transaction together with the mark of how far the run has come, so a kill loses at most one batch; a
 * folder that cannot be read, has vanished at its root or is suddenly empty never deletes an entry; symlinks
 * are never followed.
 */
export { createWatch, type Watch } from './watch-locations.ts';
export { createIndex, type Index, type NameSink } from './index.ts';
export type { IndexFailure } from './index-runs.ts';
export { createFolderJob, type FolderJob, type FolderJobFailure, type FolderScope } from './folder-job.ts';
export { readLocationOf, readPath } from './store.ts';
export { isOwnName, trashFolderName } from './own-names.ts';
export type { EntryChanges } from './change-entries.ts';
export {
	countLastCopies,
	countTrash,
	isInTrash,
	hasTrash,
	readTrash,
	readTrashed,
	readTrashedAbove,
	readTrashedBefore,
	readTrashIds,
	readTrashRows,
	type Trashed,
	type TrashOrder
} from './trash.ts';
export { readPlanEntries, readPlanEntry, readPlanName, readPlanNames, type PlanEntry } from './plan-entries.ts';
export { countLeaving, createSetRules, type SetRulesDomain } from './set-rules.ts';
export type { LeavingExample, RuleEffect } from './rule-effect.ts';
export { createIndexJob, type IndexInput, type IndexJob } from './index-job.ts';
export type {
	EntryFailure,
	EntryOrder,
	EntryRow,
	LocatedEntry,
	IndexOutcome,
	IndexProblem,
	IndexProgress,
	SortColumn,
	Usage
} from './schema.ts';
export { readEntry, readIds, readLocated, readRows, readTrail, readUsage } from './read-entries.ts';
export { countContents, createFileEntries, readHoldings } from './file-contents.ts';
export { readAtRisk, readCopies, readCopyPlaces, readDuplicates, readFileContent } from './read-duplicates.ts';
export type {
	AtRisk,
	AtRiskPart,
	CopyPlace,
	DuplicateGroup,
	Duplicates,
	FileContent,
	PlacedEntry
} from './read-duplicates.ts';
export { readSharedFiles, type SharedFile, type SharedFilesAsked } from './read-shared-files.ts';
export { readSizeMap, type SizeMapNode } from './read-size-map.ts';
export { listDisk, type DiskListing, type DiskRow } from './list-disk.ts';
export { measureDisk, type DiskUsage, type SkippedPath } from './disk-usage.ts';
export { resolvePath } from './resolve-path.ts';
export { countDifferences, differences } from './disk-report.ts';
export type { Difference, DiskItem, DiskList, DiskReport, RepairScope, VerifyProgress } from './disk-report.ts';
export { findTreeFlaws, type TreeFlaw } from './verify-tree.ts';
// How replicas come into the tree.
export { changeTree, insertDirectory, insertNumbered, removeEntry, renameEntry } from './tree.ts';
export type { NumberedEntry, Tree } from './tree.ts';
export { moveEntry } from './move-entry.ts';
export { removeSomeOfTree } from './remove-tree.ts';
export { copyTree, isAnyStowed, noteTakenTree, stowTree, unstowTree } from './taken-tree.ts';
export { updateReplica, type KnownBytes } from './replica-entry.ts';
