import { blake3 } from '@noble/hashes/blake3.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { planId, type PlanId } from '#core/kernel';
import { createFacts, type Fact } from './facts.ts';
import type { Action } from './define.ts';
import type { Domain, Draft, Plan } from './schema.ts';

/** Operations that a plan shows; whoever reads more of them asks for more. */
export const shownMax = 500;

/** A plan with all that it was made from. */
export type WholePlan<D extends Domain> = {
	readonly id: PlanId;
	readonly action: string;
	readonly input: unknown;
	readonly draft: Draft<D>;
	readonly facts: readonly Fact[];
};

/** What a person is told of operations whatever action they are of; where it says anything the plan asks. Only reads. */
export type Guard<D extends Domain> = (operations: readonly D['operation'][]) => readonly D['warning'][];

function guarded<D extends Domain>(draft: Draft<D>, guard: Guard<D>): Draft<D> {
	const told = guard(draft.operations);
	return told.length === 0 ? draft : { ...draft, warnings: [...draft.warnings, ...told], asks: true };
}

/** See `OperationLike`. */
function withoutTold(key: string, value: unknown): unknown {
	return key === 'told' ? undefined : value;
}

/** What an action would do now. Runs inside a transaction and only reads. */
export function makePlan<D extends Domain>(action: Action<D>, input: unknown, guard: Guard<D>): WholePlan<D> {
	const facts = createFacts();
	const draft = guarded(action.plan(input, facts), guard);
	const noted = facts.all();
	const { operations, blocked } = draft;
	// The order of keys is that of the code which made them, and the same each time.
	const body = JSON.stringify([
		action.name,
		input,
		...[operations, blocked].map((list) => JSON.stringify(list, withoutTold)),
		noted.map(({ subject, state }) => [subject, state])
	]);
	return { id: planId(bytesToHex(blake3(utf8ToBytes(body)))), action: action.name, input, draft, facts: noted };
}

/** What of a plan goes to whoever decides. */
export function toPlan<D extends Domain>({ id, action, draft }: WholePlan<D>): Plan<D> {
	const { operations, blocked, warnings, cost, asks } = draft;
	return {
		id,
		action,
		operations: operations.slice(0, shownMax),
		blocked: blocked.slice(0, shownMax),
		counts: { operations: operations.length, blocked: blocked.length },
		warnings,
		cost,
		asks
	};
}
