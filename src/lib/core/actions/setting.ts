import type { Facts } from './facts.ts';
import type { Domain, Draft } from './schema.ts';

/** It has been set to something else since: to take an older change back would undo that. */
export type ChangedSince = { readonly type: 'ChangedSince' };

/** Whether a value is still what a change of it begins from. */
export function checkUnchanged(facts: Facts, subject: string, now: unknown, from: unknown): ChangedSince | null {
	const text = JSON.stringify(now);
	facts.note(subject, text);
	return text === JSON.stringify(from) ? null : { type: 'ChangedSince' };
}

type Said<D extends Domain> = {
	readonly why: D['block'] | null;
	/** There is nothing to change. */
	readonly isSame?: boolean;
	readonly warnings?: readonly D['warning'][];
	readonly items?: number;
	readonly asks?: boolean;
};

/** The draft of one operation. */
export function draftOne<D extends Domain>(
	operation: D['operation'],
	{ why, isSame = false, warnings = [], items = 1, asks = false }: Said<D>
): Draft<D> {
	const operations = why === null && !isSame ? [operation] : [];
	return {
		operations,
		blocked: why === null ? [] : [{ operation, why }],
		warnings: operations.length === 0 ? [] : warnings,
		cost: { items: operations.length === 0 ? 0 : items, sizeBytes: 0, estimateMs: null },
		asks: asks && operations.length > 0
	};
}

export const measureOne = (): { readonly items: number; readonly sizeBytes: number } => ({ items: 1, sizeBytes: 0 });
