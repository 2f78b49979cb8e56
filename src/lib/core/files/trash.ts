import * as v from 'valibot';
import { entryId } from '#core/kernel';
import { defineAction, type Action, type Facts } from '#core/actions';
import { countLastCopies, readTrashed, readTrashedBefore, type PlanEntry } from '#core/index';
import { checkDelete, checkTrash } from './checks.ts';
import { createDraft } from './draft.ts';
import { freeName } from './free-name.ts';
import type { DeleteEntry, FilesDomain, TrashEntry } from './schema.ts';
import { entriesSchema, topmost } from './selection.ts';
import { createView, foreseeNames, seenOf, sizeOf, type ViewDeps } from './view.ts';

function trashOperation(entry: PlanEntry, names: Set<string>): TrashEntry {
	const as = freeName(entry.name, entry.kind === 'directory', (name) => names.has(name));
	const from = { folder: entry.parent ?? 0, name: entry.name };
	return { kind: 'trash-entry', entry: entry.id, seen: seenOf(entry), ...sizeOf(entry), from, as };
}

function planTrash(deps: ViewDeps, entries: readonly number[], facts: Facts) {
	const view = createView(deps, facts);
	const draft = createDraft((operation) => foreseeNames(view, operation));
	const names = new Set<string>();
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
	}
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

/** Removes for good what was put into the trash before a time: what the library does by itself. */
export function purgeAction(deps: ViewDeps): Action<FilesDomain> {
	return defineAction({
		name: 'files.purge',
		input: v.object({ beforeMs: v.number() }),
		plan: ({ beforeMs }, facts) => planDelete(deps, { entries: null, beforeMs }, facts)
	});
}
