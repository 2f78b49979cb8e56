/**
 * files: what people do with files — copy, move, rename, bring in from outside, make a folder or a text, put into the
 * trash, take back, delete, and keep one of several copies.
 *
 * Owns no table: what lies where the index knows, what was done the actions. Guarantees: a plan is made from the index
 * alone; nothing is written over, and what is replaced goes into the trash; an entry keeps its number, and what hangs on
 * it, wherever it is moved, also into the trash and back; the disk is held to what the plan saw, and what differs there
 * is left alone and told; nothing is deleted that was not in the trash before; a copy goes only while another file has
 * every byte of it, both read for that, and comes back by itself where that one is gone by then.
 */
export { filesActions, filesOperations, type FilesActionName, type FilesActionsDeps } from './operations.ts';
export { renamesByPattern, type NewName, type PatternInput } from './rename.ts';
export { conflictPolicies, keepPolicies } from './schema.ts';
export { readMoving } from './moving.ts';
export type {
	ConflictPolicy,
	FilesBlock,
	FilesDomain,
	FilesOperation,
	FilesStepFailure,
	FilesWarning,
	KeepPolicy
} from './schema.ts';
