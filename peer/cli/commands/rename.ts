import { err, ok, type Result } from '#core/kernel';
import { letterCases, type NamePatternInput } from '#core/naming';
import { defineCommand, libraryOptions, type Options, type OptionValues } from '../command.ts';
import type { AnyFailure } from '../failure.ts';
import { findEntries, findEntry } from '../find-entries.ts';
import { lookForVolumes } from '../look-for-volumes.ts';
import { withLibrary, type OpenLibrary } from '../open-library.ts';
import { parsePrinted, printName, printNumber } from '../print.ts';
import { actionJson, actionOptions, runAction } from '../print-plan.ts';
import type { Shell } from '../shell.ts';

const patternOptions = {
	pattern: { type: 'string', short: 't', hint: 'NAME', help: 'what each is called, with words in braces ({name})' },
	find: { type: 'string', short: 'f', hint: 'TEXT', help: 'what is replaced in each name' },
	replace: { type: 'string', short: 'r', hint: 'TEXT', help: 'what stands there instead (nothing)' },
	expression: { type: 'boolean', short: 'e', help: '--find is a regular expression; $1 is its first group' },
	letters: { type: 'string', hint: 'CASE', help: `letters of the name: ${letterCases.join(', ')}` },
	start: { type: 'string', hint: 'NUMBER', help: 'the first {n} (1)' },
	step: { type: 'string', hint: 'NUMBER', help: 'what is added for each after it (1)' },
	digits: { type: 'string', hint: 'COUNT', help: 'write {n} with at least so many digits (1)' },
	'with-ending': { type: 'boolean', help: 'the ending is part of the name too, and may change' }
} as const satisfies Options;

const options = { ...libraryOptions, ...patternOptions, ...actionOptions };
type Values = OptionValues<typeof options>;

const wrong = (problem: string): Result<never, AnyFailure> => err({ type: 'UsageWrong', command: 'rename', problem });

/** The pattern that was asked for; null where none was. */
function readPattern(values: Values): Result<NamePatternInput | null, AnyFailure> {
	const { pattern, find, replace, expression, letters, 'with-ending': withEnding } = values;
	const numbers: { start?: number; step?: number; digits?: number } = {};
	for (const name of ['start', 'step', 'digits'] as const) {
		const text = values[name];
		if (text === undefined) continue;
		if (!/^-?\d{1,9}$/.test(text)) return wrong(`--${name} is a whole number.`);
		numbers[name] = Number(text);
	}
	const letterCase = letterCases.find((known) => known === letters);
	if (letters !== undefined && letterCase === undefined) return wrong(`--letters is one of ${letterCases.join(', ')}.`);
	if (pattern === undefined && find === undefined && letterCase === undefined) {
		const isHalf = Object.keys(numbers).length > 0 || (replace ?? expression ?? withEnding) !== undefined;
		return isHalf ? wrong('Say what to rename to: --pattern, --find or --letters.') : ok(null);
	}
	return ok({
		...numbers,
		...(pattern === undefined ? {} : { template: pattern }),
		...(find === undefined ? {} : { find }),
		...(replace === undefined ? {} : { replace }),
		...(letterCase === undefined ? {} : { letters: letterCase }),
		isExpression: expression === true,
		withEnding: withEnding === true
	});
}

type Request = { readonly action: 'files.rename'; readonly input: unknown };

/** What a pattern comes to. All names can be had, or nothing is renamed: a series with holes is of no use. */
async function requestOf(
	{ commands, context }: OpenLibrary,
	entries: readonly number[],
	pattern: NamePatternInput,
	isDry: boolean
): Promise<Result<Request, AnyFailure>> {
	const names = await commands['files.names-by-pattern']({ entries, pattern }, context());
	if (!names.ok) return names;
	const refused = names.value.filter(({ why }) => why !== null);
	const [first] = refused;
	if (first !== undefined && !isDry) {
		const others = refused.length === 1 ? '' : ` and ${printNumber(refused.length - 1, 'other', 'others')}`;
		const what = `${printName(first.name)} cannot be called ${printName(first.to)}`;
		return wrong(`${what}${others}; --dry-run says why. Nothing was renamed.`);
	}
	const renames = names.value.map(({ entry, to }) => ({ entry, name: to }));
	return ok({ action: 'files.rename', input: { renames } });
}

async function renameOne(
	library: OpenLibrary,
	[text = '', typed = '']: readonly string[],
	values: Values,
	shell: Shell
) {
	const found = await findEntry(library, 'rename', text, shell.folder);
	if (!found.ok) return found;
	const input = { renames: [{ entry: found.value.row.id, name: parsePrinted(typed) ?? typed }] };
	return runAction(library, { action: 'files.rename', input }, values, shell);
}

export const rename = defineCommand({
	name: 'rename',
	operands: '<path> <name> | <path>… --pattern NAME',
	operandsMin: 1,
	operandsMax: Number.MAX_SAFE_INTEGER,
	summary: 'Give a file or folder another name where it is, or many by a pattern',
	details: `What ls prints for an odd name can be given as the new one as well.
By a pattern, of each name in this order: its ending is put aside; --find is replaced; --letters changes its
letters; --pattern makes a name of it; its ending comes back. In --pattern {name} is the name so far, {n} a number
in the order of the paths, {date} and {time} when the file was modified, {ext} its ending without the dot.
  atoll rename *.jpg --pattern '{date} {name}'       atoll rename *.jpg -t 'Alps {n}' --digits 3
Names may go round (a to b and b to a). Where one of them cannot be had, nothing is renamed.`,
	json: actionJson,
	options,
	run: async ({ values, operands, shell }) => {
		const pattern = readPattern(values);
		if (!pattern.ok) return pattern;
		if (pattern.value === null && operands.length !== 2) return wrong('atoll rename wants <path> <name>.');
		const { value } = pattern;
		return withLibrary('rename', values, shell, async (library) => {
			const looked = await lookForVolumes(library);
			if (!looked.ok) return looked;
			if (value === null) return renameOne(library, operands, values, shell);
			const entries = await findEntries(library, 'rename', operands, shell.folder);
			if (!entries.ok) return entries;
			const request = await requestOf(library, entries.value, value, values['dry-run'] === true);
			return request.ok ? runAction(library, request.value, values, shell) : request;
		});
	}
});
