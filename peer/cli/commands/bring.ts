import { err } from '#core/kernel';
import { conflictPolicies } from '#core/files';
import { defineCommand, libraryOptions } from '../command.ts';
import { conflictOption, findTarget, readConflicts } from '../find-entries.ts';
import { lookForVolumes } from '../look-for-volumes.ts';
import { withLibrary } from '../open-library.ts';
import { actionJson, actionOptions, runAction } from '../print-plan.ts';
import { readOutside } from '../read-outside.ts';

const policies = conflictPolicies.filter((policy) => policy !== 'ask');

export const bring = defineCommand({
	name: 'bring',
	operands: '<path of the disk>… <folder>',
	operandsMin: 2,
	operandsMax: Number.MAX_SAFE_INTEGER,
	summary: 'Copy files and folders that lie outside the library into one of its folders',
	details: `A folder that is there already is filled. What is there is replaced by going into the trash. "newer" replaces
what is older; it and "skip" leave the rest as it is, and say so.`,
	json: actionJson,
	options: { ...libraryOptions, ...conflictOption(policies), ...actionOptions },
	run: async ({ values: { conflicts, ...values }, operands, shell }) => {
		const policy = readConflicts('bring', conflicts, policies);
		if (!policy.ok) return policy;
		return withLibrary('bring', values, shell, async (library) => {
			const looked = await lookForVolumes(library);
			if (!looked.ok) return looked;
			const target = await findTarget(library, 'bring', operands.at(-1) ?? '', shell.folder);
			if (!target.ok) return target;
			if (target.value.name !== null)
				return err({ type: 'UsageWrong', command: 'bring', problem: 'The last path names a folder of the library.' });
			const outside = await readOutside(library, 'bring', operands.slice(0, -1), shell);
			if (!outside.ok) return outside;
			const input = { folder: target.value.folder, ...outside.value, conflicts: policy.value };
			return runAction(library, { action: 'files.ingest', input }, values, shell);
		});
	}
});
