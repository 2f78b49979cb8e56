import * as v from 'valibot';
import { invariant, type Failure, type Result } from '#core/kernel';
import type { JsonValue } from '#core/schema';
import type { JobWarning } from './schema.ts';

/** What a runner is lent for one try. */
export type JobContext = {
	/** Aborts when the job is paused or cancelled or the library closes; to be left by throwing its reason. */
	readonly signal: AbortSignal;
	/** The items that earlier tries have told. */
	readonly done: number;
	readonly doneBytes: number;
	/** What `writeCheckpoint` was last given; null at the first try. */
	readonly checkpoint: JsonValue;
	/** All items done, those of earlier tries included; `total` is null while nobody knows. `bytes` where they count. */
	progress(done: number, total: number | null, bytes?: { readonly done: number; readonly total: number | null }): void;
	/** Notes an item that was left out. The first hundred are kept, all are counted. */
	warn(warning: JobWarning): void;
	/** Inside the transaction that writes what was done: where the next try begins after a kill. */
	writeCheckpoint(value: JsonValue): void;
};

/** How jobs of one kind are done. */
export type Runner<F extends Failure> = {
	/** Whether `input` is one that `run` takes. */
	readonly takes: (input: unknown) => boolean;
	readonly run: (input: unknown, context: JobContext) => Promise<Result<JsonValue, F>>;
	/** Called once a job was cancelled and no try of it goes on: brings what was begun to an end. */
	readonly giveUp: ((input: unknown) => Promise<void>) | null;
};

/** A runner that is given only what `schema` lets through; its input is written by this program alone, so else is a defect. */
export function defineRunner<const S extends v.GenericSchema, F extends Failure>(
	schema: S,
	run: (input: v.InferOutput<S>, context: JobContext) => Promise<Result<JsonValue, F>>,
	giveUp: ((input: v.InferOutput<S>) => Promise<void>) | null = null
): Runner<F> {
	const parse = (input: unknown): v.InferOutput<S> => {
		const parsed = v.safeParse(schema, input);
		invariant(parsed.success, 'the input of a job is of its kind');
		return parsed.output;
	};
	return {
		takes: (input) => v.safeParse(schema, input).success,
		run: async (input, context) => run(parse(input), context),
		giveUp: giveUp === null ? null : async (input) => giveUp(parse(input))
	};
}
