import ignore, { type Ignore } from 'ignore';
import { rebasedPatterns } from './ignore-file.ts';
import { isDevelopmentName, isSystemName } from './known-names.ts';
import type { Judged, LeavingRule, RuleSet } from './schema.ts';
import type { IgnoreFile, IgnoreLevel } from './store.ts';

/** What holds in one folder, but for a file of patterns of its own. */
export type FolderRules = {
	/** Two folders' rules are the same where this is, below the same folders. */
	readonly basis: string;
	readonly rules: RuleSet;
	/** Names from the location's folder (left out) down to the folder. */
	readonly path: readonly string[];
	/** Whether the location's folder is the topmost one of a whole system. */
	readonly isSystem: boolean;
	/** Those that are obeyed, from the top down. */
	readonly levels: readonly IgnoreLevel[];
};

/** The rule that leaves an entry of one folder out; null where none does. */
export type Judge = (entry: Judged) => LeavingRule | null;

export type Judges = {
	/** `own` is what the folder itself holds for git. */
	in(folder: FolderRules, own: IgnoreFile | null): Judge;
};

/** Compiled chains that are kept: neighbours in the walk share theirs. */
const chainsMax = 64;

/** Case counts, as on the disks of Linux; what git is told there by default. */
function blank(): Ignore {
	return ignore({ ignoreCase: false });
}

function chainOf(levels: readonly IgnoreLevel[], path: readonly string[]): Ignore {
	const chain = blank();
	for (const { depth, text } of levels) chain.add(rebasedPatterns(text, path.slice(0, depth)));
	return chain;
}

function isOutOfSize({ kind, sizeBytes }: Judged, { minBytes, maxBytes }: RuleSet): boolean {
	if (kind !== 'file') return false;
	return (minBytes !== null && sizeBytes < minBytes) || (maxBytes !== null && sizeBytes > maxBytes);
}

/**
 * Judges folder by folder. A folder that is judged was let in itself, with all above it: that is what makes the order
 * of the rules hold, as what lies in a folder that is left out is never asked about.
 */
export function createJudges(): Judges {
	const chains = new Map<string, Ignore>();
	const personals = new WeakMap<RuleSet, Ignore>();

	function chainAbove({ levels, path }: FolderRules): Ignore {
		const top = path.slice(0, levels.at(-1)?.depth ?? 0);
		// With the path, as a file of patterns moves with its folder.
		const key = `${levels.map(({ id }) => id).join(' ')} ${top.join('/')}`;
		const known = chains.get(key);
		if (known !== undefined) return known;
		if (chains.size >= chainsMax) chains.clear();
		const chain = chainOf(levels, path);
		chains.set(key, chain);
		return chain;
	}

	function personalOf(rules: RuleSet): Ignore | null {
		if (rules.patterns.length === 0) return null;
		const known = personals.get(rules);
		const made = known ?? blank().add(rebasedPatterns(rules.patterns.join('\n'), []));
		personals.set(rules, made);
		return blank().add(made);
	}

	/** New for each folder: the library remembers every path that it was asked about. */
	function gitignoreIn(all: FolderRules, own: IgnoreFile | null, personal: Ignore | null): Ignore | null {
		// What lies above a repository has no say in it.
		const folder = own?.isRepository === true ? { ...all, levels: [] } : all;
		const { rules, levels, path } = folder;
		if (!rules.obeysGitignore || (levels.length === 0 && own === null)) return null;
		const chain = blank();
		if (levels.length > 0) chain.add(chainAbove(folder));
		if (own !== null) chain.add(rebasedPatterns(own.text, path));
		// Last, as they come first: a folder that they let in must not be taken for one that is left out.
		return personal === null ? chain : chain.add(personal);
	}

	return {
		in: (folder, own) => {
			const { rules, path, isSystem } = folder;
			const personal = personalOf(rules);
			const gitignore = gitignoreIn(folder, own, personal);
			const above = path.map((name) => `${name}/`).join('');
			return (entry) => {
				const at = personal === null && gitignore === null ? '' : pathOf(above, entry);
				const wish = personal?.test(at);
				if (wish?.ignored === true) return 'pattern';
				if (wish?.unignored === true) return null;
				if (!rules.withSystem && isSystemName(entry, isSystem && path.length === 0)) return 'system';
				if (!rules.withDevelopment && isDevelopmentName(entry)) return 'development';
				if (!rules.withHidden && entry.name.startsWith('.')) return 'hidden';
				if (gitignore?.test(at).ignored === true) return 'gitignore';
				return isOutOfSize(entry, rules) ? 'size' : null;
			};
		}
	};
}

function pathOf(above: string, { name, kind }: Judged): string {
	return `${above}${name}${kind === 'directory' ? '/' : ''}`;
}
