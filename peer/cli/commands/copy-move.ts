import type { ActionName } from '#core';
import { err, type Result } from '#core/kernel';
import { conflictPolicies } from '#core/files';
import { defineCommand, libraryOptions, type OptionValues } from '../command.ts';
import type { AnyFailure } from '../failure.ts';
import { conflictOption, findEntries, findTarget, readConflicts } from '../find-entries.ts';
import { lookForVolumes } from '../look-for-volumes.ts';
import { withLibrary } from '../open-library.ts';
import { actionJson, actionOptions, runAction } from '../print-plan.ts';
import type { Shell } from '../shell.ts';

const policies = conflictPolicies.filter((policy) => policy !== 'ask');
const details = `What is there is replaced by going into the trash. "newer" replaces what is older; it and "skip" leave the rest
as it is, and say so. Without --conflicts such a name is told of, and asked about.`;
const options = { ...libraryOptions, ...conflictOption(policies), ...actionOptions };

/** Brings what all operands but the last name to where the last one names. */
function transfer(
	command: 'cp' | 'mv',
	{ conflicts, ...values }: OptionValues<typeof options>,
	operands: readonly string[],
	shell: Shell
): Promise<Result<null, AnyFailure>> | Result<null, AnyFailure> {
	const policy = readConflicts(command, conflicts, policies);
	if (!policy.ok) return policy;
	return withLibrary(command, values, shell, async (library) => {
		const looked = await lookForVolumes(library);
		if (!looked.ok) return looked;
		const entries = await findEntries(library, command, operands.slice(0, -1), shell.folder);
		if (!entries.ok) return entries;
		const target = await findTarget(library, command, operands.at(-1) ?? '', shell.folder);
		if (!target.ok) return target;
		if (target.value.name !== null && entries.value.length > 1)
			return err({ type: 'UsageWrong', command, problem: 'Several can only go into a folder that is there.' });
		const action: ActionName = command === 'cp' ? 'files.copy' : 'files.move';
		const input = { entries: entries.value, ...target.value, conflicts: policy.value };
		return runAction(library, { action, input }, values, shell);
	});
}

export const cp = defineCommand({
	name: 'cp',
	operands: '<path>… <folder or new name>',
	operandsMin: 2,
	operandsMax: Number.MAX_SAFE_INTEGER,
	summary: 'Copy files and folders; every copy is read again and compared before it has its name',
	details,
	json: actionJson,
	options,
	run: async ({ values, operands, shell }) => transfer('cp', values, operands, shell)
});

export const mv = defineCommand({
	name: 'mv',
	operands: '<path>… <folder or new name>',
	operandsMin: 2,
	operandsMax: Number.MAX_SAFE_INTEGER,
	summary: 'Move files and folders; from one disk to another nothing goes before its copy was compared',
	details,
	json: actionJson,
	options,
	run: async ({ values, operands, shell }) => transfer('mv', values, operands, shell)
});
