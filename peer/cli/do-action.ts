import type { Commands } from '#core';
import { err, ok, type Result } from '#core/kernel';
import type { AnyFailure } from './failure.ts';
import type { OpenLibrary } from './open-library.ts';
import { printJson, printNumber } from './print.ts';
import type { Shell } from './shell.ts';
import { printBlock } from './words.ts';

type Previewed = Extract<Awaited<ReturnType<Commands['actions.preview']>>, { ok: true }>['value'];

export const actionOptions = {
	'dry-run': { type: 'boolean', help: 'say what would be done, and do nothing' },
	yes: { type: 'boolean', short: 'y', help: 'do not ask' },
	json: { type: 'boolean', help: 'print one JSON document instead of text' }
} as const;

/** What of every action is chosen on the command line. */
export type ActionValues = { readonly 'dry-run'?: boolean; readonly yes?: boolean; readonly json?: boolean };

/** The document that commands which change something print. */
export const actionJson = `{"plan": {"id", "action", "operations", "blocked", "counts", "warnings", "cost", "asks"},
 "action": its number in the history, null where nothing was done}`;

export type Acting = {
	readonly action: string;
	readonly input: unknown;
	/** What is done, in the words of a person: `Tag 3 items`. */
	readonly does: (items: number) => string;
};

async function confirm(does: string, { terminal, signal }: Shell): Promise<Result<null, AnyFailure>> {
	const answer = terminal.canAsk ? await terminal.ask(`${does}? [y/N] `, 'echo', signal) : '';
	if (answer === null) return err({ type: 'Interrupted' });
	return /^y(es)?$/i.test(answer.trim()) ? ok(null) : err({ type: 'NotConfirmed' });
}

/** What of a plan is not done, and why, each reason once. */
function sayBlocked({ blocked }: Previewed, { terminal }: Shell): void {
	for (const words of new Set(blocked.map(({ why }) => printBlock(why)))) terminal.say(words);
}

function tell(plan: Previewed, action: number | null, json: boolean, text: string, { terminal }: Shell): void {
	terminal.out(json ? printJson({ plan, action }) : `${text}\n`);
}

/** Looks at the plan of an action and does it, asking first where it wants to be seen; or only tells it. */
export async function doAction(
	{ commands, context }: OpenLibrary,
	{ action, input, does }: Acting,
	values: ActionValues,
	shell: Shell
): Promise<Result<null, AnyFailure>> {
	const previewed = await commands['actions.preview']({ action, input }, context());
	if (!previewed.ok) return previewed;
	const plan = previewed.value;
	const json = values.json === true;
	if (!json) sayBlocked(plan, shell);
	const what = does(plan.cost.items);
	if (values['dry-run'] === true) {
		tell(plan, null, json, plan.counts.operations === 0 ? 'Nothing would change.' : `Would: ${what}`, shell);
		return ok(null);
	}
	if (plan.counts.operations === 0) {
		if (plan.counts.blocked > 0) return err({ type: 'PlanEmpty', plan });
		tell(plan, null, json, 'Nothing was to be changed.', shell);
		return ok(null);
	}
	const confirmed = plan.asks && values.yes !== true ? await confirm(what, shell) : ok(null);
	if (!confirmed.ok) return confirmed;
	const done = await commands['actions.commit']({ action, input, plan: plan.id }, context());
	if (!done.ok) return done;
	tell(plan, done.value.id, json, `Done: ${what}`, shell);
	return ok(null);
}

export function itemsText(items: number): string {
	return printNumber(items, 'item', 'items');
}
