import { err, ok, type ActionId, type CommandId, type Failure, type PlanId, type Result } from '#core/kernel';
import type { ClockPort, ComputePort } from '#core/ports';
import type { Database, StorageFailure } from '#core/schema';
import { actionsByName, operationFinder, type OperationTable } from './catalog.ts';
import { createPlanDigest } from './make-plan.ts';
import { commit, planNow, prepareLook, preview, type ActionQueue, type ActionRequest, type Engine } from './commit.ts';
import type { Action } from './define.ts';
import type { Guard } from './make-plan.ts';
import type {
	CommitFailure,
	Domain,
	HistoryFailure,
	Plan,
	PlanFailure,
	RecordedAction,
	RecordedStep,
	WithUndo
} from './schema.ts';
import { readAction, readActions, readSteps, type Reading } from './store.ts';
import { defineUndo, readLatestUndoable } from './undo.ts';

/** Operations or steps answered at once. */
const pageMax = 1_000;

export type ActionsDeps<D extends Domain, J extends Failure> = {
	readonly database: Database;
	readonly clock: ClockPort;
	readonly compute: ComputePort;
	readonly actions: readonly Action<D>[];
	readonly operations: OperationTable<D>;
	readonly jobs: ActionQueue<J>;
	/** Whether an action that was cancelled has yet to come to its end. */
	readonly isGivingUp: (id: ActionId) => boolean;
	/** Sees every plan, also that of an undoing. */
	readonly guard?: Guard<WithUndo<D>>;
	/** Called when operations were done with their commit, with what they were. */
	readonly onDone: (operations: readonly D['operation'][]) => void;
	/** Called when the history is another. */
	readonly onChange: () => void;
};

/** The one way to change anything in a library: plan, look, commit, undo. `J` is what a job can fail with. */
export type Actions<D extends Domain, J extends Failure> = {
	/** Resolves once plans of a hundred thousand things are made as quickly as this host can; needed for nothing else. */
	ready(): Promise<void>;
	/** To be awaited right before the others: has an action look at what its plan is not made from the index alone of. */
	prepare(request: ActionRequest, signal: AbortSignal): Promise<void>;
	/** What the action would do, by the index alone. Touches nothing. */
	preview(request: ActionRequest): Result<Plan<D>, PlanFailure>;
	/** Operations of a plan from `from` on, as it would be now. */
	operations(request: ActionRequest, from: number): Result<readonly D['operation'][], PlanFailure>;
	/**
	 * Does what the plan said, if it is still what would be done; `plan` null takes whatever it is, where that need not
	 * be seen first. What changes rows is done when this returns, what moves bytes by a job.
	 */
	commit(
		request: ActionRequest & { readonly plan: PlanId | null },
		once: { readonly command: CommandId; readonly atMs: number }
	): Result<RecordedAction<D>, CommitFailure<D> | HistoryFailure>;
	/** Answers when the action has come to its end or its job stands still. An aborted `signal` ends the waiting alone. */
	end(id: ActionId, signal: AbortSignal): Promise<Result<RecordedAction<D>, HistoryFailure | StorageFailure | J>>;
	/** The latest actions before `before`, the latest first. */
	history(before: ActionId | null, limit: number): Result<RecordedAction<D>[], StorageFailure>;
	/** What was done one by one; nothing of actions that are too old to be undone. */
	steps(id: ActionId, from: number): Result<RecordedStep<D>[], StorageFailure>;
	/** What an undo without a name means: the latest action that stands; where `redo`, the latest undoing that does. */
	latestUndoable(redo: boolean): Result<ActionId | null, StorageFailure>;
};

function find<D extends Domain, J extends Failure>(
	{ reading }: Engine<D, J>,
	id: ActionId
): Result<RecordedAction<D>, HistoryFailure | StorageFailure> {
	const found = reading.database.read(() => readAction(reading, id));
	if (!found.ok) return found;
	return found.value === null ? err({ type: 'ActionMissing', action: id }) : ok(found.value);
}

async function end<D extends Domain, J extends Failure>(
	engine: Engine<D, J>,
	id: ActionId,
	signal: AbortSignal
): Promise<Result<RecordedAction<D>, HistoryFailure | StorageFailure | J>> {
	const known = find(engine, id);
	if (!known.ok) return known;
	const { job } = known.value;
	if (job === null || (job.state !== 'queued' && job.state !== 'running')) return known;
	const ended = await engine.jobs.wait(job.id, signal);
	return ended.end === 'failed' ? err(ended.failure) : find(engine, id);
}

/** The actions of an open library. Those that move bytes need the runner of `createStepRunner` in the queue of jobs. */
export function createActions<D extends Domain, J extends Failure>(deps: ActionsDeps<D, J>): Actions<WithUndo<D>, J> {
	const { database, clock, jobs, isGivingUp, onDone, onChange } = deps;
	const operationOf = operationFinder<D>(deps.operations);
	const reading: Reading<WithUndo<D>> = {
		database,
		isLive: (id) => isGivingUp(id) || jobs.isLive('action', String(id)),
		parseOperation: (operation) => operationOf(operation).parse(operation)
	};
	const undo = defineUndo<D>({ reading, operationOf });
	const actions = actionsByName<WithUndo<D>>([...deps.actions, undo]);
	const engine: Engine<WithUndo<D>, J> = {
		database,
		clock,
		jobs,
		actions,
		operationOf,
		reading,
		digest: createPlanDigest(deps.compute),
		guard: deps.guard ?? (() => []),
		recent: new Map(),
		onDone,
		onChange
	};
	return {
		ready: () => engine.digest.ready(),
		prepare: (request, signal) => prepareLook(engine, request, signal),
		preview: (request) => preview(engine, request),
		operations: (request, from) => {
			const whole = planNow(engine, request);
			return whole.ok ? ok(whole.value.draft.operations.slice(from, from + pageMax)) : whole;
		},
		commit: (request, once) => {
			const committed = commit(engine, request, once);
			return committed.ok ? find(engine, committed.value) : committed;
		},
		end: (id, signal) => end(engine, id, signal),
		history: (before, limit) => database.read(() => readActions(reading, before, Math.min(limit, pageMax))),
		steps: (id, from) => database.read(() => readSteps(reading, id, { from, limit: pageMax })),
		latestUndoable: (redo) => database.read(() => readLatestUndoable(reading, redo))
	};
}
