/**
 * rules: what of a location's folder comes into the index.
 *
 * Owns the tables of rules, of the files of patterns that were read, and of what was left out. Guarantees: a folder
 * that a rule leaves out is never listed; nested files of patterns combine as git combines them, from the top of the
 * innermost repository down; what a person's own patterns say goes before every other rule; rules that do not parse
 * are refused as a whole.
 */
export { ignoreBytesMax, ignoreFileName, ignoreText, repositoryName } from './ignore-file.ts';
export { createJudges, type FolderRules, type Judge, type Judges } from './judge.ts';
export { createRulebook, readFolderRules, type LocationRules, type Rulebook } from './folder-rules.ts';
export { everything, faultOfRules, leavingRules, ruleSetSchema, usual } from './schema.ts';
export type { Judged, LeavingRule, LeftOut, RulesFailure, RuleSet } from './schema.ts';
export {
	deleteFolderRules,
	moveFolderRules,
	readIgnoreFile,
	readNoted,
	readLeftOut,
	readRules,
	writeApplied,
	writeIgnoreFile,
	writeLeftOut,
	writeRules,
	type IgnoreFile,
	type Noted
} from './store.ts';
