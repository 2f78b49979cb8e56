import * as v from 'valibot';
import { actionId, type ActionId } from '#core/kernel';
import { defineAction, type Action, type Operation } from './define.ts';
import type { Facts } from './facts.ts';
import type { Blocked, Domain, RecordedAction, WithUndo, UndoBlock } from './schema.ts';
import { readAction, readActions, readInverses, type Reading } from './store.ts';

export const undoName = 'actions.undo';

/** Actions looked at together: the one that is wanted is mostly the latest. */
const pageMax = 20;

const inputSchema = v.object({ action: v.pipe(v.number(), v.integer(), v.minValue(1)) });

type UndoDeps<D extends Domain> = {
	readonly reading: Reading<WithUndo<D>>;
	readonly operationOf: (operation: unknown) => Operation<D>;
};

/** The recorded action that a plan of `actions.undo` takes back; null for any other action. */
export function undoneAction(action: string, input: unknown): ActionId | null {
	if (action !== undoName) return null;
	const parsed = v.safeParse(inputSchema, input);
	return parsed.success ? actionId(parsed.output.action) : null;
}

/** Why nothing of an action can be taken back; null where its operations tell. */
function findBlock<D extends Domain>(known: RecordedAction<D> | null): UndoBlock | null {
	if (known === null) return { type: 'UndoImpossible' };
	if (known.state === 'running') return { type: 'UndoWhileRunning' };
	if (known.isUndoable) return null;
	return { type: known.undoneBy === null ? 'UndoImpossible' : 'AlreadyUndone' };
}

/**
 * Takes a recorded action back, the last step first. What it touched and somebody has changed since stays as it is,
 * and is told; the undoing is recorded like any action and can itself be undone.
 */
export function defineUndo<D extends Domain>({ reading, operationOf }: UndoDeps<D>): Action<WithUndo<D>> {
	const plan = (id: ActionId, facts: Facts) => {
		const known = readAction(reading, id);
		const undoneBy = known?.undoneBy ?? null;
		const block = findBlock(known);
		facts.note(`action/${id}`, block === null ? undoneBy : block.type);
		const operations: D['operation'][] = [];
		const blocked: Blocked<D>[] = [];
		const cost = { items: 0, sizeBytes: 0, estimateMs: null };
		if (block !== null) return { operations, blocked, warnings: [block], cost, asks: false };
		for (const plain of readInverses(reading.database, id, undoneBy)) {
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
	const prepare = async (id: ActionId, signal: AbortSignal) => {
		const inverses = reading.database.read(() => {
			const known = readAction(reading, id);
			return known === null ? [] : readInverses(reading.database, id, known.undoneBy);
		});
		if (!inverses.ok) return;
		for (const plain of inverses.value) await operationOf(plain).prepare(plain, signal);
	};
	return defineAction({
		name: undoName,
		input: inputSchema,
		prepare: ({ action }, signal) => prepare(actionId(action), signal),
		plan: ({ action }, facts) => plan(actionId(action), facts)
	});
}

/** Recorded actions, the latest first. */
function* latestActions<D extends Domain>(reading: Reading<D>): Generator<RecordedAction<D>> {
	for (let page = readActions(reading, null, pageMax); page.length > 0;) {
		yield* page;
		page = readActions(reading, page.at(-1)?.id ?? null, pageMax);
	}
}

/**
 * The action that an undo without a name means: the latest that was not taken back, also while it goes on. Where
 * `redo`: the latest undoing that stands, as long as nothing else was done since.
 */
export function readLatestUndoable<D extends Domain>(reading: Reading<D>, redo: boolean): ActionId | null {
	for (const { id, state, isUndoing, undoes, undoneBy, isUndoable } of latestActions(reading)) {
		if (redo && undoes === null) return null;
		// What an undoing has left undone is named by whoever wants to try it again.
		const isDue = undoneBy === null && (isUndoable || state === 'running');
		if (isDue && isUndoing === redo) return id;
	}
	return null;
}
