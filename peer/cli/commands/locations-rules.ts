import { err, ok, type Result } from '#core/kernel';
import type { RuleEffect } from '#core/index';
import type { RuleSet } from '#core/rules';
import type { Location } from '#core/volumes';
import { defineCommand, jsonOption, libraryOptions, type OptionValues } from '../command.ts';
import type { AnyFailure } from '../failure.ts';
import { findLocation } from '../find-location.ts';
import { identifyFiles } from '../identify-files.ts';
import { withLibrary, type OpenLibrary } from '../open-library.ts';
import { parseSize } from '../parse-size.ts';
import { printJson, printName } from '../print.ts';
import { printEffect, printLeftOut, printRules } from '../print-rules.ts';
import { outcomeLine, runIndex } from '../run-index.ts';
import type { Shell } from '../shell.ts';

const name = 'locations rules';
const ruleOptions = {
	system: { type: 'string', hint: 'in|out', help: 'files that systems keep for themselves, trash' },
	development: { type: 'string', hint: 'in|out', help: 'node_modules, .git, .cache and their like' },
	hidden: { type: 'string', hint: 'in|out', help: 'names that begin with a dot' },
	gitignore: { type: 'string', hint: 'on|off', help: 'whether .gitignore files are obeyed' },
	exclude: {
		type: 'string',
		multiple: true,
		hint: 'GLOB',
		help: 'add a pattern, as in a .gitignore; as often as you like'
	},
	include: {
		type: 'string',
		multiple: true,
		hint: 'GLOB',
		help: 'let in what it matches, whatever else says; after the excludes'
	},
	'no-patterns': { type: 'boolean', help: 'drop the patterns there are before adding any' },
	'min-size': { type: 'string', hint: 'SIZE', help: 'leave out smaller files: 10kB, 2GB, 1MiB; none' },
	'max-size': { type: 'string', hint: 'SIZE', help: 'leave out larger files; none' }
} as const;
type Given = OptionValues<typeof ruleOptions>;

function usage(problem: string): Result<never, AnyFailure> {
	return err({ type: 'UsageWrong', command: name, problem });
}

/** Whether `text` is the first of two words; what stands is `known` where nothing was said. */
function choice(
	option: string,
	text: string | undefined,
	[yes, no]: readonly [string, string],
	known: boolean
): Result<boolean, AnyFailure> {
	if (text === undefined) return ok(known);
	return text === yes || text === no ? ok(text === yes) : usage(`--${option} is ${yes} or ${no}.`);
}

function size(option: string, text: string | undefined, known: number | null): Result<number | null, AnyFailure> {
	if (text === undefined) return ok(known);
	if (text === 'none') return ok(null);
	const sizeBytes = parseSize(text);
	return sizeBytes === null ? usage(`--${option} is a size such as 2GB, or none.`) : ok(sizeBytes);
}

/** The rules that `values` ask for, given those that hold. */
function wantedRules(values: Given, rules: RuleSet): Result<RuleSet, AnyFailure> {
	const withSystem = choice('system', values.system, ['in', 'out'], rules.withSystem);
	const withDevelopment = choice('development', values.development, ['in', 'out'], rules.withDevelopment);
	const withHidden = choice('hidden', values.hidden, ['in', 'out'], rules.withHidden);
	const obeysGitignore = choice('gitignore', values.gitignore, ['on', 'off'], rules.obeysGitignore);
	const minBytes = size('min-size', values['min-size'], rules.minBytes);
	const maxBytes = size('max-size', values['max-size'], rules.maxBytes);
	if (!withSystem.ok) return withSystem;
	if (!withDevelopment.ok) return withDevelopment;
	if (!withHidden.ok) return withHidden;
	if (!obeysGitignore.ok) return obeysGitignore;
	if (!minBytes.ok) return minBytes;
	if (!maxBytes.ok) return maxBytes;
	const added = [...(values.exclude ?? []), ...(values.include ?? []).map((pattern) => `!${pattern}`)];
	const kept = values['no-patterns'] === true ? [] : rules.patterns.filter((pattern) => !added.includes(pattern));
	return ok({
		withSystem: withSystem.value,
		withDevelopment: withDevelopment.value,
		withHidden: withHidden.value,
		obeysGitignore: obeysGitignore.value,
		minBytes: minBytes.value,
		maxBytes: maxBytes.value,
		patterns: [...kept, ...added]
	});
}

function isChange(values: Given): boolean {
	return Object.keys(ruleOptions).some((option) => Object.hasOwn(values, option));
}

async function confirm({ terminal, signal }: Shell): Promise<Result<null, AnyFailure>> {
	const answer = terminal.canAsk ? await terminal.ask('Go on? No file is touched. [y/N] ', 'echo', signal) : '';
	if (answer === null) return err({ type: 'Interrupted' });
	return /^y(es)?$/i.test(answer.trim()) ? ok(null) : err({ type: 'NotConfirmed' });
}

function effectToJson({ examples, ...effect }: RuleEffect) {
	return { ...effect, examples: examples.map(({ path, ...example }) => ({ path: path.join('/'), ...example })) };
}

async function apply(
	library: OpenLibrary,
	location: Location,
	rules: RuleSet,
	shell: Shell
): Promise<Result<string, AnyFailure>> {
	const request = { action: 'locations.set-rules', input: { location: location.id, rules } };
	const plan = await library.commands['actions.preview'](request, library.context());
	if (!plan.ok) return plan;
	if (plan.value.counts.operations + plan.value.counts.blocked === 0) return ok('These rules hold already.');
	const set = await library.commands['actions.commit']({ ...request, plan: plan.value.id }, library.context());
	if (!set.ok) return set;
	if (location.indexedMs === null && !location.unfinished) return ok('The rules hold from the first index run on.');
	const outcome = await runIndex(library, location, { acceptEmpty: false, folder: null }, shell);
	if (!outcome.ok) return outcome;
	const isKnown = outcome.value.added === 0 || location.mode === 'shallow';
	const read = isKnown ? ok(null) : await identifyFiles(library, location, shell);
	return read.ok ? ok(outcomeLine(location, outcome.value)) : read;
}

export const locationsRules = defineCommand({
	name,
	operands: '<location>',
	operandsMin: 1,
	operandsMax: 1,
	summary: 'Say what of a folder comes into the index',
	details: `Without a rule it says which hold. With some it says what they would do to the index, and asks. What a rule
leaves out is dropped from the index only: no file is touched, and it is no deletion. A pattern of yours comes before
every other rule, the last one that matches counts, and nothing in a folder that is left out can be let in again.
What comes back has a new number in the index.`,
	json: `{"rules": {"withSystem", "withDevelopment", "withHidden", "obeysGitignore", "patterns", "minBytes",
 "maxBytes"}, "leftOut": [{"rule", "files", "folders", "sizeBytes"}], "applied",
 "effect": null or {"leaving": [{"rule", "files", "folders", "sizeBytes"}], "examples": [{"path", "kind", "rule",
 "usage"}], "returning": {"files", "folders", "sizeBytes"}, "unreadIgnoreFiles"}}`,
	options: {
		...libraryOptions,
		...ruleOptions,
		'dry-run': { type: 'boolean', help: 'say what would happen, and change nothing' },
		yes: { type: 'boolean', short: 'y', help: 'do not ask' },
		...jsonOption
	},
	run: ({ values, operands, shell }) =>
		withLibrary(name, values, shell, async (library) => {
			const { terminal } = shell;
			const found = await findLocation(library, operands[0] ?? '', shell.folder);
			if (!found.ok) return found;
			const location = found.value;
			const tell = async (effect: RuleEffect | null, rules: RuleSet | null, applied: boolean) => {
				const now = await library.commands['locations.rules']({ location: location.id }, library.context());
				if (!now.ok) return now;
				const { leftOut } = now.value;
				const shown = rules ?? now.value.rules;
				if (values.json === true)
					terminal.out(printJson({ rules: shown, leftOut, applied, effect: effect && effectToJson(effect) }));
				else if (effect === null)
					terminal.out(`/${printName(location.name)}\n${printRules(shown)}${printLeftOut(leftOut)}`);
				return ok(null);
			};
			if (!isChange(values)) return tell(null, null, false);
			const known = await library.commands['locations.rules']({ location: location.id }, library.context());
			if (!known.ok) return known;
			const rules = wantedRules(values, known.value.rules);
			if (!rules.ok) return rules;
			const wanted = { location: location.id, rules: rules.value };
			const effect = await library.commands['locations.preview-rules'](wanted, library.context());
			if (!effect.ok) return effect;
			if (values.json !== true) terminal.out(printEffect(effect.value));
			if (values['dry-run'] === true) return tell(effect.value, rules.value, false);
			const confirmed = values.yes === true ? ok(null) : await confirm(shell);
			if (!confirmed.ok) return confirmed;
			const applied = await apply(library, location, rules.value, shell);
			if (!applied.ok) return applied;
			if (values.json !== true) terminal.out(`${applied.value}\n`);
			return tell(effect.value, rules.value, true);
		})
});
