import { entryId, type EntryId } from '#core/kernel';
import {
	ignoreFileName,
	readIgnoreFile,
	type FolderRules,
	type Judged,
	type Judges,
	type LeavingRule
} from '#core/rules';
import { entryKindName, type Database } from '#core/schema';

/** Entries judged in one step, so that browsing never waits longer for its turn. */
const entriesMax = 5_000;

/** An entry of the index that a rule leaves out; `path` are the names from the location's folder (left out) down to it. */
export type Leaving = Judged & {
	readonly id: EntryId;
	readonly folder: EntryId;
	readonly path: readonly string[];
	readonly rule: LeavingRule;
};

type Deps = {
	readonly database: Database;
	readonly judges: Judges;
	/** What holds in a folder, but for a file of patterns of its own. */
	readonly rulesIn: (folder: EntryId, path: readonly string[]) => FolderRules;
};

export type TreeWalk = {
	/** Judges a part of the tree, and says whether that was the last one. Run inside `read` or `write`. */
	step(visit: (leaving: Leaving) => void): boolean;
	/** Files of patterns seen so far that nobody has read. */
	unread(): number;
};

function readToJudge(database: Database, folder: EntryId): (Judged & { readonly id: EntryId })[] {
	return database
		.prepare('SELECT id, name, kind, sizeBytes FROM entry WHERE parent = ?')
		.all([folder])
		.map((row) => ({
			id: entryId(row['id']),
			name: String(row['name']),
			kind: entryKindName(Number(row['kind'])),
			sizeBytes: Number(row['sizeBytes'])
		}));
}

/** Judges what the index has below `top` by rules, without the disk. What lies in a folder that is left out is not visited. */
export function walkTree({ database, judges, rulesIn }: Deps, top: EntryId): TreeWalk {
	const waiting: { readonly id: EntryId; readonly path: readonly string[] }[] = [{ id: top, path: [] }];
	let unread = 0;

	function judgeFolder(folder: EntryId, path: readonly string[], visit: (leaving: Leaving) => void): number {
		const own = readIgnoreFile(database, folder);
		const rules = rulesIn(folder, path);
		const judge = judges.in(rules, own);
		const children = readToJudge(database, folder);
		for (const child of children) {
			const rule = judge(child);
			const childPath = [...path, child.name];
			if (rule !== null) visit({ ...child, folder, path: childPath, rule });
			else if (child.kind === 'directory') waiting.push({ id: child.id, path: childPath });
			if (own === null && child.kind === 'file' && child.name === ignoreFileName && rules.rules.obeysGitignore)
				unread++;
		}
		return children.length;
	}

	return {
		unread: () => unread,
		step: (visit) => {
			for (let judged = 0; judged < entriesMax;) {
				const folder = waiting.pop();
				if (folder === undefined) return true;
				judged += 1 + judgeFolder(folder.id, folder.path, visit);
			}
			return waiting.length === 0;
		}
	};
}
