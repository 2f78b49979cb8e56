import type { Result } from '#core/kernel';
import type { ClockPort, EntryKind } from '#core/ports';
import {
	leavingRules,
	readFolderRules,
	readLeftOut,
	readRules,
	type Judges,
	type LeavingRule,
	type LeftOut,
	type RuleSet
} from '#core/rules';
import type { Database, StorageFailure } from '#core/schema';
import type { Location } from '#core/volumes';
import { readUsage } from './read-entries.ts';
import type { Usage } from './schema.ts';
import { walkTree, type Leaving } from './walk-tree.ts';

/** Examples of what leaves the index: as many as people look at. */
const examplesMax = 20;

/** Something that would leave the index, with all that lies below it. */
export type LeavingExample = {
	readonly path: readonly string[];
	readonly kind: EntryKind;
	readonly rule: LeavingRule;
	readonly usage: Usage;
};

/** What rules would do to the index of a location. */
export type RuleEffect = {
	/** Exact, as the index is now: what leaves it, by the rule that says so. */
	readonly leaving: readonly LeftOut[];
	/** The first ones by their paths. */
	readonly examples: readonly LeavingExample[];
	/**
	 * What may come back, as it was when its folder was listed: at most so many names. What lies in folders among them
	 * nobody has looked at; that takes a read of the disk.
	 */
	readonly returning: Usage;
	/** Files of patterns that are in the index and were not read: what they leave out is not among what leaves. */
	readonly unreadIgnoreFiles: number;
};

type Deps = { readonly database: Database; readonly clock: ClockPort; readonly judges: Judges };

function isLess(a: readonly string[], b: readonly string[]): boolean {
	const at = a.findIndex((name, index) => name !== b[index]);
	if (at < 0) return a.length < b.length;
	const other = b[at];
	return other !== undefined && (a[at] ?? '') < other;
}

/** The usage of what leaves: a file is itself, a folder all below it and itself. */
function usageOf(database: Database, { id, kind, sizeBytes }: Leaving): Usage {
	if (kind !== 'directory') return { files: 1, folders: 0, sizeBytes };
	const below = readUsage(database, id);
	return { ...below, folders: below.folders + 1 };
}

/** The rules of which `next` lets more in than `before`. */
function loosened(before: RuleSet, next: RuleSet): LeavingRule[] {
	const added = next.patterns.filter((pattern) => !before.patterns.includes(pattern));
	if (added.some((pattern) => pattern.startsWith('!'))) return [...leavingRules];
	const isLooser: Readonly<Record<LeavingRule, boolean>> = {
		pattern: before.patterns.some((pattern, at) => next.patterns[at] !== pattern),
		system: next.withSystem && !before.withSystem,
		development: next.withDevelopment && !before.withDevelopment,
		hidden: next.withHidden && !before.withHidden,
		gitignore: before.obeysGitignore && !next.obeysGitignore,
		size: (before.maxBytes ?? Infinity) < (next.maxBytes ?? Infinity) || (before.minBytes ?? 0) > (next.minBytes ?? 0)
	};
	return leavingRules.filter((rule) => isLooser[rule]);
}

function sumOf(counts: readonly LeftOut[]): Usage {
	const sum = { files: 0, folders: 0, sizeBytes: 0 };
	for (const { files, folders, sizeBytes } of counts) {
		sum.files += files;
		sum.folders += folders;
		sum.sizeBytes += sizeBytes;
	}
	return sum;
}

/** What leaves the index, gathered while the tree is walked. */
function createGatherer(database: Database) {
	const sums = new Map<LeavingRule, Usage>();
	let examples: LeavingExample[] = [];
	return {
		visit: (leaving: Leaving) => {
			const { rule, kind, path } = leaving;
			const usage = usageOf(database, leaving);
			const before = sums.get(rule);
			sums.set(
				rule,
				before === undefined
					? usage
					: sumOf([
							{ rule, ...before },
							{ rule, ...usage }
						])
			);
			const last = examples.at(-1);
			if (examples.length === examplesMax && last !== undefined && !isLess(path, last.path)) return;
			const at = examples.findIndex((example) => isLess(path, example.path));
			const example = { path, kind, rule, usage };
			examples = examples.toSpliced(at < 0 ? examples.length : at, 0, example).slice(0, examplesMax);
		},
		leaving: (): LeftOut[] =>
			leavingRules.flatMap((rule) => {
				const usage = sums.get(rule);
				return usage === undefined ? [] : [{ rule, ...usage }];
			}),
		examples: () => examples
	};
}

/** Tells what `rules` would do to the index of a location: step by step, as the tree may be large. */
export async function readEffect(
	{ database, clock, judges }: Deps,
	{ id, entry, root }: Location,
	rules: RuleSet,
	signal: AbortSignal
): Promise<Result<RuleEffect, StorageFailure>> {
	const wanted = { rules, version: 0, root };
	const rulesIn = (folder: typeof entry, path: readonly string[]) => readFolderRules(database, wanted, folder, path);
	const walk = walkTree({ database, judges, rulesIn }, entry);
	const gatherer = createGatherer(database);
	for (let isOver = false; !isOver;) {
		signal.throwIfAborted();
		const stepped = database.read(() => walk.step(gatherer.visit));
		if (!stepped.ok) return stepped;
		isOver = stepped.value;
		if (!isOver) await clock.wait(0, signal);
	}
	return database.read(() => {
		const looser = loosened(readRules(database, id).rules, rules);
		return {
			leaving: gatherer.leaving(),
			examples: gatherer.examples(),
			returning: sumOf(readLeftOut(database, id).filter(({ rule }) => looser.includes(rule))),
			unreadIgnoreFiles: walk.unread()
		};
	});
}
