import * as v from 'valibot';
import { entryId, type EntryId } from '#core/kernel';
import { defineAction, type Action, type Facts } from '#core/actions';
import { readTrashed, readTrashedAbove, readTrashedBefore, type PlanEntry, type Trashed } from '#core/index';
import { checkRestore, checkTrash } from './checks.ts';
import { createDraft, type DraftBuilder } from './draft.ts';
import { freeName } from './free-name.ts';
import {
	conflictPolicies,
	type ConflictPolicy,
	type EntryPlace,
	type FilesDomain,
	type RestoreEntry,
	type TrashEntry
} from './schema.ts';
import { entriesSchema } from './selection.ts';
import { createView, foreseeNames, isInside, seenOf, sizeOf, type View, type ViewDeps } from './view.ts';

const inputSchema = v.object({
	/** Null for all that lies in the trash. */
	entries: v.nullable(entriesSchema),
	/** Where to, in place of where each was. */
	folder: v.optional(v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1))), null),
	conflicts: v.optional(v.picklist(conflictPolicies), 'ask')
});

type Found = { readonly entry: PlanEntry; readonly trashed: Trashed };

type Plan = {
	readonly deps: ViewDeps;
	readonly view: View;
	readonly draft: DraftBuilder;
	readonly conflicts: ConflictPolicy;
	/** What this plan takes out of the trash, and the folders that it comes into. */
	readonly coming: Set<EntryId>;
	readonly targets: Set<EntryId>;
	/** Folders that give way. */
	readonly replaced: Set<EntryId>;
};

/** What is to be restored; what lay in a folder that is restored as well comes after it. */
function inOrder({ database }: ViewDeps, found: readonly Found[], isElsewhere: boolean): Found[] {
	if (isElsewhere) return [...found];
	const byEntry = new Map(found.map((one) => [one.entry.id, one]));
	const above = new Map<EntryId, EntryId | null>();
	const ordered = new Set<Found>();
	const visit = (one: Found, waiting: readonly Found[]): void => {
		const { folder } = one.trashed;
		const holder = above.get(folder) ?? readTrashedAbove(database, folder);
		above.set(folder, holder);
		const first = holder === null ? undefined : byEntry.get(holder);
		if (first !== undefined && !ordered.has(first) && !waiting.includes(first)) visit(first, [...waiting, one]);
		ordered.add(one);
	};
	for (const one of found) visit(one, []);
	return [...ordered];
}

/** Puts what has the name into the trash; null where it cannot go, or something of this plan is to come into it. */
function replacing(plan: Plan, taken: PlanEntry, place: EntryPlace): TrashEntry | null {
	const { deps, view, targets } = plan;
	if (plan.coming.has(taken.id) || [...targets].some((folder) => isInside(deps.database, folder, taken.id)))
		return null;
	const operation: TrashEntry = {
		kind: 'trash-entry',
		entry: taken.id,
		seen: seenOf(taken),
		...sizeOf(taken),
		from: place,
		as: `${taken.id}`
	};
	return checkTrash({ database: deps.database, view }, operation) === null ? operation : null;
}

function add({ draft, coming, targets }: Plan, operation: RestoreEntry): void {
	coming.add(entryId(operation.entry));
	targets.add(entryId(operation.to.folder));
	draft.add(operation, { items: operation.items, sizeBytes: 0 });
}

/** What is done where the name is taken, as the person has chosen. */
function settleConflict(plan: Plan, { entry }: Found, operation: RestoreEntry, takenBy: EntryId): void {
	const { view, conflicts, draft } = plan;
	const { to } = operation;
	if (conflicts === 'keep-both') {
		const isTaken = (name: string) => view.named({ ...to, name }) !== null;
		return add(plan, { ...operation, to: { ...to, name: freeName(to.name, entry.kind === 'directory', isTaken) } });
	}
	const why = { type: 'NameInUse', name: to.name, entry: takenBy } as const;
	const taken = view.entry(takenBy);
	const isOlder = taken !== null && (entry.modifiedMs ?? 0) > (taken.modifiedMs ?? 0);
	const gives = conflicts === 'replace' || (conflicts === 'newer' && isOlder);
	const trashing = gives && taken !== null ? replacing(plan, taken, to) : null;
	if (trashing === null) return draft.block(operation, why);
	draft.add(trashing, { items: trashing.items, sizeBytes: 0 });
	draft.ask();
	plan.replaced.add(entryId(trashing.entry));
	add(plan, operation);
}

function planOne(plan: Plan, found: Found, into: number | null): void {
	const { deps, view, draft, replaced } = plan;
	const { entry, trashed } = found;
	const { files, folders, sizeBytes } = trashed.usage;
	const items = files + folders + (entry.kind === 'directory' ? 1 : 0);
	const to = { folder: into ?? trashed.folder, name: trashed.originalName };
	const operation: RestoreEntry = { kind: 'restore-entry', entry: entry.id, seen: seenOf(entry), items, sizeBytes, to };
	if ([...replaced].some((folder) => isInside(deps.database, entryId(to.folder), folder)))
		return draft.block(operation, { type: 'TargetMissing' });
	const why = checkRestore({ database: deps.database, view }, operation);
	if (why === null) return add(plan, operation);
	if (why.type === 'NameInUse') return settleConflict(plan, found, operation, why.entry);
	draft.block(operation, why);
}

function planRestore(deps: ViewDeps, input: v.InferOutput<typeof inputSchema>, facts: Facts) {
	const { database } = deps;
	const { entries, folder, conflicts } = input;
	const view = createView(deps, facts);
	const draft = createDraft((operation) => foreseeNames(view, operation));
	const plan: Plan = { deps, view, draft, conflicts, coming: new Set(), targets: new Set(), replaced: new Set() };
	const wanted = entries === null ? readTrashedBefore(database, null) : [...new Set(entries)].map(entryId);
	view.load(wanted);
	const found = wanted.flatMap((id) => {
		const [trashed, entry] = [readTrashed(database, id), view.entry(id)];
		return trashed === null || entry === null ? [] : [{ trashed, entry }];
	});
	for (const one of inOrder(deps, found, folder !== null)) planOne(plan, one, folder);
	return draft.finish(null);
}

/** Takes entries out of the trash, to where they were. */
export function restoreAction(deps: ViewDeps): Action<FilesDomain> {
	return defineAction({
		name: 'files.restore',
		input: inputSchema,
		plan: (input, facts) => planRestore(deps, input, facts)
	});
}
