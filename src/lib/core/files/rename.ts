import * as v from 'valibot';
import { entryId, err, ok, type EntryId, type Result } from '#core/kernel';
import { createFacts, defineAction, type Action, type Facts } from '#core/actions';
import type { PlanEntry } from '#core/index';
import { namesByPattern, type NamePatternInput, type PatternFailure } from '#core/naming';
import { checkMove } from './checks.ts';
import { createDraft, type DraftBuilder } from './draft.ts';
import { freeName } from './free-name.ts';
import { renameOrder } from './rename-order.ts';
import type { FilesBlock, FilesDomain, MoveEntry } from './schema.ts';
import { createView, foreseeNames, seenOf, sizeOf, type View, type ViewDeps } from './view.ts';

const renamesMax = 100_000;
const inputSchema = v.object({
	renames: v.pipe(
		v.array(v.object({ entry: v.pipe(v.number(), v.integer(), v.minValue(1)), name: v.string() })),
		v.minLength(1),
		v.maxLength(renamesMax)
	)
});
type RenamesInput = v.InferOutput<typeof inputSchema>;

type Rename = {
	readonly entry: EntryId;
	readonly found: PlanEntry;
	readonly name: string;
	readonly holder: EntryId | null;
};
type Plan = { readonly deps: ViewDeps; readonly view: View; readonly draft: DraftBuilder };

function readRenames(view: View, input: RenamesInput): Rename[] {
	const renames = new Map<EntryId, Rename>();
	view.load(input.renames.map(({ entry }) => entry));
	for (const { entry: id, name } of input.renames) {
		const found = view.entry(entryId(id));
		if (found === null || found.name === name) continue;
		const holder = found.parent === null ? null : view.named({ folder: found.parent, name });
		renames.set(found.id, { entry: found.id, found, name, holder });
	}
	return [...renames.values()];
}

/** What lies deeper first: a folder that is renamed has another path by then. */
function deepestFirst({ database }: ViewDeps, renames: readonly Rename[]): Rename[] {
	const count = database.prepare('SELECT count(*) FROM closure WHERE descendant = ?');
	const depths = new Map<number, number>();
	const depthOf = ({ found: { parent } }: Rename): number => {
		if (parent === null) return 0;
		const depth = depths.get(parent) ?? Number(count.column([parent])[0] ?? 0);
		depths.set(parent, depth);
		return depth;
	};
	return renames.toSorted((a, b) => depthOf(b) - depthOf(a));
}

function operationOf({ found }: Rename, from: string, to: string): MoveEntry {
	const folder = found.parent ?? 0;
	const places = { from: { folder, name: from }, to: { folder, name: to } };
	return { kind: 'move-entry', entry: found.id, seen: seenOf(found), ...sizeOf(found), ...places };
}

function add({ deps: { database }, view, draft }: Plan, operation: MoveEntry, items: number): void {
	const why = checkMove({ database, view }, operation);
	if (why === null) draft.add(operation, { items, sizeBytes: 0 });
	else draft.block(operation, why);
}

/** Lets names go round: the first gets one that nobody has, until its own is free. */
function addRing(plan: Plan, ring: readonly Rename[], isWanted: (rename: Rename, name: string) => boolean): void {
	const { deps, view, draft } = plan;
	const [first] = ring;
	if (first === undefined) return;
	const straight = ring.map((rename) => operationOf(rename, rename.found.name, rename.name));
	const whys = straight.map((operation) => checkMove({ database: deps.database, view }, operation));
	if (whys.some((why) => why !== null && why.type !== 'NameInUse')) {
		for (const [at, operation] of straight.entries()) draft.block(operation, whys[at] ?? { type: 'EntryChanged' });
		return;
	}
	const folder = first.found.parent ?? 0;
	const isTaken = (name: string) => view.named({ folder, name }) !== null || isWanted(first, name);
	const between = freeName(first.found.name, first.found.kind === 'directory', isTaken);
	// The same thing moved twice is one item.
	add(plan, { ...operationOf(first, first.found.name, between), items: 0, sizeBytes: 0 }, 0);
	for (const operation of straight.slice(1).toReversed()) add(plan, operation, 1);
	add(plan, operationOf(first, between, first.name), 1);
}

function planRenames(deps: ViewDeps, input: RenamesInput, facts: Facts) {
	const view = createView(deps, facts);
	const draft = createDraft((operation) => foreseeNames(view, operation));
	const plan = { deps, view, draft };
	const renames = deepestFirst(deps, readRenames(view, input));
	const key = (parent: number | null, name: string) => `${parent}/${name}`;
	const wanted = new Set(renames.map(({ found, name }) => key(found.parent, name)));
	for (const turn of renameOrder(renames)) {
		if (turn.is === 'one') add(plan, operationOf(turn.one, turn.one.found.name, turn.one.name), 1);
		else addRing(plan, turn.ring, ({ found }, name) => wanted.has(key(found.parent, name)));
	}
	return draft.finish(null);
}

/** Gives entries other names, each in its folder. */
export function renameAction(deps: ViewDeps): Action<FilesDomain> {
	return defineAction({
		name: 'files.rename',
		input: inputSchema,
		plan: (input, facts) => planRenames(deps, input, facts)
	});
}

/** What a pattern makes of one entry, and why it cannot be had. */
export type NewName = {
	readonly entry: EntryId;
	readonly name: string;
	readonly to: string;
	readonly why: FilesBlock | null;
};

export type PatternInput = { readonly entries: readonly number[]; readonly pattern: NamePatternInput };

/**
 * What entries would be called by a pattern, in their order, each judged as `files.rename` would judge all of them
 * together. Entries that are gone are left out. Inside `read`.
 */
export function renamesByPattern(
	deps: ViewDeps & { readonly offsetAt: (atMs: number) => number },
	{ entries, pattern }: PatternInput
): Result<NewName[], PatternFailure> {
	if (entries.length > renamesMax) return err({ type: 'PatternWrong', part: 'many' });
	const facts = createFacts();
	const view = createView(deps, facts);
	const found = [...new Set(entries)].flatMap((id) => view.entry(entryId(id)) ?? []);
	const files = found.map(({ name, kind, modifiedMs }) => ({ name, modifiedMs, isFolder: kind === 'directory' }));
	const names = namesByPattern(pattern, files, deps.offsetAt);
	if (!names.ok) return names;
	const renames = found.map(({ id }, at) => ({ entry: Number(id), name: names.value[at] ?? '' }));
	const { blocked } = planRenames(deps, { renames }, facts);
	const whys = new Map<number, FilesBlock>();
	for (const { operation, why } of blocked) if (operation.kind === 'move-entry') whys.set(operation.entry, why);
	return ok(
		found.map(({ id, name }, at) => ({ entry: id, name, to: names.value[at] ?? '', why: whys.get(id) ?? null }))
	);
}
