import {
	actionId,
	err,
	ok,
	type ActionId,
	type CommandId,
	type Failure,
	type JobId,
	type PlanId,
	type Result
} from '#core/kernel';
import type { ClockPort } from '#core/ports';
import type { JobEnd, JobRequest } from '#core/jobs';
import type { Database } from '#core/schema';
import type { Action, Operation } from './define.ts';
import { differingSubjects } from './facts.ts';
import { makePlan, toPlan, type Guard, type PlanDigest, type WholePlan } from './make-plan.ts';
import type { CommitFailure, Domain, Plan, PlanFailure } from './schema.ts';
import { dropOld, insertAction, insertSteps, type Reading } from './store.ts';
import { undoneAction } from './undo.ts';

/** Plans remembered so that what has changed since can be told; a person looks at one at a time. */
const plansMax = 8;
/** Facts named where a plan is stale. */
const changedMax = 100;
/** Before whatever nobody waits for. */
const askedPriority = 20;

/** What of the queue of jobs is used; `J` is what a job can fail with. */
export type ActionQueue<J extends Failure> = {
	writeNew(request: JobRequest<'action'>): JobId;
	wake(id: JobId): void;
	wait(id: JobId, signal: AbortSignal): Promise<JobEnd<J>>;
	isLive(kind: 'action', target: string): boolean;
};

/** What the parts of the engine share. */
export type Engine<D extends Domain, J extends Failure> = {
	readonly database: Database;
	readonly clock: ClockPort;
	readonly jobs: ActionQueue<J>;
	readonly actions: ReadonlyMap<string, Action<D>>;
	readonly operationOf: (operation: unknown) => Operation<D>;
	readonly reading: Reading<D>;
	readonly digest: PlanDigest;
	readonly guard: Guard<D>;
	/** Plans by their ids, the one made last at the end. */
	readonly recent: Map<PlanId, WholePlan<D>>;
	/** Called when operations were done with their commit, with what they were. */
	readonly onDone: (operations: readonly D['operation'][]) => void;
	/** Called when the history is another. */
	readonly onChange: () => void;
};

/** An action to be planned; `input` is what its schema says. */
export type ActionRequest = { readonly action: string; readonly input: unknown };

type Prepared<D extends Domain> = () => WholePlan<D>;

function prepare<D extends Domain, J extends Failure>(
	{ actions, digest, guard }: Engine<D, J>,
	{ action: name, input }: ActionRequest
): Result<Prepared<D>, PlanFailure> {
	const action = actions.get(name);
	if (action === undefined) return err({ type: 'ActionUnknown', action: name });
	const parsed = action.parse(input);
	if ('wrong' in parsed) return err({ type: 'ActionInputInvalid', action: name, field: parsed.wrong });
	return ok(() => makePlan(action, parsed.input, { digest, guard }));
}

/** Keeps a plan for a while, and answers what of it is shown. */
function remember<D extends Domain, J extends Failure>({ recent }: Engine<D, J>, whole: WholePlan<D>): Plan<D> {
	recent.delete(whole.id);
	recent.set(whole.id, whole);
	const [oldest] = recent.keys();
	if (recent.size > plansMax && oldest !== undefined) recent.delete(oldest);
	return toPlan(whole);
}

/** Has the action look at what it cannot look at while it plans. */
export async function prepareLook<D extends Domain, J extends Failure>(
	{ actions }: Engine<D, J>,
	{ action: name, input }: ActionRequest,
	signal: AbortSignal
): Promise<void> {
	const action = actions.get(name);
	const parsed = action?.parse(input);
	if (action !== undefined && parsed !== undefined && 'input' in parsed) await action.prepare(parsed.input, signal);
}

export function planNow<D extends Domain, J extends Failure>(
	engine: Engine<D, J>,
	request: ActionRequest
): Result<WholePlan<D>, PlanFailure> {
	const prepared = prepare(engine, request);
	return prepared.ok ? engine.database.read(prepared.value) : prepared;
}

export function preview<D extends Domain, J extends Failure>(
	engine: Engine<D, J>,
	request: ActionRequest
): Result<Plan<D>, PlanFailure> {
	const whole = planNow(engine, request);
	return whole.ok ? ok(remember(engine, whole.value)) : whole;
}

function stale<D extends Domain, J extends Failure>(
	engine: Engine<D, J>,
	whole: WholePlan<D>,
	seen: PlanId | null
): CommitFailure<D> {
	const before = seen === null ? undefined : engine.recent.get(seen);
	const changed = before === undefined ? [] : differingSubjects(before.facts, whole.facts, changedMax);
	return { type: 'PlanStale', plan: remember(engine, whole), changed };
}

/** Why a plan is not to be done now. */
function refuse<D extends Domain, J extends Failure>(
	engine: Engine<D, J>,
	whole: WholePlan<D>,
	seen: PlanId | null
): CommitFailure<D> | null {
	const { asks, operations, blocked } = whole.draft;
	if (seen !== null && seen !== whole.id) return stale(engine, whole, seen);
	if (operations.length === 0) return { type: 'PlanEmpty', plan: remember(engine, whole) };
	// Who asks for all of it is told first that a part is left out.
	const mustBeSeen = asks || blocked.length > 0;
	return seen === null && mustBeSeen ? { type: 'PlanUnseen', plan: remember(engine, whole) } : null;
}

type Recorded = { readonly action: ActionId; readonly job: JobId | null };

/** Inside a transaction: does what changes rows, and queues what moves bytes. */
function record<D extends Domain, J extends Failure>(
	{ database, jobs, operationOf, reading }: Engine<D, J>,
	{ action, input, id: plan, draft }: WholePlan<D>,
	atMs: number
): Recorded {
	const works = draft.operations.map((operation) => ({ operation, work: operationOf(operation).work }));
	const isSlow = works.some(({ work }) => work.is === 'step');
	const { items, sizeBytes } = draft.cost;
	const state = isSlow ? 'running' : 'done';
	const undoes = undoneAction(action, input);
	const id = insertAction(database, { action, input, plan, state, atMs, items, sizeBytes, undoes });
	const steps = works.map(({ operation, work }) =>
		isSlow || work.is === 'step'
			? ({ operation, state: 'waiting', inverse: null } as const)
			: ({ operation, state: 'done', inverse: work.apply(operation) } as const)
	);
	insertSteps(database, id, steps);
	const request = { kind: 'action', target: String(id), input: { action: id }, priority: askedPriority } as const;
	const job = isSlow ? jobs.writeNew(request) : null;
	dropOld(reading);
	return { action: id, job };
}

/** Does what a plan says, if that is still what would be done. */
export function commit<D extends Domain, J extends Failure>(
	engine: Engine<D, J>,
	request: ActionRequest & { readonly plan: PlanId | null },
	once: { readonly command: CommandId; readonly atMs: number }
): Result<ActionId, CommitFailure<D>> {
	const prepared = prepare(engine, request);
	if (!prepared.ok) return prepared;
	type Made = { whole: WholePlan<D> | null; refusal: CommitFailure<D> | null; recorded: Recorded | null };
	const made: Made = { whole: null, refusal: null, recorded: null };
	// Planned where it is done: nothing comes between what was looked at and what is changed.
	const written = engine.database.writeOnce(once.command, once.atMs, () => {
		made.whole = prepared.value();
		made.refusal = refuse(engine, made.whole, request.plan);
		if (made.refusal === null) made.recorded = record(engine, made.whole, once.atMs);
		return made.recorded?.action ?? null;
	});
	if (!written.ok) return written;
	if (made.refusal !== null) return err(made.refusal);
	if (made.whole !== null && made.recorded !== null) {
		if (made.recorded.job === null) engine.onDone(made.whole.draft.operations);
		engine.onChange();
		if (made.recorded.job !== null) engine.jobs.wake(made.recorded.job);
	}
	// A repeat of a commit that was refused is refused: nothing of it was done.
	return written.value === null ? refusedBefore(engine, prepared.value, request.plan) : ok(actionId(written.value));
}

function refusedBefore<D extends Domain, J extends Failure>(
	engine: Engine<D, J>,
	prepared: Prepared<D>,
	seen: PlanId | null
): Result<never, CommitFailure<D>> {
	const whole = engine.database.read(prepared);
	return whole.ok ? err(refuse(engine, whole.value, seen) ?? stale(engine, whole.value, null)) : whole;
}
