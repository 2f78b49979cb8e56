import { err, ok, type EntryId, type Result } from '#core/kernel';
import { keepPolicies, type KeepPolicy } from '#core/files';
import { defineCommand, libraryOptions } from '../command.ts';
import type { AnyFailure } from '../failure.ts';
import { findEntries, findEntry } from '../find-entries.ts';
import { lookForVolumes } from '../look-for-volumes.ts';
import { withLibrary, type OpenLibrary } from '../open-library.ts';
import { actionJson, actionOptions, runAction } from '../print-plan.ts';

type Keeping = {
	readonly keep: KeepPolicy;
	readonly folder: EntryId | null;
	readonly kept: readonly EntryId[];
};

/** What `--keep` says: a word, a folder where one is kept, or files that stay. */
async function readKeep(
	library: OpenLibrary,
	texts: readonly string[],
	folder: string
): Promise<Result<Keeping, AnyFailure>> {
	const [first = 'oldest'] = texts;
	const word = keepPolicies.find((policy) => policy === first && policy !== 'in-folder' && policy !== 'chosen');
	if (word !== undefined && texts.length <= 1) return ok({ keep: word, folder: null, kept: [] });
	const kept: EntryId[] = [];
	for (const text of texts) {
		const found = await findEntry(library, 'dedupe', text, folder);
		if (!found.ok) return found;
		const { id, kind } = found.value.row;
		if (kind === 'directory' && texts.length === 1) return ok({ keep: 'in-folder', folder: id, kept: [] });
		if (kind !== 'file')
			return err({ type: 'UsageWrong', command: 'dedupe', problem: '--keep takes one folder, or files.' });
		kept.push(id);
	}
	return ok({ keep: 'chosen', folder: null, kept });
}

export const dedupe = defineCommand({
	name: 'dedupe',
	operands: '[path]…',
	operandsMin: 0,
	operandsMax: Number.MAX_SAFE_INTEGER,
	summary: 'Keep one of files that are the same, and put its copies into the trash',
	details: `Copies among the files below the paths go, or of the whole library (see atoll dupes). Which one stays: the oldest,
the newest, the one with the shortest-path, one in a folder, or files that are named. Every byte of a copy and of
what stays is read when it goes; what differs stays. Further hard links of what stays are left alone, as they take
no room. atoll undo takes the copies back; the trash takes their room until it is emptied.`,
	json: actionJson,
	options: {
		...libraryOptions,
		keep: {
			type: 'string',
			short: 'k',
			multiple: true,
			hint: 'WHICH',
			help: 'oldest (the default), newest, shortest-path, a folder, or a file; files may be several'
		},
		...actionOptions
	},
	run: ({ values: { keep = [], ...values }, operands, shell }) =>
		withLibrary('dedupe', values, shell, async (library) => {
			const looked = await lookForVolumes(library);
			if (!looked.ok) return looked;
			const isAll = operands.every((path) => /^\/+$/.test(path));
			const within = isAll ? ok(null) : await findEntries(library, 'dedupe', operands, shell.folder);
			if (!within.ok) return within;
			const keeping = await readKeep(library, keep, shell.folder);
			if (!keeping.ok) return keeping;
			const input = { within: within.value, ...keeping.value };
			return runAction(library, { action: 'files.deduplicate', input }, values, shell);
		})
});
