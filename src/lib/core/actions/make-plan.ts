import { blake3 } from '@noble/hashes/blake3.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { planId, type PlanId } from '#core/kernel';
import type { Blake3, ComputePort } from '#core/ports';
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

/** Gives plans their ids: BLAKE3 in hexadecimal digits. */
export type PlanDigest = {
	/** Resolves once the quick hasher of the host is there; without it the same comes of slower code. */
	ready(): Promise<void>;
	of(text: string): string;
};

export function createPlanDigest(compute: ComputePort): PlanDigest {
	const encoder = new TextEncoder();
	let hasher: Blake3 | null = null;
	let loading: Promise<void> | null = null;
	return {
		ready: () => (loading ??= compute.blake3().then((made) => void (hasher = made))),
		of: (text) => {
			const bytes = encoder.encode(text);
			if (hasher === null) return bytesToHex(blake3(bytes));
			hasher.update(bytes);
			return bytesToHex(hasher.digest());
		}
	};
}

/** No two facts have one text, nor two lists of them. */
function factText({ subject, state }: Fact): string {
	const value = typeof state === 'string' ? `${state.length}"${state}` : `${state};`;
	return `${subject.length}:${subject}=${value}`;
}

/** What a person is told of operations whatever action they are of; where it says anything the plan asks. Only reads. */
export type Guard<D extends Domain> = (
	operations: readonly D['operation'][],
	action: string
) => readonly D['warning'][];

function guarded<D extends Domain>(draft: Draft<D>, guard: Guard<D>, action: string): Draft<D> {
	const told = guard(draft.operations, action);
	return told.length === 0 ? draft : { ...draft, warnings: [...draft.warnings, ...told], asks: true };
}

/** See `OperationLike`. */
function withoutTold(key: string, value: unknown): unknown {
	return key === 'told' ? undefined : value;
}

/** What an action would do now. Runs inside a transaction and only reads. */
export function makePlan<D extends Domain>(
	action: Action<D>,
	input: unknown,
	{ digest, guard }: { readonly digest: PlanDigest; readonly guard: Guard<D> }
): WholePlan<D> {
	const facts = createFacts();
	const draft = guarded(action.plan(input, facts), guard, action.name);
	const noted = facts.all();
	const { operations, blocked } = draft;
	// The order of keys is that of the code which made them, and the same each time.
	const told = [operations, blocked].map((list) => JSON.stringify(list, withoutTold));
	const body = `${JSON.stringify([action.name, input, ...told])}${noted.map(factText).join('')}`;
	return { id: planId(digest.of(body)), action: action.name, input, draft, facts: noted };
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
