import { err } from '#core/kernel';
import { analyses, analysisPolicies, isAnalysisKind, isAnalysisPolicy } from '#core/analysis';
import { defineCommand, libraryOptions } from '../command.ts';
import { findLocation } from '../find-location.ts';
import { withLibrary } from '../open-library.ts';
import { actionJson, actionOptions, runAction } from '../print-plan.ts';

const kinds = analyses.map(({ kind }) => kind).join('|');
const choices = [...analysisPolicies.toReversed(), 'default'].join('|');

export const queuePolicy = defineCommand({
	name: 'queue policy',
	operands: `<kind> ${choices}`,
	operandsMin: 2,
	operandsMax: 2,
	summary: 'Say how much an analysis is wanted, in all folders or in one',
	details: `A kind is one of ${kinds}.
now: soon; idle: when there is nothing else to do; never; default: nothing is said any more. What is said of one
folder holds there; of copies in several folders the one that wants it most decides.`,
	json: actionJson,
	options: {
		...libraryOptions,
		...actionOptions,
		location: { type: 'string', short: 'l', hint: 'LOCATION', help: 'in this folder only' }
	},
	run: async ({ values, operands, shell }) => {
		const [kind = '', policy = ''] = operands;
		const wrong = (problem: string) => err({ type: 'UsageWrong', command: 'queue policy', problem } as const);
		if (!isAnalysisKind(kind)) return wrong(`A kind is one of ${kinds.replaceAll('|', ', ')}.`);
		if (!isAnalysisPolicy(policy) && policy !== 'default')
			return wrong(`A policy is one of ${choices.replaceAll('|', ', ')}.`);
		return withLibrary('queue policy', values, shell, async (library) => {
			const found = values.location === undefined ? null : await findLocation(library, values.location, shell.folder);
			if (found?.ok === false) return found;
			const input = { location: found?.value.id ?? null, kind, policy: isAnalysisPolicy(policy) ? policy : null };
			return runAction(library, { action: 'analysis.set-policy', input }, values, shell);
		});
	}
});
