import type { EntryId, LocationId } from '#core/kernel';
import type { RootRef } from '#core/ports';
import type { Database } from '#core/schema';
import type { FolderRules } from './judge.ts';
import type { RuleSet } from './schema.ts';
import { readLevelsAbove, readRules } from './store.ts';

/** The folder under which a Unix system shows what is no disk at all. A browser's roots are keys and never this. */
const systemTop = '/';

/** The rules that a location has, or might have. */
export type LocationRules = { readonly rules: RuleSet; readonly version: number; readonly root: RootRef };

/** What holds in the folder at `path`. Run inside `read` or `write`. */
export function readFolderRules(
	database: Database,
	{ rules, version, root }: LocationRules,
	folder: EntryId,
	path: readonly string[]
): FolderRules {
	const levels = rules.obeysGitignore ? readLevelsAbove(database, folder, path.length) : [];
	const basis = `${version} ${levels.map(({ id }) => id).join(' ')}`;
	return { basis, rules, path, isSystem: root === systemTop, levels };
}

/** The rules of one location as they are each time somebody asks, inside `read` or `write`. */
export type Rulebook = (folder: EntryId, path: readonly string[]) => FolderRules;

/** Reads the rules of a location again whenever `changes` has counted, as they may be other ones then. */
export function createRulebook(
	database: Database,
	{ id, root }: { readonly id: LocationId; readonly root: RootRef },
	changes: { readonly count: number }
): Rulebook {
	let last: LocationRules | null = null;
	let seen = changes.count;
	return (folder, path) => {
		if (last === null || seen !== changes.count) {
			const { rules, version } = readRules(database, id);
			// The same object as long as they are the same: what was compiled for it serves again.
			if (last?.version !== version) last = { rules, version, root };
			seen = changes.count;
		}
		return readFolderRules(database, last, folder, path);
	};
}
