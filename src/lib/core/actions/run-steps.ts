import * as v from 'valibot';
import { actionId, err, invariant, ok, type ActionId, type Result } from '#core/kernel';
import type { ClockPort } from '#core/ports';
import { defineRunner, type JobContext, type Runner } from '#core/jobs';
import type { Database, JsonValue, StorageFailure } from '#core/schema';
import type { Operation, StepDone } from './define.ts';
import { stepName } from './step-name.ts';
import type { ActionWaits, Domain, StepFailure } from './schema.ts';
import { beginSteps, countSteps, endAction, markDone, markFailed, readTried, type DueStep } from './store.ts';

/** Steps begun in one transaction: so many have to be looked at again after a kill. */
const begunMax = 64;

const inputSchema = v.object({ action: v.pipe(v.number(), v.integer(), v.minValue(1)) });

export type StepDeps<D extends Domain> = {
	readonly database: Database;
	readonly clock: ClockPort;
	/** Names the library among all others, so that steps of two never meet on a disk. */
	readonly library: string;
	readonly operationOf: (operation: unknown) => Operation<D>;
	/** Called when steps were written down as done. */
	readonly onDone: (operations: readonly D['operation'][]) => void;
	/** Called with all operations that were gone over, in whichever tries, before the action has ended or is tried again. */
	readonly afterAll: (operations: readonly D['operation'][], signal: AbortSignal) => Promise<void>;
};

type Finished<D extends Domain> = {
	readonly seq: number;
	readonly operation: D['operation'];
	readonly end: Result<StepDone<D['operation']>, D['failure']>;
};

/** The steps of one action as they are done, and written down together. */
class Batch<D extends Domain> {
	readonly #deps: StepDeps<D>;
	readonly #action: ActionId;
	#finished: Finished<D>[] = [];

	constructor(deps: StepDeps<D>, action: ActionId) {
		this.#deps = deps;
		this.#action = action;
	}

	add(finished: Finished<D>): void {
		this.#finished.push(finished);
	}

	write(): Result<null, StorageFailure> {
		const { database, onDone } = this.#deps;
		const finished = this.#finished;
		const written = database.write(() => {
			for (const { seq, end } of finished)
				if (end.ok) markDone(database, this.#action, seq, end.value.write());
				else markFailed(database, this.#action, seq, end.failure);
		});
		if (!written.ok) return written;
		this.#finished = [];
		if (finished.length > 0) onDone(finished.map(({ operation }) => operation));
		return ok(null);
	}
}

/** Tells how much of an action is done. */
function createProgress(context: JobContext, first: number, total: number) {
	let [steps, doneBytes] = [first, context.doneBytes];
	const tell = () => context.progress(steps, total, { done: doneBytes, total: null });
	return {
		onBytes: (bytes: number) => {
			doneBytes += bytes;
			tell();
		},
		onSteps: (count: number) => {
			steps += count;
			tell();
		}
	};
}

type Run<D extends Domain> = {
	readonly deps: StepDeps<D>;
	readonly action: ActionId;
	readonly context: JobContext;
	readonly progress: ReturnType<typeof createProgress>;
};

/** Steps that follow one another and are of one kind. */
type Group<D extends Domain> = { readonly how: Operation<D>; readonly due: DueStep[] };

function toGroups<D extends Domain>({ operationOf }: StepDeps<D>, due: readonly DueStep[]): Group<D>[] {
	const groups: Group<D>[] = [];
	for (const step of due) {
		const how = operationOf(step.operation);
		const last = groups.at(-1);
		if (last?.how === how) last.due.push(step);
		else groups.push({ how, due: [step] });
	}
	return groups;
}

async function runGroup<D extends Domain>(
	{ deps, action, context, progress }: Run<D>,
	{ how, due }: Group<D>
): Promise<readonly Result<StepDone<D['operation']>, D['failure']>[]> {
	const { work } = how;
	if (work.is === 'rows') return due.map(({ operation }) => ok({ write: () => work.apply(operation) }));
	const named = due.map(({ seq, operation, isRepeat }) => {
		return { operation, isRepeat, step: stepName(deps.library, action, seq) };
	});
	const ends = await work.run(named, { onBytes: progress.onBytes, signal: context.signal });
	invariant(ends.length > 0 || context.signal.aborted, 'of the steps that are due the first is answered for');
	return ends;
}

type Waits<D extends Domain> = ActionWaits<D['failure']>;

/** What holds up the whole action; null where only this step is not done. */
function toWaits<F extends StepFailure>(cause: F): ActionWaits<F> | null {
	const { retry } = cause;
	return retry === 'soon' || retry === 'when-online' ? { type: 'ActionWaits', retry, cause } : null;
}

/** Does steps of one kind, as many as are done as one; answers how many, or what holds them up. */
async function runSome<D extends Domain>(
	run: Run<D>,
	{ how, due }: Group<D>,
	batch: Batch<D>
): Promise<Result<number, Waits<D>>> {
	run.context.signal.throwIfAborted();
	const ends = await runGroup(run, { how, due });
	let waits: Waits<D> | null = null;
	for (const [at, { seq, operation }] of due.entries()) {
		const end = ends[at];
		if (end === undefined) break;
		const parsed = how.parse(operation);
		const held = end.ok ? null : toWaits(end.failure);
		if (held !== null) waits = held;
		else batch.add({ seq, operation: parsed, end });
	}
	run.progress.onSteps(ends.length);
	return waits === null ? ok(ends.length) : err(waits);
}

/** Does the steps in their order, until one fails in a way that may pass. */
async function runDue<D extends Domain>(
	run: Run<D>,
	due: readonly DueStep[],
	batch: Batch<D>
): Promise<Result<null, Waits<D> | StorageFailure>> {
	for (const group of toGroups(run.deps, due)) {
		for (let rest = group.due; rest.length > 0;) {
			const done = await runSome(run, { how: group.how, due: rest }, batch);
			if (!done.ok) return done;
			rest = rest.slice(done.value);
			// The next ones may need what these have changed in the library.
			const written = batch.write();
			if (!written.ok) return written;
		}
	}
	return ok(null);
}

async function runBatch<D extends Domain>(
	run: Run<D>,
	due: readonly DueStep[]
): Promise<Result<null, Waits<D> | StorageFailure>> {
	const batch = new Batch(run.deps, run.action);
	// What was done before a break is written down as well: a repeat need not look at it.
	const ran = await runDue(run, due, batch).catch((thrown: unknown) => {
		batch.write();
		throw thrown;
	});
	const written = batch.write();
	return ran.ok ? written : ran;
}

/** Has the index look at what was done so far. */
export async function tellTried<D extends Domain>(
	{ database, operationOf, afterAll }: StepDeps<D>,
	action: ActionId,
	signal: AbortSignal
): Promise<Result<null, StorageFailure>> {
	const tried = database.read(() => readTried(database, action));
	if (!tried.ok) return tried;
	const operations = tried.value.map((operation) => operationOf(operation).parse(operation));
	await afterAll(operations, signal);
	return ok(null);
}

async function runAll<D extends Domain>(
	deps: StepDeps<D>,
	action: ActionId,
	context: JobContext
): Promise<Result<JsonValue, Waits<D> | StorageFailure>> {
	const { database, clock } = deps;
	const before = database.read(() => countSteps(database, action));
	if (!before.ok) return before;
	const { waiting, begun, done, failed } = before.value;
	const progress = createProgress(context, done + failed, waiting + begun + done + failed);
	for (;;) {
		const due = database.write(() => beginSteps(database, action, begunMax));
		if (!due.ok) return due;
		if (due.value.length === 0) break;
		const ran = await runBatch({ deps, action, context, progress }, due.value);
		if (ran.ok) continue;
		// It may be long before it is tried again.
		await tellTried(deps, action, context.signal);
		return ran;
	}
	// A kill may have come after the last step: then this try has gone over nothing.
	const told = await tellTried(deps, action, context.signal);
	if (!told.ok) return told;
	return database.write(() => {
		const counts = countSteps(database, action);
		endAction(database, action, counts.failed > 0 ? 'halted' : 'done', clock.nowMs());
		return { done: counts.done, failed: counts.failed };
	});
}

/** The steps of a recorded action as a job: done in their order, each once, wherever a kill comes in between. */
export function createStepRunner<D extends Domain>(
	deps: StepDeps<D>,
	giveUp: (action: ActionId) => Promise<void>,
	onEnd: () => void
): Runner<Waits<D> | StorageFailure> {
	return defineRunner(
		inputSchema,
		async ({ action }, context) => {
			try {
				return await runAll(deps, actionId(action), context);
			} finally {
				onEnd();
			}
		},
		({ action }) => giveUp(actionId(action))
	);
}
