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
/** Paths after which a matcher forgets them: it remembers the verdict on each, some 150 bytes. */
const pathsMax = 10_000;

/** Case counts, as on the disks of Linux; what git is told there by default. */
function blank(): Ignore {
	return ignore({ ignoreCase: false });
}

type Matcher = { readonly patterns: Ignore; test(path: string): ReturnType<Ignore['test']> };

function createMatcher(patterns: Ignore): Matcher {
	let current = blank().add(patterns);
	let tested = 0;
	return {
		patterns,
		test: (path) => {
			tested++;
			if (tested % pathsMax === 0) current = blank().add(patterns);
			return current.test(path);
		}
	};
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

/** What is compiled for one set of rules. `personal` is null where a person has no patterns. */
type Compiled = { readonly personal: Matcher | null; readonly chains: Map<string, { base: Ignore; matcher: Matcher }> };

function compile({ patterns }: RuleSet): Compiled {
	const personal = patterns.length === 0 ? null : blank().add(rebasedPatterns(patterns.join('\n'), []));
	return { personal: personal === null ? null : createMatcher(personal), chains: new Map() };
}

/** A person's own patterns last, as they come first: a folder that they let in must not be taken for one that is left out. */
function withPersonal(chain: Ignore, { personal }: Compiled): Matcher {
	const whole = blank().add(chain);
	return createMatcher(personal === null ? whole : whole.add(personal.patterns));
}

function chainAbove(compiled: Compiled, { levels, path }: FolderRules): { base: Ignore; matcher: Matcher } {
	const top = path.slice(0, levels.at(-1)?.depth ?? 0);
	// With the path, as a file of patterns moves with its folder.
	const key = `${levels.map(({ id }) => id).join(' ')} ${top.join('/')}`;
	const { chains } = compiled;
	const known = chains.get(key);
	if (known !== undefined) return known;
	if (chains.size >= chainsMax) chains.clear();
	const base = chainOf(levels, path);
	const made = { base, matcher: withPersonal(base, compiled) };
	chains.set(key, made);
	return made;
}

/** What the files of patterns say in a folder; null where there is none that is obeyed. */
function gitignoreIn(compiled: Compiled, all: FolderRules, own: IgnoreFile | null): Matcher | null {
	// What lies above a repository has no say in it.
	const folder = own?.isRepository === true ? { ...all, levels: [] } : all;
	const { rules, levels, path } = folder;
	if (!rules.obeysGitignore || (levels.length === 0 && own === null)) return null;
	const above = chainAbove(compiled, folder);
	if (own === null) return above.matcher;
	return withPersonal(blank().add(above.base).add(rebasedPatterns(own.text, path)), compiled);
}

/**
 * Judges folder by folder. A folder that is judged was let in itself, with all above it: that is what makes the order
 * of the rules hold, as what lies in a folder that is left out is never asked about.
 */
export function createJudges(): Judges {
	const known = new WeakMap<RuleSet, Compiled>();
	return {
		in: (folder, own) => {
			const { rules, path, isSystem } = folder;
			const compiled = known.get(rules) ?? compile(rules);
			known.set(rules, compiled);
			const { personal } = compiled;
			const gitignore = gitignoreIn(compiled, folder, own);
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
