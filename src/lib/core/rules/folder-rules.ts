import type { EntryId, LocationId } from '#core/kernel';
import type { RootRef } from '#core/ports';
import type { Database } from '#core/schema';
import type { FolderRules } from './judge.ts';
import type { RuleSet } from './schema.ts';
import { readLevelsAbove, readRules, readVersion } from './store.ts';

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

export function createRulebook(database: Database, location: LocationId, root: RootRef): Rulebook {
	let last: LocationRules | null = null;
	return (folder, path) => {
		const version = readVersion(database, location);
		if (last?.version !== version) last = { rules: readRules(database, location).rules, version, root };
		return readFolderRules(database, last, folder, path);
	};
}
