/**
 * actions: the one way to change anything — plan, look, commit, undo.
 *
 * Owns the tables of actions and of their steps. Guarantees: a plan is made from the index alone and touches nothing;
 * what is committed is what was seen, or it is refused with the plan that holds now; what is done to rows is one
 * transaction with the record of it; what moves bytes is done by a job, step by step, each step marked as begun before
 * it is and as done together with what the library knows of it, so that a kill at any instant is gone on from; an
 * undoing is an action of its own and leaves alone what has changed since.
 *
 * Every plan passes the guard that `core.ts` lends, also that of an undoing: what takes away more than a person overlooks
 * asks, whatever action it is of.
 *
 * A room brings a table of operations (`defineRows`, `defineStep`) and its actions (`defineAction`), which `core.ts`
 * joins. An action only plans: what its operations do they do alike for everybody, also when they take another back.
 */
export { createActions, type Actions, type ActionsDeps } from './actions.ts';
export type { OperationTable } from './catalog.ts';
export type { ActionQueue, ActionRequest } from './commit.ts';
export { operationFinder } from './catalog.ts';
export { defineAction, defineRows, defineStep } from './define.ts';
export type { Action, DueOperation, Operation, StepContext, StepDone } from './define.ts';
export { createFacts, type Facts } from './facts.ts';
export { createGivingUp, type GivingUp } from './give-up.ts';
export { readUnderWay } from './store.ts';
export { checkUnchanged, draftOne, measureOne, type ChangedSince } from './setting.ts';
export { isStepName } from './step-name.ts';
export { createStepRunner, type StepDeps } from './run-steps.ts';
export type {
	ActionState,
	ActionWaits,
	Blocked,
	CommitFailure,
	Cost,
	Domain,
	Draft,
	HistoryFailure,
	OperationLike,
	Plan,
	PlanFailure,
	RecordedAction,
	RecordedStep,
	StepFailure,
	StepState,
	UndoBlock,
	WithUndo
} from './schema.ts';
