import * as v from 'valibot';
import type { EntryKind } from '#core/ports';
import { faultOfPattern, patternsMax, type PatternFault } from './check-pattern.ts';

/** What of a location's folder comes into the index. What a folder's rules leave out, nobody lists. */
export type RuleSet = {
	/** Files and folders that systems keep for themselves: trash, previews, page files (`known-names.ts`). */
	readonly withSystem: boolean;
	/** Folders that tools fill again by themselves, and histories of versions (`known-names.ts`). */
	readonly withDevelopment: boolean;
	/** Names that begin with a dot. */
	readonly withHidden: boolean;
	/** Whether the `.gitignore` files of the folders are obeyed, nested ones as git does. */
	readonly obeysGitignore: boolean;
	/**
	 * The person's own, in the syntax of a `.gitignore` in the location's folder. They come before every other rule:
	 * what a last matching `!` names comes in, whatever else would leave it out.
	 */
	readonly patterns: readonly string[];
	/** Files of fewer or more bytes are left out; null for no limit. */
	readonly minBytes: number | null;
	readonly maxBytes: number | null;
};

/** The rule that leaves something out; `pattern` is one of the person's own. */
export const leavingRules = ['pattern', 'system', 'development', 'hidden', 'gitignore', 'size'] as const;
export type LeavingRule = (typeof leavingRules)[number];

/** What a rule looks at. */
export type Judged = { readonly name: string; readonly kind: EntryKind; readonly sizeBytes: number };

/** Files and folders by what left them out. Bytes are those of files: nobody has looked into the folders. */
export type LeftOut = {
	readonly rule: LeavingRule;
	readonly files: number;
	readonly folders: number;
	readonly sizeBytes: number;
};

export type RulesFailure =
	/** `pattern` is one that would never match, or a remark to git, or that takes too long to try. */
	| { readonly type: 'PatternInvalid'; readonly pattern: string; readonly reason: PatternFault }
	| { readonly type: 'PatternsTooMany'; readonly max: number }
	/** A limit below zero, no whole number of bytes, or a least size above the greatest. */
	| { readonly type: 'SizeLimitInvalid' };

/** Everything that is there: what locations had before there were rules. */
export const everything: RuleSet = {
	withSystem: true,
	withDevelopment: true,
	withHidden: true,
	obeysGitignore: false,
	patterns: [],
	minBytes: null,
	maxBytes: null
};

/**
 * What a new location begins with. What nobody made by hand and nobody misses stays out; hidden files come in, as
 * they hold settings and keys that people lose. What a `.gitignore` names may be all there is of it: so those are not
 * obeyed unless somebody asks.
 */
export const usual: RuleSet = { ...everything, withSystem: false, withDevelopment: false };

const sizeSchema = v.nullable(v.pipe(v.number(), v.safeInteger(), v.minValue(0)));
export const ruleSetSchema = v.object({
	withSystem: v.boolean(),
	withDevelopment: v.boolean(),
	withHidden: v.boolean(),
	obeysGitignore: v.boolean(),
	patterns: v.array(v.string()),
	minBytes: sizeSchema,
	maxBytes: sizeSchema
});

/** What is wrong with rules that somebody wants; null where nothing is. */
export function faultOfRules({ patterns, minBytes, maxBytes }: RuleSet): RulesFailure | null {
	if (patterns.length > patternsMax) return { type: 'PatternsTooMany', max: patternsMax };
	for (const pattern of patterns) {
		const reason = faultOfPattern(pattern);
		if (reason !== null) return { type: 'PatternInvalid', pattern, reason };
	}
	const isSize = (bytes: number | null) => v.is(sizeSchema, bytes);
	if (!isSize(minBytes) || !isSize(maxBytes)) return { type: 'SizeLimitInvalid' };
	if (minBytes !== null && maxBytes !== null && minBytes > maxBytes) return { type: 'SizeLimitInvalid' };
	return null;
}

/** The rules that `text` is the JSON of; throws where it is not. */
export function parseRules(text: string): RuleSet {
	return v.parse(ruleSetSchema, JSON.parse(text));
}
