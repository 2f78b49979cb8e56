import type { AnyAction, AnyBlock, AnyPlan } from '#core';
import type { ActionId, PlanId } from '#core/kernel';
import { goto } from '$app/navigation';
import type { InputOf } from '#client/mod.ts';
import type { App } from '#ui/shell/app.svelte.ts';
import { actionDid, stoppedWords } from '#ui/words/actions.ts';
import { isFailure, type AnyFailure } from '#ui/words/failures.ts';
import { countWords } from '#ui/words/values.ts';
import type { Wish } from './plan-sheet.svelte.ts';

export type { Wish } from './plan-sheet.svelte.ts';

/** What all messages of this kind are about: the latest takes the place of the one before. */
const about = 'done';

/** Says what was done, and offers the way back. */
function tellDone(app: App, done: AnyAction): void {
	const { id, isUndoable, isUndoing, undoes, failed, operations } = done;
	const did = actionDid(done);
	const action = isUndoable ? { title: isUndoing ? 'Redo' : 'Undo', run: () => void undo(app, id) } : null;
	const stopped = stoppedWords(done);
	if (stopped !== null) return app.notices.show({ tone: 'calm', title: `${stopped}.`, text: did, action, about });
	if (done.state === 'halted') {
		const text = `${countWords(failed)} of ${countWords(operations)} not done.`;
		const why = { title: 'See why', run: () => void goto('/history') };
		return app.notices.show({ tone: 'danger', title: `${did}.`, text, action: why, about });
	}
	const [title, text] = undoes === null ? [did, ''] : [isUndoing ? 'Undone.' : 'Done again.', did];
	app.notices.show({ tone: 'calm', title, text, action, about });
}

/** Actions that this tab waits for. */
const going = new Map<ActionId, Promise<unknown>>();
/** How long an undoing waits for what it is to take back: most of that ends before a person could let go of the key. */
const patienceMs = 2_000;

/** Waits until an action has come to its end or stands still, and says so. */
async function finish(app: App, begun: AnyAction): Promise<AnyAction | null> {
	if (begun.job === null) {
		tellDone(app, begun);
		return begun;
	}
	const ending = app.ask('actions.end', { action: begun.id });
	going.set(begun.id, ending);
	const ended = await ending;
	going.delete(begun.id);
	if (!ended.ok) {
		app.tell(ended.failure);
		return null;
	}
	if (ended.value.state !== 'running') tellDone(app, ended.value);
	return ended.value;
}

function hasNothing({ counts, warnings }: AnyPlan): boolean {
	return counts.operations + counts.blocked + warnings.length === 0;
}

/** The plan of what was seen elsewhere; null where some of it cannot be done, or there is more to be told. */
async function seenPlan(app: App, { action, input }: Wish): Promise<PlanId | null> {
	const plan = await app.ask('actions.preview', { action, input });
	return plan.ok && plan.value.counts.blocked + plan.value.warnings.length === 0 ? plan.value.id : null;
}

/** Why the one thing that was asked for cannot be; null where more than that is to be said. */
function refusalIn({ counts, blocked }: AnyPlan): Extract<AnyBlock, AnyFailure> | null {
	const why = counts.operations === 0 && counts.blocked === 1 ? blocked[0]?.why : undefined;
	return why !== undefined && isFailure(why) ? why : null;
}

const commits = new Set<Promise<unknown>>();

/** Commits, and lets an undoing that is asked for meanwhile wait for the answer: it is meant by it. */
async function commit(app: App, request: InputOf<'actions.commit'>) {
	const answer = app.ask('actions.commit', request);
	commits.add(answer);
	try {
		return await answer;
	} finally {
		commits.delete(answer);
	}
}

/** Does an action: at once where it need not be seen first, else after a look at its plan. Null where nothing was done. */
export async function doAction(app: App, wish: Wish): Promise<AnyAction | null> {
	const { action, input } = wish;
	// What it offers would not be the latest any more, and lies over what comes now.
	app.notices.closeAbout(about);
	const plan = wish.isSeen === true ? await seenPlan(app, wish) : null;
	const committed = await commit(app, { action, input, plan });
	if (committed.ok) return finish(app, committed.value);
	const { failure } = committed;
	if (!('plan' in failure) || hasNothing(failure.plan)) {
		app.tell(failure);
		return null;
	}
	const refusal = refusalIn(failure.plan);
	if (refusal !== null) {
		app.tell(refusal);
		return null;
	}
	const done = await app.planSheet.show(wish, failure.plan);
	return done === null ? null : finish(app, done);
}

/** Does what a person has seen elsewhere as `plan`; where that holds no more, what would be done now is shown first. */
export async function doSeen(app: App, wish: Wish, plan: PlanId): Promise<AnyAction | null> {
	const committed = await commit(app, { action: wish.action, input: wish.input, plan });
	if (committed.ok) return finish(app, committed.value);
	if (committed.failure.type === 'PlanStale') {
		const done = await app.planSheet.show(wish, committed.failure.plan);
		return done === null ? null : finish(app, done);
	}
	app.tell(committed.failure);
	return null;
}

/** Takes an action back; what cannot be is shown first. */
export function undo(app: App, action: ActionId): Promise<AnyAction | null> {
	return doAction(app, { action: 'actions.undo', input: { action }, title: 'Undo' });
}

let last: Promise<unknown> = Promise.resolve();

/** Takes back what was done last; where `redo`, does again what was last taken back. One after the other. */
export async function undoLatest(app: App, redo: boolean): Promise<void> {
	const before = last;
	const { promise, resolve } = Promise.withResolvers<void>();
	last = promise;
	await before;
	try {
		await Promise.allSettled(commits);
		const latest = await app.ask('actions.latest', { redo });
		if (!latest.ok) app.tell(latest.failure);
		else if (latest.value === null)
			app.notices.tell(redo ? 'There is nothing to do again.' : 'There is nothing to undo.');
		else {
			const soon = new Promise((wake) => setTimeout(wake, patienceMs));
			await Promise.race([going.get(latest.value), soon]);
			await undo(app, latest.value);
		}
	} finally {
		resolve();
	}
}
