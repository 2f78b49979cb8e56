import type { ActionName, AnyAction, AnyPlan, AnyStep } from '#core';
import { err, ok, type Result } from '#core/kernel';
import { printAction, printBlock, printCost, printOperation, printWarning } from './action-words.ts';
import type { Options } from './command.ts';
import type { AnyFailure } from './failure.ts';
import type { OpenLibrary } from './open-library.ts';
import { jobProgress } from './print-job.ts';
import { printCount, printJson } from './print.ts';
import type { Shell } from './shell.ts';
import { isFailure } from './words.ts';
import { isBlock, printOnDisk } from './step-words.ts';

/** Lines printed of a list; `--json` has more. */
const shownMax = 40;

/** What every command takes that does an action. */
export const actionOptions = {
	'dry-run': { type: 'boolean', short: 'n', help: 'say what would be done, and do nothing' },
	yes: { type: 'boolean', short: 'y', help: 'do not ask' },
	json: { type: 'boolean', help: 'print one JSON document instead of text' }
} as const satisfies Options;

export type ActionFlags = {
	readonly 'dry-run'?: boolean;
	readonly yes?: boolean;
	readonly json?: boolean;
};

/** The shape of what `--json` prints, for the help of each such command. */
export const actionJson = `{"plan": {"id", "action", "operations": [{"kind", …}], "blocked": [{"operation", "why": {"type", …}}],
  "counts": {"operations", "blocked"}, "warnings": [{"type", …}],
  "cost": {"items", "sizeBytes", "estimateMs"}, "asks"},
 "done": null with --dry-run, or {"id", "state": "done" | "halted", "failed", "done", "operations", …}}`;

function list(lines: readonly string[], all: number): string[] {
	const shown = lines.slice(0, shownMax).map((line) => `  ${line}`);
	return all > shown.length ? [...shown, `  and ${printCount(all - shown.length)} more`] : shown;
}

/** Actions whose commands take `--conflicts`. */
const takesConflicts: ReadonlySet<string> = new Set<ActionName>(['files.copy', 'files.move', 'files.restore']);

/** A plan as text: what is done, what is not and why, and what to know of it. */
export function printPlan(plan: AnyPlan): string {
	const { operations, blocked, counts, warnings } = plan;
	const lines: string[] = [];
	if (counts.operations > 0)
		lines.push(`${printCost(plan)}:`, ...list(operations.map(printOperation), counts.operations));
	if (counts.blocked > 0) {
		const refused = blocked.map(({ operation, why }) => `${printOperation(operation)}: ${printBlock(why)}`);
		lines.push('cannot be done:', ...list(refused, counts.blocked));
		const isTaken = blocked.some(({ why }) => why.type === 'NameInUse');
		if (isTaken && takesConflicts.has(plan.action))
			lines.push('note: --conflicts says what is done where a name is taken');
	}
	for (const warning of warnings) lines.push(`note: ${printWarning(warning)}`);
	return lines.map((line) => `${line}\n`).join('');
}

/** Asks a person where the plan wants that: what asks by itself, or would be done in part only. */
export async function confirmPlan(
	{ asks, counts }: AnyPlan,
	flags: ActionFlags,
	{ terminal, signal }: Shell
): Promise<Result<null, AnyFailure>> {
	if (flags.yes === true || (!asks && counts.blocked === 0)) return ok(null);
	if (!terminal.canAsk || flags.json === true) return err({ type: 'ConfirmationNeeded' });
	const answer = await terminal.ask(counts.blocked > 0 ? 'Do the rest? [y/N] ' : 'Do it? [y/N] ', 'echo', signal);
	if (answer === null) return err({ type: 'Interrupted' });
	return /^y(es)?$/i.test(answer.trim()) ? ok(null) : err({ type: 'NotConfirmed' });
}

/** Waits for the end of what was begun, with its progress on a terminal. */
async function waitForEnd(
	library: OpenLibrary,
	begun: AnyAction,
	shell: Shell
): Promise<Result<AnyAction, AnyFailure>> {
	const { core, commands, context } = library;
	const { terminal, signal } = shell;
	const { job } = begun;
	if (job === null) return ok(begun);
	const draw = async () => {
		const jobs = await commands['jobs.list']({}, context());
		const running = jobs.ok ? jobs.value.find(({ id, state }) => id === job.id && state === 'running') : undefined;
		if (running !== undefined) terminal.progress(jobProgress(running, []));
	};
	const end = core.subscribe((event) => {
		if (event.type === 'jobs-changed') void draw();
	});
	try {
		const ended = await commands['actions.end']({ action: begun.id }, context());
		if (!ended.ok) return ended;
		return ended.value.state === 'running' ? err({ type: 'JobPaused', job: job.id }) : ok(ended.value);
	} catch (thrown) {
		if (signal.aborted) return err({ type: 'JobPaused', job: job.id });
		throw thrown;
	} finally {
		end();
		terminal.progress(null);
	}
}

/** A step that was not done, and why. */
function printMissed({ operation, failure }: AnyStep): string {
	const why = failure === null ? null : isBlock(failure) ? printBlock(failure) : printOnDisk(failure);
	return why === null ? printOperation(operation) : `${printOperation(operation)}: ${why}`;
}

/** Says what of an action was not done, and why. */
async function sayMissed({ commands, context }: OpenLibrary, action: AnyAction, { terminal }: Shell): Promise<void> {
	const missed: string[] = [];
	for (let from = 0; from < action.operations && missed.length < shownMax;) {
		const steps = await commands['actions.steps']({ action: action.id, from }, context());
		if (!steps.ok || steps.value.length === 0) break;
		missed.push(...steps.value.filter(({ state }) => state === 'failed').map(printMissed));
		from += steps.value.length;
	}
	if (missed.length > 0) terminal.say(['not done:', ...list(missed, action.failed)].join('\n'));
}

type Request = { readonly action: ActionName; readonly input: unknown };

/** What a command does that changes something: shows the plan, asks where it must be, does it, and says what was done. */
export async function runAction(
	library: OpenLibrary,
	request: Request,
	flags: ActionFlags,
	shell: Shell
): Promise<Result<null, AnyFailure>> {
	const { commands, context } = library;
	const { terminal } = shell;
	const previewed = await commands['actions.preview'](request, context());
	if (!previewed.ok) return previewed;
	const plan = previewed.value;
	if (flags['dry-run'] === true) {
		terminal.out(flags.json === true ? printJson({ plan, done: null }) : printPlan(plan));
		return ok(null);
	}
	const [refused] = plan.blocked;
	// One thing was asked for, and why it cannot be is the answer.
	if (plan.counts.operations === 0 && plan.blocked.length === 1 && refused !== undefined && isFailure(refused.why))
		return err(refused.why);
	const isPlain = !plan.asks && plan.counts.blocked === 0 && plan.warnings.length === 0;
	if (flags.json !== true && !isPlain) terminal.say(printPlan(plan).trimEnd());
	if (plan.counts.operations === 0) return err({ type: 'PlanEmpty', plan });
	const confirmed = await confirmPlan(plan, flags, shell);
	if (!confirmed.ok) return confirmed;
	const committed = await commands['actions.commit']({ ...request, plan: plan.id }, context());
	if (!committed.ok) return committed;
	const ended = await waitForEnd(library, committed.value, shell);
	if (!ended.ok) return ended;
	const { id, state, failed, done, operations } = ended.value;
	terminal.out(flags.json === true ? printJson({ plan, done: ended.value }) : `${id}: ${printAction(ended.value)}\n`);
	if (failed > 0 && flags.json !== true) await sayMissed(library, ended.value, shell);
	return state === 'halted' ? err({ type: 'ActionHalted', action: id, failed, done, of: operations }) : ok(null);
}
