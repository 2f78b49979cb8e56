import { type ActionId, type PlanId } from '#core/kernel';
import type { ActionRequest } from '#core/actions';
import { readTrash } from '#core/index';
import type { CoreContext, Joined } from './joined.ts';

/** Recorded actions answered at once. */
const historyMax = 200;

export function actionCommands({ host, opened }: Joined) {
	/** The open library, in which the action has looked at what its plan goes by. */
	const looked = async (request: ActionRequest, signal: AbortSignal) => {
		const rooms = opened();
		if (!rooms.ok) return rooms;
		await rooms.value.actions.ready();
		await rooms.value.actions.prepare(request, signal);
		return opened();
	};
	return {
		/** What an action would do, by the index alone. */
		'actions.preview': async (request: ActionRequest, { signal }: CoreContext) => {
			const rooms = await looked(request, signal);
			return rooms.ok ? rooms.value.actions.preview(request) : rooms;
		},
		/** More operations of a plan than it shows. */
		'actions.operations': async (
			{ from, ...request }: ActionRequest & { readonly from: number },
			{ signal }: CoreContext
		) => {
			const rooms = await looked(request, signal);
			return rooms.ok ? rooms.value.actions.operations(request, from) : rooms;
		},
		/**
		 * Does what was seen; `plan` null where it need not be seen. What moves bytes goes on as a job: see `actions.end`.
		 * What follows from another setting is done when this answers.
		 */
		'actions.commit': async (
			request: ActionRequest & { readonly plan: PlanId | null },
			{ command, signal }: CoreContext
		) => {
			const rooms = await looked(request, signal);
			if (!rooms.ok) return rooms;
			const before = rooms.value.settled();
			const done = rooms.value.actions.commit(request, { command, atMs: host.clock.nowMs() });
			const after = rooms.value.settled();
			if (after !== before) await after;
			return done;
		},
		/** Answers when the action has ended, or its job stands still. */
		'actions.end': async ({ action }: { readonly action: ActionId }, { signal }: CoreContext) => {
			const rooms = opened();
			return rooms.ok ? rooms.value.actions.end(action, signal) : rooms;
		},
		'actions.history': async ({ before }: { readonly before: ActionId | null }, _context: CoreContext) => {
			const rooms = opened();
			return rooms.ok ? rooms.value.actions.history(before, historyMax) : rooms;
		},
		'actions.steps': async (
			{ action, from }: { readonly action: ActionId; readonly from: number },
			_context: CoreContext
		) => {
			const rooms = opened();
			return rooms.ok ? rooms.value.actions.steps(action, from) : rooms;
		},
		/** What lies in the trash, the latest first. */
		'files.trash-list': async (page: { readonly offset: number; readonly limit: number }, _context: CoreContext) => {
			const rooms = opened();
			if (!rooms.ok) return rooms;
			const { database } = rooms.value;
			return database.read(() => readTrash(database, page));
		},
		/** The action that an undo means now; of undoings, where `redo`. */
		'actions.latest': async ({ redo }: { readonly redo: boolean }, _context: CoreContext) => {
			const rooms = opened();
			return rooms.ok ? rooms.value.actions.latestUndoable(redo) : rooms;
		}
	};
}
