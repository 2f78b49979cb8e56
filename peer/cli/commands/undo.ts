import { actionId, err, ok, type ActionId, type Result } from '#core/kernel';
import { defineCommand, libraryOptions } from '../command.ts';
import type { AnyFailure } from '../failure.ts';
import { withLibrary, type OpenLibrary } from '../open-library.ts';
import { actionJson, actionOptions, runAction } from '../print-plan.ts';

/** The action that `text` names, or the latest there is to undo or do again. */
async function findAction(
	{ commands, context }: OpenLibrary,
	text: string | undefined,
	redo: boolean
): Promise<Result<ActionId, AnyFailure>> {
	if (text !== undefined) {
		return /^[1-9]\d{0,14}$/.test(text)
			? ok(actionId(Number(text)))
			: err({
					type: 'UsageWrong',
					command: 'undo',
					problem: `"${text}" is no number of an action: see atoll history.`
				});
	}
	const latest = await commands['actions.latest']({ redo }, context());
	if (!latest.ok) return latest;
	return latest.value === null ? err({ type: 'NothingToUndo', redo }) : ok(latest.value);
}

export const undo = defineCommand({
	name: 'undo',
	operands: '[id]',
	operandsMin: 0,
	operandsMax: 1,
	summary: 'Take back what was done last, or the action of that number',
	details: `Numbers are those of atoll history. What has changed since is left as it is, and told. An undoing is an
action as well: it can itself be undone (atoll redo).`,
	json: actionJson,
	options: { ...libraryOptions, ...actionOptions },
	run: ({ values, operands, shell }) =>
		withLibrary('undo', values, shell, async (library) => {
			const found = await findAction(library, operands[0], false);
			if (!found.ok) return found;
			return runAction(library, { action: 'actions.undo', input: { action: found.value } }, values, shell);
		})
});

export const redo = defineCommand({
	name: 'redo',
	operands: '',
	operandsMin: 0,
	operandsMax: 0,
	summary: 'Do again what was taken back last, if nothing else was done since',
	json: actionJson,
	options: { ...libraryOptions, ...actionOptions },
	run: ({ values, shell }) =>
		withLibrary('redo', values, shell, async (library) => {
			const found = await findAction(library, undefined, true);
			if (!found.ok) return found;
			return runAction(library, { action: 'actions.undo', input: { action: found.value } }, values, shell);
		})
});
