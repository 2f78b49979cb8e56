import { ok, type ActionId, type Result } from '#core/kernel';
import type { Operation, StepDone } from './define.ts';
import { tellTried, type StepDeps } from './run-steps.ts';
import type { Domain } from './schema.ts';
import { stepName } from './step-name.ts';
import {
	countSteps,
	endAction,
	isRunning,
	markDone,
	markFailed,
	markWaiting,
	readBegun,
	readBrokenOff,
	type DueStep
} from './store.ts';

type Ended<D extends Domain> = Result<StepDone<D['operation']> | null, D['failure']>;

/** Brings actions to their end that nobody goes on with. */
export type GivingUp = {
	/**
	 * Settles what is begun, so that each step is done and can be taken back or has left nothing; the index knows of it
	 * when this returns. A kill meanwhile is gone on from by `all`.
	 */
	one(action: ActionId): Promise<void>;
	/** To be called when a library was opened. */
	all(): Promise<void>;
	isGoing(action: ActionId): boolean;
};

async function giveUpStep<D extends Domain>(
	{ library }: StepDeps<D>,
	{ work }: Operation<D>,
	action: ActionId,
	{ seq, operation, isRepeat }: DueStep,
	signal: AbortSignal
): Promise<Ended<D>> {
	if (work.is === 'rows') return ok(null);
	const due = { operation, isRepeat, step: stepName(library, action, seq) };
	if (work.giveUp !== undefined) return work.giveUp(due, signal);
	const [end] = await work.run([due], { onBytes: () => undefined, signal });
	return end ?? ok(null);
}

async function settle<D extends Domain>(deps: StepDeps<D>, action: ActionId, signal: AbortSignal): Promise<void> {
	const { database, clock, operationOf, onDone } = deps;
	const begun = database.read(() => readBegun(database, action));
	if (!begun.ok) return;
	for (const step of begun.value) {
		const how = operationOf(step.operation);
		const end = await giveUpStep(deps, how, action, step, signal);
		const written = database.write(() => {
			if (!end.ok) markFailed(database, action, step.seq, end.failure);
			else if (end.value === null) markWaiting(database, action, step.seq);
			else markDone(database, action, step.seq, end.value.write());
		});
		if (!written.ok) return;
		onDone([how.parse(step.operation)]);
	}
	await tellTried(deps, action, signal);
	database.write(() => {
		if (!isRunning(database, action)) return;
		const { waiting, begun: left, failed } = countSteps(database, action);
		// It may have been over but for the telling.
		endAction(database, action, waiting + left + failed > 0 ? 'halted' : 'done', clock.nowMs());
	});
}

/** `signal` ends it all where it is; `onEnd` is called after each action. */
export function createGivingUp<D extends Domain>(deps: StepDeps<D>, signal: AbortSignal, onEnd: () => void): GivingUp {
	const going = new Set<ActionId>();
	const one = async (action: ActionId) => {
		going.add(action);
		try {
			await settle(deps, action, signal);
		} catch (thrown) {
			if (!signal.aborted) throw thrown;
		} finally {
			going.delete(action);
			onEnd();
		}
	};
	return {
		one,
		all: async () => {
			const found = deps.database.read(() => readBrokenOff(deps.database));
			if (!found.ok) return;
			found.value.forEach((action) => going.add(action));
			for (const action of found.value) await one(action);
		},
		isGoing: (action) => going.has(action)
	};
}
