import { err, ok, type Result } from '#core/kernel';
import type { IdentifyOutcome } from '#core/content';
import type { IndexOutcome, IndexProblem } from '#core/index';
import type { Location } from '#core/volumes';
import { defineCommand, jsonOption, libraryOptions } from '../command.ts';
import type { AnyFailure } from '../failure.ts';
import { findLocation, isHere } from '../find-location.ts';
import { findPlace, placeOf } from '../find-place.ts';
import { withLibrary, type OpenLibrary } from '../open-library.ts';
import { identifiedLine, identifyFiles } from '../identify-files.ts';
import { printJson, printName } from '../print.ts';
import { outcomeLine, runIndex, type IndexWish } from '../run-index.ts';
import type { Shell } from '../shell.ts';
import { printFailure, printReason } from '../words.ts';

type Problem = Pick<IndexProblem, 'reason' | 'code'> & { readonly path: string };
type Ended =
	| {
			readonly location: Location;
			readonly outcome: IndexOutcome;
			/** Null where nobody asked for it, or the location's mode asks for names only. */
			readonly content: IdentifyOutcome | null;
			readonly problems: readonly Problem[];
	  }
	| { readonly location: Location; readonly failure: AnyFailure };

/** What could not be read in `location`, by its paths. */
async function problemsOf(library: OpenLibrary, location: Location): Promise<Result<Problem[], AnyFailure>> {
	const listed = await library.commands['index.problems']({ location: location.id }, library.context());
	if (!listed.ok) return listed;
	const problems: Problem[] = [];
	for (const { folder, name, reason, code } of listed.value) {
		const place = await placeOf(library, [location], folder);
		if (!place.ok) return place;
		if (place.value === null) continue;
		problems.push({ path: name === '' ? place.value.path : `${place.value.path}/${name}`, reason, code });
	}
	return ok(problems);
}

function isFolderFailure({ type }: AnyFailure): boolean {
	return type.startsWith('Folder') || type === 'NotAFolder' || type === 'LocationMissing';
}

async function indexOne(
	library: OpenLibrary,
	location: Location,
	{ withContent, ...wish }: IndexWish & { readonly withContent: boolean },
	shell: Shell
): Promise<Result<Ended, AnyFailure>> {
	const outcome = await runIndex(library, location, wish, shell);
	// A folder that fails leaves the others to be indexed; a library that fails does not.
	if (!outcome.ok) return isFolderFailure(outcome.failure) ? ok({ location, failure: outcome.failure }) : outcome;
	const readsFiles = withContent && location.mode !== 'shallow';
	const content = readsFiles ? await identifyFiles(library, location, shell) : ok(null);
	if (!content.ok) return isFolderFailure(content.failure) ? ok({ location, failure: content.failure }) : content;
	const problems = await problemsOf(library, location);
	if (!problems.ok) return problems;
	return ok({ location, outcome: outcome.value, content: content.value, problems: problems.value });
}

function sayEnded(ended: Ended, isOnly: boolean, { terminal }: Shell): void {
	if ('failure' in ended) {
		const { name, root } = ended.location;
		terminal.say(`/${printName(name)} (${printName(root)}) was not indexed.`);
		// The words of a single failure are the last ones of the command.
		if (!isOnly) terminal.say(printFailure(ended.failure));
		return;
	}
	terminal.out(`${outcomeLine(ended.location, ended.outcome)}\n`);
	const read = ended.content === null ? null : identifiedLine(ended.location, ended.content);
	if (read !== null) terminal.out(`${read}\n`);
	for (const problem of ended.problems) terminal.say(`  ${printName(problem.path)}: ${printReason(problem)}`);
}

function wholeMs(outcome: IndexOutcome): IndexOutcome {
	return { ...outcome, durationMs: Math.round(outcome.durationMs) };
}

function endedToJson(ended: Ended) {
	const { id, name, root: diskPath } = ended.location;
	return 'failure' in ended
		? { id, name, diskPath, outcome: null, content: null, problems: [], failure: ended.failure }
		: {
				id,
				name,
				diskPath,
				outcome: wholeMs(ended.outcome),
				content: ended.content,
				problems: ended.problems,
				failure: null
			};
}

type Wanted = { readonly locations: readonly Location[]; readonly folder: IndexWish['folder'] };

/** What is to be read: every location, one, or a folder of one. */
async function findWanted(
	library: OpenLibrary,
	text: string | undefined,
	folderOnly: boolean,
	shell: Shell
): Promise<Result<Wanted, AnyFailure>> {
	const wrong = (problem: string) => err({ type: 'UsageWrong', command: 'index', problem } as const);
	if (text === undefined) {
		if (folderOnly) return wrong('Say which folder: atoll index <folder> --folder-only');
		const all = await library.commands['locations.list']({}, library.context());
		return all.ok ? ok({ locations: all.value.filter(isHere), folder: null }) : all;
	}
	const one = await findLocation(library, text, shell.folder);
	if (one.ok) {
		const folder = folderOnly ? { folder: one.value.entry, isDeep: false } : null;
		return ok({ locations: [one.value], folder });
	}
	if (one.failure.type !== 'LocationUnknown') return one;
	const place = await findPlace(library, text, shell.folder);
	if (!place.ok) return place.failure.type === 'PathNotIndexed' ? one : place;
	if (place.value.entry === null) return one;
	const { row, location } = place.value.entry;
	if (row.kind !== 'directory') return wrong(`${printName(text)} is no folder.`);
	return ok({ locations: [location], folder: { folder: row.id, isDeep: !folderOnly } });
}

export const indexLocations = defineCommand({
	name: 'index',
	operands: '[location or folder]',
	operandsMin: 0,
	operandsMax: 1,
	summary: 'Bring the index into step with the folders, or with one of them, or a part of one',
	details: `Then it reads up to 100 KiB of each new or changed file, to know what it is and where else it is, unless
the folder is in shallow mode (atoll locations mode). With --no-content that waits as a job. Interrupted or killed, it goes on where it was the next time. What cannot be read is listed
with its reason, and the rest goes on. A folder that is not there keeps its entries.`,
	json: `{"locations": [{"id", "name", "diskPath", "failure": null or {"type", …},
 "outcome": null or {"added", "changed", "moved", "removed", "leftOut", "entries", "problems",
  "durationMs"},
 "content": null or {"files", "bytesRead", "problems", "durationMs"},
 "problems": [{"path", "reason": "denied" | "vanished" | "unreadable" | "changing", "code"}]}]}`,
	options: {
		...libraryOptions,
		'folder-only': { type: 'boolean', help: 'that folder and what is new in it, not all that lies below it' },
		'accept-empty': { type: 'boolean', help: 'a folder that is suddenly empty was emptied on purpose' },
		'no-content': { type: 'boolean', help: 'list the folders only, and read no file' },
		...jsonOption
	},
	run: ({ values, operands, shell }) =>
		withLibrary('index', values, shell, async (library) => {
			const wanted = await findWanted(library, operands[0], values['folder-only'] === true, shell);
			if (!wanted.ok) return wanted;
			const { folder, locations } = wanted.value;
			const ended: Ended[] = [];
			const wanting = { acceptEmpty: values['accept-empty'] === true, withContent: values['no-content'] !== true };
			for (const location of locations) {
				const end = await indexOne(library, location, { ...wanting, folder }, shell);
				if (!end.ok) return end;
				ended.push(end.value);
				if (values.json !== true) sayEnded(end.value, locations.length === 1, shell);
			}
			if (values.json === true) shell.terminal.out(printJson({ locations: ended.map(endedToJson) }));
			else if (ended.length === 0) shell.terminal.say('No folders yet. Add one: atoll add <folder>');
			const failures = ended.flatMap((end) => ('failure' in end ? [end.failure] : []));
			const [first] = failures;
			if (first === undefined) return ok(null);
			return ended.length === 1
				? err(first)
				: err({ type: 'FoldersFailed', failed: failures.length, of: ended.length });
		})
});
