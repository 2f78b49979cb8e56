/**
 * bytes: the steps that move bytes about on the person's disks. Knows no entries, no plans and no database.
 *
 * Guarantees: nothing is written over; a file has its final name only once all of it is on the disk; a source is taken
 * away only after its copy was flushed and both were found the same by BLAKE3 of all their bytes, and only while it still
 * is what was copied; links are copied as links, never followed. Each step asked for again with the same arguments, after
 * a kill or a loss of power at any instant and any number of times, comes to the same end. What a step has on its way is
 * named `.atoll-<step>.…`, lies in the target's folder, and is gone when it is done.
 */
export { copyFile, copyFiles } from './copy-files.ts';
export { copyTree } from './copy-tree.ts';
export { createCopyProver, type CopyProver } from './prove-copies.ts';
export { giveUpCopy, giveUpMove } from './give-up.ts';
export { makeFolder } from './make-folder.ts';
export { moveItem, moveItems, type Moved } from './move-items.ts';
export { anything, removeTree, removeTrees, type MayGo, type Removed } from './remove-tree.ts';
export { sweepStep } from './sweep-step.ts';
export { writeFile } from './write-file.ts';
export type { Filled } from './fill-tree.ts';
export {
	ownPrefix,
	stepOf,
	type Copied,
	type FilesDeps,
	type FromTo,
	type OnBytes,
	type StepFailure
} from './schema.ts';
