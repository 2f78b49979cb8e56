import * as v from 'valibot';
import { entryId, type LocationId } from '#core/kernel';
import { defineAction, type Action, type Facts } from '#core/actions';
import { countLastCopies, readTrashed, readTrashedBefore, type PlanEntry } from '#core/index';
import { checkDelete, checkTrash } from './checks.ts';
import { createDraft, unseenItemsMax, type DraftBuilder } from './draft.ts';
import { freeName } from './free-name.ts';
import type { DeleteEntry, FilesDomain, TrashEntry } from './schema.ts';
import { entriesSchema, topmost } from './selection.ts';
import { createView, foreseeNames, seenOf, sizeOf, type View, type ViewDeps } from './view.ts';

/** So much of a location is never removed unseen. */
const percentMax = 10;

/** Says when more is removed than a person overlooks. */
export function guard(view: View, draft: DraftBuilder, removed: ReadonlyMap<LocationId, number>): void {
	for (const [id, items] of removed) {
		const location = view.location(id);
		const all = location === null ? 0 : view.count(location.entry);
		const percent = all === 0 ? 0 : Math.round((items / all) * 100);
		// One file out of three is no mass deletion.
		if (items > unseenItemsMax || (percent > percentMax && items > 1))
			draft.warn({ type: 'ManyItems', items, percent });
	}
}

function trashOperation(entry: PlanEntry, names: Set<string>): TrashEntry {
	const as = freeName(entry.name, entry.kind === 'directory', (name) => names.has(name));
	const from = { folder: entry.parent ?? 0, name: entry.name };
	return { kind: 'trash-entry', entry: entry.id, seen: seenOf(entry), ...sizeOf(entry), from, as };
}

function planTrash(deps: ViewDeps, entries: readonly number[], facts: Facts) {
	const view = createView(deps, facts);
	const draft = createDraft((operation) => foreseeNames(view, operation));
	const names = new Set<string>();
	const removed = new Map<LocationId, number>();
	for (const id of topmost(deps.database, view, entries)) {
		const entry = view.entry(id);
		if (entry === null) continue;
		const operation = trashOperation(entry, names);
		const why = checkTrash({ database: deps.database, view }, operation);
		if (why !== null) {
			draft.block(operation, why);
			continue;
		}
		names.add(operation.as);
		draft.add(operation, operation);
		if (entry.location !== null) removed.set(entry.location, (removed.get(entry.location) ?? 0) + operation.items);
	}
	guard(view, draft, removed);
	return draft.finish(null);
}

/** Puts entries into the trash of their location, from where they can be taken back. */
export function trashAction(deps: ViewDeps): Action<FilesDomain> {
	return defineAction({
		name: 'files.trash',
		input: v.object({ entries: entriesSchema }),
		plan: ({ entries }, facts) => planTrash(deps, entries, facts)
	});
}

const deleteSchema = v.object({
	/** Null for all that lies in the trash. */
	entries: v.nullable(entriesSchema),
	/** Only what was put there before. */
	beforeMs: v.optional(v.nullable(v.number()), null)
});

function planDelete(deps: ViewDeps, { entries, beforeMs }: v.InferOutput<typeof deleteSchema>, facts: Facts) {
	const { database } = deps;
	const view = createView(deps, facts);
	const draft = createDraft((operation) => foreseeNames(view, operation));
	const wanted = entries === null ? readTrashedBefore(database, beforeMs) : [...new Set(entries)].map(entryId);
	view.load(wanted);
	for (const id of wanted) {
		const [trashed, entry] = [readTrashed(database, id), view.entry(id)];
		if (trashed === null || entry === null) continue;
		const { files, folders, sizeBytes } = trashed.usage;
		const size = { items: files + folders + (entry.kind === 'directory' ? 1 : 0), sizeBytes };
		const operation: DeleteEntry = {
			kind: 'delete-entry',
			entry: id,
			seen: seenOf(entry),
			...size,
			name: trashed.originalName
		};
		const why = checkDelete({ database, view }, operation);
		if (why === null) draft.add(operation, size);
		else draft.block(operation, why);
	}
	if (draft.items() > 0) {
		draft.warn({ type: 'ForEver' });
		const last = countLastCopies(database, wanted);
		if (last.files > 0) draft.warn({ type: 'LastCopies', ...last });
	}
	draft.ask();
	return draft.finish(null);
}

/** Removes what lies in the trash for good. */
export function deleteAction(deps: ViewDeps): Action<FilesDomain> {
	return defineAction({
		name: 'files.delete',
		input: deleteSchema,
		plan: (input, facts) => planDelete(deps, input, facts)
	});
}
