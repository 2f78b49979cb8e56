import * as v from 'valibot';
import { entryId, type EntryId } from '#core/kernel';
import { defineAction, type Action, type Facts } from '#core/actions';
import type { PlanEntry } from '#core/index';
import { checkMove } from './checks.ts';
import { createDraft } from './draft.ts';
import type { FilesDomain, MoveEntry } from './schema.ts';
import { createView, foreseeNames, seenOf, sizeOf, type View, type ViewDeps } from './view.ts';

const renamesMax = 100_000;
const inputSchema = v.object({
	renames: v.pipe(
		v.array(v.object({ entry: v.pipe(v.number(), v.integer(), v.minValue(1)), name: v.string() })),
		v.minLength(1),
		v.maxLength(renamesMax)
	)
});

type Rename = { readonly entry: PlanEntry; readonly name: string };

function readRenames(view: View, input: v.InferOutput<typeof inputSchema>): Rename[] {
	const renames = new Map<EntryId, Rename>();
	view.load(input.renames.map(({ entry }) => entry));
	for (const { entry: id, name } of input.renames) {
		const entry = view.entry(entryId(id));
		if (entry !== null && entry.name !== name) renames.set(entry.id, { entry, name });
	}
	return [...renames.values()];
}

/** How deep entries lie; many lie in one folder. */
function depthReader({ database }: ViewDeps): (entry: PlanEntry) => number {
	const known = new Map<EntryId, number>();
	const count = database.prepare('SELECT count(*) FROM closure WHERE descendant = ?');
	return ({ parent }) => {
		if (parent === null) return 0;
		const depth = known.get(parent) ?? Number(count.column([parent])[0] ?? 0);
		known.set(parent, depth);
		return depth;
	};
}

/**
 * The renames in an order in which each name is free when it is given: what gives up a name goes before what takes it,
 * and what lies deeper before what holds it. What goes round in a ring is left over.
 */
function inOrder(deps: ViewDeps, view: View, renames: readonly Rename[]): readonly [Rename[], Rename[]] {
	const depthOf = depthReader(deps);
	const depths = new Map(renames.map((rename) => [rename, depthOf(rename.entry)]));
	const byId = new Map(renames.map((rename) => [rename.entry.id, rename]));
	const deepest = renames.toSorted((a, b) => (depths.get(b) ?? 0) - (depths.get(a) ?? 0));
	const [ordered, ring] = [new Set<Rename>(), new Set<Rename>()];
	const visit = (rename: Rename, waiting: ReadonlySet<Rename>): boolean => {
		if (ordered.has(rename)) return true;
		if (waiting.has(rename) || ring.has(rename)) return false;
		const { parent } = rename.entry;
		const holder = parent === null ? null : view.named({ folder: parent, name: rename.name });
		const first = holder === null ? undefined : byId.get(holder);
		const isFree = first === undefined || first === rename || visit(first, new Set([...waiting, rename]));
		(isFree ? ordered : ring).add(rename);
		return isFree;
	};
	for (const rename of deepest) visit(rename, new Set());
	return [[...ordered], [...ring]];
}

function planRenames(deps: ViewDeps, input: v.InferOutput<typeof inputSchema>, facts: Facts) {
	const view = createView(deps, facts);
	const draft = createDraft((operation) => foreseeNames(view, operation));
	const [ordered, ring] = inOrder(deps, view, readRenames(view, input));
	const operationOf = ({ entry, name }: Rename): MoveEntry => {
		const folder = entry.parent ?? 0;
		const places = { from: { folder, name: entry.name }, to: { folder, name } };
		return { kind: 'move-entry', entry: entry.id, seen: seenOf(entry), ...sizeOf(entry), ...places };
	};
	for (const rename of ordered) {
		const operation = operationOf(rename);
		const why = checkMove({ database: deps.database, view }, operation);
		if (why === null) draft.add(operation, { items: 1, sizeBytes: 0 });
		else draft.block(operation, why);
	}
	for (const rename of ring) {
		const holder = view.named({ folder: rename.entry.parent ?? 0, name: rename.name });
		draft.block(operationOf(rename), { type: 'NameInUse', name: rename.name, entry: holder ?? rename.entry.id });
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
