import { err, ok, type Result } from '#core/kernel';
import { conflictPolicies } from '#core/files';
import { defineCommand, jsonOption, libraryOptions } from '../command.ts';
import type { AnyFailure } from '../failure.ts';
import { conflictOption, readConflicts } from '../find-entries.ts';
import { findTrashed, listTrash, type TrashedPlace } from '../find-trashed.ts';
import { lookForVolumes } from '../look-for-volumes.ts';
import { withLibrary, type OpenLibrary } from '../open-library.ts';
import { printJson, printMinute, printName, printSize, printTable } from '../print.ts';
import { actionJson, actionOptions, runAction } from '../print-plan.ts';

const policies = conflictPolicies.filter((policy) => policy !== 'ask');

/** What lies in the trash, with its disks looked for; a failure where that is nothing. */
async function openTrash(library: OpenLibrary): Promise<Result<TrashedPlace[], AnyFailure>> {
	const looked = await lookForVolumes(library);
	if (!looked.ok) return looked;
	const trash = await listTrash(library);
	return trash.ok && trash.value.length === 0 ? err({ type: 'TrashEmpty' }) : trash;
}

function printTrash(trash: readonly TrashedPlace[]): string {
	const rows = trash.map(({ entry, trashedMs, usage, path }) => [
		String(entry),
		printMinute(trashedMs),
		printSize(usage.sizeBytes),
		printName(path)
	]);
	return printTable(rows, { right: [0, 2] });
}

export const trash = defineCommand({
	name: 'trash',
	operands: '[list]',
	operandsMin: 0,
	operandsMax: 1,
	summary: 'List what lies in the trash, the latest first',
	details: `Each with its number, when it was put there, its size and where it was. It takes room until it is deleted:
atoll trash delete <number>, atoll trash empty, or by itself after its days (atoll settings). atoll restore takes it back.`,
	json: `{"trash": [{"entry", "location", "path", "originalName", "trashedMs", "usage": {"files", "folders", "sizeBytes"}, …}]}`,
	options: { ...libraryOptions, ...jsonOption },
	run: async ({ values, operands, shell }) => {
		if (operands.length > 0 && operands[0] !== 'list')
			return err({ type: 'UsageWrong', command: 'trash', problem: `atoll trash knows list, delete and empty.` });
		return withLibrary('trash', values, shell, async (library) => {
			const listed = await listTrash(library);
			if (!listed.ok) return listed;
			if (values.json === true) shell.terminal.out(printJson({ trash: listed.value }));
			else if (listed.value.length === 0) shell.terminal.say('The trash is empty.');
			else shell.terminal.out(printTrash(listed.value));
			return ok(null);
		});
	}
});

export const trashEmpty = defineCommand({
	name: 'trash empty',
	operands: '',
	operandsMin: 0,
	operandsMax: 0,
	summary: 'Delete for good all that lies in the trash',
	json: actionJson,
	options: { ...libraryOptions, ...actionOptions },
	run: ({ values, shell }) =>
		withLibrary('trash empty', values, shell, async (library) => {
			const found = await openTrash(library);
			if (!found.ok) return found;
			return runAction(library, { action: 'files.delete', input: { entries: null } }, values, shell);
		})
});

export const trashDelete = defineCommand({
	name: 'trash delete',
	operands: '<number or name>…',
	operandsMin: 1,
	operandsMax: Number.MAX_SAFE_INTEGER,
	summary: 'Delete for good some of what lies in the trash',
	json: actionJson,
	options: { ...libraryOptions, ...actionOptions },
	run: ({ values, operands, shell }) =>
		withLibrary('trash delete', values, shell, async (library) => {
			const found = await openTrash(library);
			if (!found.ok) return found;
			const entries = findTrashed(found.value, 'trash delete', operands);
			if (!entries.ok) return entries;
			return runAction(library, { action: 'files.delete', input: { entries: entries.value } }, values, shell);
		})
});

export const restore = defineCommand({
	name: 'restore',
	operands: '[number or name]…',
	operandsMin: 0,
	operandsMax: Number.MAX_SAFE_INTEGER,
	summary: 'Take out of the trash what lies there, to where it was',
	details: `Numbers are those of atoll trash; a name or the path that it had does as well. What is replaced goes into the trash
itself; "newer" replaces what is older.`,
	json: actionJson,
	options: {
		...libraryOptions,
		all: { type: 'boolean', short: 'a', help: 'all that lies in the trash' },
		...conflictOption(policies),
		...actionOptions
	},
	run: async ({ values: { conflicts, all, ...values }, operands, shell }) => {
		const policy = readConflicts('restore', conflicts, policies);
		if (!policy.ok) return policy;
		if ((all === true) === operands.length > 0)
			return err({ type: 'UsageWrong', command: 'restore', problem: 'Say what, or --all.' });
		return withLibrary('restore', values, shell, async (library) => {
			const found = await openTrash(library);
			if (!found.ok) return found;
			const entries =
				all === true ? ok(found.value.map(({ entry }) => entry)) : findTrashed(found.value, 'restore', operands);
			if (!entries.ok) return entries;
			const input = { entries: entries.value, conflicts: policy.value };
			return runAction(library, { action: 'files.restore', input }, values, shell);
		});
	}
});
