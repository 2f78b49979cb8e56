import * as v from 'valibot';
import { invariant, type Failure, type Result } from '#core/kernel';
import type { Facts } from './facts.ts';
import type { Blocked, Domain, Draft, OperationLike, StepFailure } from './schema.ts';

/** An action: what is asked for, and what that comes to. */
export type Action<D extends Domain> = {
	readonly name: string;
	/** What the input is after its schema; or the path of what is wrong in it. */
	readonly parse: (input: unknown) => { readonly input: unknown } | { readonly wrong: string };
	/** Looks at what takes time, or what only the host can tell, right before each `plan`, which goes by what it saw. */
	readonly prepare: (input: unknown, signal: AbortSignal) => Promise<void>;
	/** What would be done. Only reads; whatever it looks at it notes in `facts`. Runs inside a transaction. */
	readonly plan: (input: unknown, facts: Facts) => Draft<D>;
};

/** An action whose plan is given only what `input` lets through. */
export function defineAction<const S extends v.GenericSchema, D extends Domain>(action: {
	readonly name: string;
	readonly input: S;
	readonly prepare?: (input: v.InferOutput<S>, signal: AbortSignal) => Promise<void>;
	readonly plan: (input: v.InferOutput<S>, facts: Facts) => Draft<D>;
}): Action<D> {
	const { name, input: schema, prepare, plan } = action;
	return {
		name,
		parse: (input) => {
			const parsed = v.safeParse(schema, input);
			return parsed.success ? { input: parsed.output } : { wrong: v.getDotPath(parsed.issues[0]) ?? '' };
		},
		prepare: async (input, signal) => {
			const parsed = v.safeParse(schema, input);
			if (parsed.success) await prepare?.(parsed.output, signal);
		},
		plan: (input, facts) => {
			const parsed = v.safeParse(schema, input);
			invariant(parsed.success, 'the input of an action was parsed');
			return plan(parsed.output, facts);
		}
	};
}

/** One of the steps that are to be done, as a job goes over it. */
export type DueOperation<O> = {
	readonly operation: O;
	/** Names this step and no other, in any library: digits, small letters and dashes. */
	readonly step: string;
	/** It was begun before and cut off: what it left may be there. */
	readonly isRepeat: boolean;
};

/** What steps that move bytes are lent. */
export type StepContext = {
	/** Bytes that were dealt with since the last call. */
	readonly onBytes: (bytes: number) => void;
	/**
	 * Aborts when the job is paused or cancelled; to be left by answering what is done, or by throwing its reason, in a
	 * state that a repeat finishes. What was done and is not answered cannot be undone if there is no repeat.
	 */
	readonly signal: AbortSignal;
};

/** What a step has done. */
export type StepDone<O extends OperationLike> = {
	/**
	 * Writes what the library knows by now, inside the transaction that marks the step as done; answers the operation
	 * that takes it back, null where nothing does.
	 */
	readonly write: () => O | null;
};

type Size = { readonly items: number; readonly sizeBytes: number };

/** Done inside a transaction; answers what takes it back, null where it changed nothing. */
type RowsWork<T, O extends OperationLike> = { readonly is: 'rows'; readonly apply: (operation: T) => O | null };
type StepWork<T, O extends OperationLike, F extends StepFailure> = {
	readonly is: 'step';
	/**
	 * Does steps that follow one another, the first of them at least, and answers for each in their order; it is called
	 * again for the others, once these are written down. Once the signal has aborted it answers what was done.
	 */
	readonly run: (due: readonly DueOperation<T>[], context: StepContext) => Promise<readonly Result<StepDone<O>, F>[]>;
	/**
	 * For a step that was begun, is not answered for and that nobody will go on with: brings it to its end where only
	 * little is left to do, else takes away what there is of it and answers null. Without it the step is done.
	 */
	readonly giveUp?: ((due: DueOperation<T>, signal: AbortSignal) => Promise<Result<StepDone<O> | null, F>>) | undefined;
};

/** An operation about many things, some of which have changed since: those are blocked, the others due. */
export type Parted<D extends Domain> = {
	readonly due: D['operation'] | null;
	readonly blocked: readonly Blocked<D>[];
};

/** How operations of one kind are checked and done. */
export type Operation<D extends Domain> = {
	readonly parse: (operation: unknown) => D['operation'];
	/** As of an action, where an undoing is about to plan it. */
	readonly prepare: (operation: unknown, signal: AbortSignal) => Promise<void>;
	/** Why it cannot be done as things stand, null where it can; what was looked at is noted in `facts`. Only reads. */
	readonly check: (operation: unknown, facts: Facts) => D['block'] | null;
	/** What of it can be done as things stand, and what of it cannot. Only reads. */
	readonly part: (operation: unknown, facts: Facts) => Parted<D>;
	/** Says what it makes of what is checked after it. */
	readonly foresee: (operation: unknown, facts: Facts) => void;
	/** What it comes to. */
	readonly measure: (operation: unknown) => Size;
	readonly work: RowsWork<unknown, D['operation']> | StepWork<unknown, D['operation'], D['failure']>;
};

type Given<T, B extends Failure> = {
	readonly prepare?: (operation: T, signal: AbortSignal) => Promise<void>;
	readonly check: (operation: T, facts: Facts) => B | null;
	readonly measure: (operation: T) => Size;
	/** For what is about many things: which of them are as it takes them to be. Called where `check` has nothing against it. */
	readonly part?: (
		operation: T,
		facts: Facts
	) => { readonly due: T | null; readonly blocked: readonly PartBlocked<T, B>[] };
	readonly foresee?: (operation: T, facts: Facts) => void;
};

type PartBlocked<T, B extends Failure> = { readonly operation: T; readonly why: B };

function guard<const S extends v.GenericSchema<unknown, OperationLike>, B extends Failure>(
	schema: S,
	{ prepare, check, measure, part, foresee }: Given<v.InferOutput<S>, B>
) {
	const parse = (operation: unknown): v.InferOutput<S> => {
		const parsed = v.safeParse(schema, operation);
		// Written by this program alone.
		invariant(parsed.success, 'an operation is of its kind');
		return parsed.output;
	};
	return {
		parse,
		prepare: async (operation: unknown, signal: AbortSignal) => prepare?.(parse(operation), signal),
		check: (operation: unknown, facts: Facts) => check(parse(operation), facts),
		part: (plain: unknown, facts: Facts) => {
			const operation = parse(plain);
			const why = check(operation, facts);
			if (why !== null) return { due: null, blocked: [{ operation, why }] };
			return part === undefined ? { due: operation, blocked: [] } : part(operation, facts);
		},
		foresee: (operation: unknown, facts: Facts) => foresee?.(parse(operation), facts),
		measure: (operation: unknown) => measure(parse(operation))
	};
}

/** An operation that changes rows of the library and nothing else: it is done with the commit. */
export function defineRows<
	const S extends v.GenericSchema<unknown, OperationLike>,
	O extends OperationLike,
	B extends Failure
>(
	schema: S,
	given: Given<v.InferOutput<S>, B> & { readonly apply: (operation: v.InferOutput<S>) => O | null }
): Operation<{ operation: v.InferOutput<S> | O; block: B; warning: never; failure: never }> {
	const guarded = guard(schema, given);
	return { ...guarded, work: { is: 'rows', apply: (operation) => given.apply(guarded.parse(operation)) } };
}

/**
 * An operation that moves bytes: a job does it, and again from wherever a kill has left it. A failure that trying again
 * can help stops the job, which tries again; any other ends this step alone.
 */
export function defineStep<
	const S extends v.GenericSchema<unknown, OperationLike>,
	O extends OperationLike,
	B extends Failure,
	F extends StepFailure
>(
	schema: S,
	given: Given<v.InferOutput<S>, B> & Pick<StepWork<v.InferOutput<S>, O, F>, 'run' | 'giveUp'>
): Operation<{ operation: v.InferOutput<S> | O; block: B; warning: never; failure: F }> {
	const guarded = guard(schema, given);
	const { run, giveUp } = given;
	const parsed = (due: DueOperation<unknown>) => ({ ...due, operation: guarded.parse(due.operation) });
	return {
		...guarded,
		work: {
			is: 'step',
			run: (due, context) => run(due.map(parsed), context),
			giveUp: giveUp === undefined ? undefined : (due, signal) => giveUp(parsed(due), signal)
		}
	};
}
