import type { ActionId, Failure, JobId, PlanId } from '#core/kernel';
import type { JobState } from '#core/jobs';
import type { StorageFailure } from '#core/schema';

/**
 * One thing that is done: plain JSON, told apart by `kind`. What is done is exactly what was shown. What it has under
 * `told` is there to be shown alone, such as counts that go on changing: another plan is not stale by it.
 */
export type OperationLike = { readonly kind: string };

/** Why a step was not done; where trying again can help its job tries again, else the other steps go on. */
export type StepFailure = Failure & { readonly retry?: 'never' | 'soon' | 'when-online' };

/** A step could not be done, and trying again may help: the others wait with it. */
export type ActionWaits<F extends StepFailure> = {
	readonly type: 'ActionWaits';
	readonly retry: 'soon' | 'when-online';
	readonly cause: F;
};

/** What the actions of some rooms are made of: their operations, and all that can be said against one. */
export type Domain = {
	readonly operation: OperationLike;
	/** Why an operation is not even begun. */
	readonly block: Failure;
	/** What a person should know of a plan. */
	readonly warning: Failure;
	readonly failure: StepFailure;
};

/** An operation that cannot be done, and why; the others can. */
export type Blocked<D extends Domain> = { readonly operation: D['operation']; readonly why: D['block'] };

/** What the operations of a plan come to. */
export type Cost = {
	/** Entries, assignments or whatever the action is about, with everything below them. */
	readonly items: number;
	/** Bytes that are written, or that go where something is removed. */
	readonly sizeBytes: number;
	/** How long it takes, as far as that can be told. */
	readonly estimateMs: number | null;
};

/** What an action means to do, as its room says it. */
export type Draft<D extends Domain> = {
	readonly operations: readonly D['operation'][];
	readonly blocked: readonly Blocked<D>[];
	readonly warnings: readonly D['warning'][];
	readonly cost: Cost;
	/** Whether nobody does this without having seen the plan: what cannot be undone, or is more than a person overlooks. */
	readonly asks: boolean;
};

/** What an action will do, computed from the index alone; nothing is touched. */
export type Plan<D extends Domain> = {
	/** Made from all that was looked at and all that is to be done. */
	readonly id: PlanId;
	readonly action: string;
	/** The first operations; `counts` has how many there are. */
	readonly operations: readonly D['operation'][];
	readonly blocked: readonly Blocked<D>[];
	readonly counts: { readonly operations: number; readonly blocked: number };
	readonly warnings: readonly D['warning'][];
	readonly cost: Cost;
	readonly asks: boolean;
};

export type PlanFailure =
	| { readonly type: 'ActionUnknown'; readonly action: string }
	/** `field` is the path of the part of the input that is wrong, empty for all of it. */
	| { readonly type: 'ActionInputInvalid'; readonly action: string; readonly field: string }
	| StorageFailure;

export type CommitFailure<D extends Domain> =
	| PlanFailure
	/** The world is no longer as it was seen; `plan` is the one that holds now, `changed` what differs. */
	| { readonly type: 'PlanStale'; readonly plan: Plan<D>; readonly changed: readonly string[] }
	/** It is not to be done unseen: it asks, or a part of it cannot be done. */
	| { readonly type: 'PlanUnseen'; readonly plan: Plan<D> }
	/** Nothing of it can be done. */
	| { readonly type: 'PlanEmpty'; readonly plan: Plan<D> };

/**
 * `running`: its job has not come to the end. `done`: all was done. `halted`: it was broken off, or some of it could not
 * be done; `RecordedAction.failed` has how much.
 */
export type ActionState = 'running' | 'done' | 'halted';

/** An action as the history tells of it. */
export type RecordedAction<D extends Domain> = {
	readonly id: ActionId;
	readonly action: string;
	/** Whether it takes something back; to take that back again is to do it once more. */
	readonly isUndoing: boolean;
	/** The first of what it does; null once it is too old to be undone. */
	readonly first: D['operation'] | null;
	readonly state: ActionState;
	readonly atMs: number;
	readonly endedMs: number | null;
	readonly items: number;
	readonly sizeBytes: number;
	/** The action that this one undoes. */
	readonly undoes: ActionId | null;
	/** The latest action that undid this one, or what an earlier one had left of it. */
	readonly undoneBy: ActionId | null;
	/** Whether any of it can be undone, as far as the library knows: all, or what an undoing did not come to. */
	readonly isUndoable: boolean;
	/** Operations that could not be done. */
	readonly failed: number;
	readonly operations: number;
	/** Operations that were done, whether or not anything of them is left. */
	readonly done: number;
	/** What does it, while it is not at its end. */
	readonly job: { readonly id: JobId; readonly state: JobState } | null;
};

export type StepState = 'waiting' | 'begun' | 'done' | 'failed';

/** One operation of a recorded action. */
export type RecordedStep<D extends Domain> = {
	readonly operation: D['operation'];
	readonly state: StepState;
	readonly failure: D['failure'] | null;
};

export type HistoryFailure = { readonly type: 'ActionMissing'; readonly action: ActionId };

/** Why an action cannot be undone, beside what its operations say. */
export type UndoBlock =
	/** It goes on, or was broken off and waits to go on. */
	| { readonly type: 'UndoWhileRunning' }
	| { readonly type: 'AlreadyUndone' }
	/** Nothing of it is left that could be undone. */
	| { readonly type: 'UndoImpossible' };

/** What an undoing is made of: the same, and a reason why there is nothing to take back. */
export type WithUndo<D extends Domain> = Omit<D, 'warning'> & { readonly warning: D['warning'] | UndoBlock };
