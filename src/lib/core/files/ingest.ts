import * as v from 'valibot';
import { entryId, type EntryId } from '#core/kernel';
import { defineAction, type Action, type Facts } from '#core/actions';
import type { RootRef } from '#core/ports';
import type { PlanEntry } from '#core/index';
import { checkIngest } from './checks.ts';
import { createDraft, type DraftBuilder } from './draft.ts';
import { freeName } from './free-name.ts';
import { conflictPolicies, sourceSchema, type EntryPlace, type FilesDomain, type IngestEntry } from './schema.ts';
import { warnOfRoom, type PlanDeps } from './transfer.ts';
import { createView, foreseeNames, isPossibleName, seenOf, sizeOf, type View } from './view.ts';

/** As many as one action takes: all of them are in its input. */
const itemsMax = 250_000;
const countSchema = v.pipe(v.number(), v.integer(), v.minValue(0));

const itemSchema = v.object({
	name: v.string(),
	kind: v.picklist(['directory', 'file', 'symlink']),
	/** Which item before it is the folder that it lies in; null for what is at the top. */
	parent: v.nullable(countSchema),
	sizeBytes: countSchema,
	modifiedMs: v.nullable(v.number()),
	/** Of an item at the top, where it lies in the source; by its name where that is not said. */
	path: v.optional(v.array(v.string()))
});
type Item = v.InferOutput<typeof itemSchema>;

/** Folders come before what lies in them, and no folder holds a name twice. */
function isTree(items: Item[]): boolean {
	const names = new Set<string>();
	return items.every(({ name, parent }, at) => {
		if (parent === null) return true;
		const key = `${parent}/${name}`;
		const isNew = !names.has(key);
		names.add(key);
		return isNew && parent < at && items[parent]?.kind === 'directory';
	});
}

const inputSchema = v.object({
	folder: v.pipe(v.number(), v.integer(), v.minValue(1)),
	source: sourceSchema,
	items: v.pipe(v.array(itemSchema), v.minLength(1), v.maxLength(itemsMax), v.check(isTree)),
	conflicts: v.optional(v.picklist(conflictPolicies), 'ask')
});
type Input = v.InferOutput<typeof inputSchema>;

/** An item with what lies below it. */
type Whole = {
	readonly item: Item;
	readonly children: number[];
	items: number;
	sizeBytes: number;
	/** A name in it that nothing can have. */
	impossible: string | null;
};

function readTree(items: readonly Item[]): readonly Whole[] {
	const all = items.map((item): Whole => ({
		item,
		children: [],
		items: 1,
		sizeBytes: item.kind === 'file' ? item.sizeBytes : 0,
		impossible: isPossibleName(item.name, false) ? null : item.name
	}));
	const holderOf = ({ item: { parent } }: Whole) => (parent === null ? undefined : all[parent]);
	for (const [at, whole] of all.entries()) holderOf(whole)?.children.push(at);
	for (const whole of all.toReversed()) {
		const holder = holderOf(whole);
		if (holder === undefined) continue;
		holder.items += whole.items;
		holder.sizeBytes += whole.sizeBytes;
		holder.impossible ??= whole.impossible;
	}
	return all;
}

/** A plan as it is put together. */
type Plan = {
	readonly deps: PlanDeps;
	readonly view: View;
	readonly draft: DraftBuilder;
	readonly source: RootRef;
	readonly conflicts: Input['conflicts'];
	readonly all: readonly Whole[];
	/** Names that this plan brings. */
	readonly coming: Set<string>;
};

function placeKey({ folder, name }: EntryPlace): string {
	return `${folder}/${name}`;
}

function operationOf(
	{ source }: Plan,
	{ item, items, sizeBytes }: Whole,
	path: readonly string[],
	to: EntryPlace
): IngestEntry {
	const { kind, modifiedMs } = item;
	const seen = { kind, sizeBytes: kind === 'file' ? item.sizeBytes : 0, modifiedMs, inode: null };
	return { kind: 'ingest-entry', source, path: [...path], seen, items, sizeBytes, to };
}

function add(plan: Plan, operation: IngestEntry): void {
	plan.coming.add(placeKey(operation.to));
	plan.draft.add(operation, operation);
}

/** Puts what has the name into the trash, so that it is free. */
function replace(plan: Plan, taken: PlanEntry, operation: IngestEntry): void {
	const size = sizeOf(taken);
	const trashing = { entry: taken.id, seen: seenOf(taken), ...size, from: operation.to, as: `${taken.id}` };
	plan.draft.add({ kind: 'trash-entry', ...trashing }, { ...size, sizeBytes: 0 });
	plan.draft.ask();
	add(plan, operation);
}

/** What is done where the name is taken: a folder is filled, a file is dealt with as the person has chosen. */
function settle(plan: Plan, whole: Whole, operation: IngestEntry, takenBy: EntryId): void {
	const { view, draft, conflicts } = plan;
	const { to } = operation;
	// Two of what is brought are called alike: neither gives way to the other.
	const taken = plan.coming.has(placeKey(to)) ? null : view.entry(takenBy);
	if (taken?.kind === 'directory' && whole.item.kind === 'directory') {
		draft.ask();
		for (const child of whole.children) planOne(plan, child, operation.path, takenBy);
		return;
	}
	if (conflicts === 'keep-both') {
		const isTaken = (name: string) => view.named({ folder: to.folder, name }) !== null;
		const name = freeName(to.name, whole.item.kind === 'directory', isTaken);
		return add(plan, { ...operation, to: { ...to, name } });
	}
	const isNewer = (operation.seen.modifiedMs ?? 0) > (taken?.modifiedMs ?? 0);
	if (taken !== null && (conflicts === 'replace' || (conflicts === 'newer' && isNewer)))
		return replace(plan, taken, operation);
	draft.block(operation, { type: 'NameInUse', name: to.name, entry: takenBy });
}

function planOne(plan: Plan, at: number, above: readonly string[], folder: EntryId): void {
	const whole = plan.all[at];
	if (whole === undefined) return;
	const { item } = whole;
	const path = item.parent === null ? (item.path ?? [item.name]) : [...above, item.name];
	const operation = operationOf(plan, whole, path, { folder, name: item.name });
	const why = checkIngest({ database: plan.deps.database, view: plan.view }, operation);
	const impossible = [...path, whole.impossible ?? item.name].find((name) => !isPossibleName(name, false));
	if (impossible !== undefined) plan.draft.block(operation, { type: 'NameImpossible', name: impossible });
	else if (why === null) add(plan, operation);
	else if (why.type === 'NameInUse') settle(plan, whole, operation, why.entry);
	else plan.draft.block(operation, why);
}

function planIngest(deps: PlanDeps, { folder: into, source, items, conflicts }: Input, facts: Facts) {
	const view = createView(deps, facts);
	const folder = entryId(into);
	const location = view.folder(folder)?.location ?? null;
	const draft = createDraft((operation) => foreseeNames(view, operation));
	const plan: Plan = { deps, view, draft, source, conflicts, all: readTree(items), coming: new Set() };
	for (const [at, { item }] of plan.all.entries()) if (item.parent === null) planOne(plan, at, [], folder);
	const volume = warnOfRoom(deps, draft, location === null ? null : view.location(location));
	return draft.finish(volume?.speed?.bytesPerSecond ?? null);
}

/** Brings files and folders from outside the library into a folder; folders that are there already are filled. */
export function ingestAction(deps: PlanDeps): Action<FilesDomain> {
	return defineAction({
		name: 'files.ingest',
		input: inputSchema,
		plan: (input, facts) => planIngest(deps, input, facts)
	});
}
