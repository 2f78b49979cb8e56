import * as v from 'valibot';
import { actionId, type ActionId } from '#core/kernel';
import type { Database } from '#core/schema';
import { defineAction, type Action, type Operation } from './define.ts';
import type { Facts } from './facts.ts';
import type { Blocked, Domain, WithUndo, UndoBlock } from './schema.ts';
import { readAction, readInverses, readNotUndone } from './store.ts';

export const undoName = 'actions.undo';

const inputSchema = v.object({ action: v.pipe(v.number(), v.integer(), v.minValue(1)) });

type UndoDeps<D extends Domain> = {
	readonly database: Database;
	readonly operationOf: (operation: unknown) => Operation<D>;
};

/** The recorded action that a plan of `actions.undo` takes back; null for any other action. */
export function undoneAction(action: string, input: unknown): ActionId | null {
	if (action !== undoName) return null;
	const parsed = v.safeParse(inputSchema, input);
	return parsed.success ? actionId(parsed.output.action) : null;
}

/** Why nothing of an action can be taken back; null where its operations tell. */
function findBlock(database: Database, id: ActionId): UndoBlock | null {
	const known = readAction(database, id);
	if (known === null) return { type: 'UndoImpossible' };
	if (known.state === 'running') return { type: 'UndoWhileRunning' };
	if (known.undoneBy !== null) return { type: 'AlreadyUndone' };
	return known.isUndoable ? null : { type: 'UndoImpossible' };
}

/**
 * Takes a recorded action back, the last step first. What it touched and somebody has changed since stays as it is,
 * and is told; the undoing is recorded like any action and can itself be undone.
 */
export function defineUndo<D extends Domain>({ database, operationOf }: UndoDeps<D>): Action<WithUndo<D>> {
	const plan = (id: ActionId, facts: Facts) => {
		const block = findBlock(database, id);
		facts.note(`action/${id}`, block === null ? null : block.type);
		const operations: D['operation'][] = [];
		const blocked: Blocked<D>[] = [];
		const cost = { items: 0, sizeBytes: 0, estimateMs: null };
		if (block !== null) return { operations, blocked, warnings: [block], cost, asks: false };
		for (const plain of readInverses(database, id)) {
			const { part, foresee, measure } = operationOf(plain);
			const { due, blocked: left } = part(plain, facts);
			blocked.push(...left);
			if (due === null) continue;
			operations.push(due);
			foresee(due, facts);
			const { items, sizeBytes } = measure(due);
			cost.items += items;
			cost.sizeBytes += sizeBytes;
		}
		return { operations, blocked, warnings: [], cost, asks: false };
	};
	return defineAction({
		name: undoName,
		input: inputSchema,
		plan: ({ action }, facts) => plan(actionId(action), facts)
	});
}

/** The action that an undo without a name means: the latest that can be taken back; of undoings, where `redo`. */
export function readLatestUndoable(database: Database, redo: boolean): ActionId | null {
	const isUndoable = (id: ActionId) => readAction(database, id)?.isUndoable === true;
	return readNotUndone(database, redo).find(isUndoable) ?? null;
}
