import * as v from 'valibot';
import { entryId, type EntryId } from '#core/kernel';
import { defineAction, type Action, type Facts } from '#core/actions';
import type { PlanEntry } from '#core/index';
import type { Location, StorageClass, Volume } from '#core/volumes';
import { checkCopy, checkMove } from './checks.ts';
import { createDraft, type DraftBuilder } from './draft.ts';
import { freeName } from './free-name.ts';
import {
	conflictPolicies,
	type ConflictPolicy,
	type CopyEntry,
	type EntryPlace,
	type FilesDomain,
	type MoveEntry
} from './schema.ts';
import { entriesSchema, topmost } from './selection.ts';
import { createView, foreseeNames, seenOf, sizeOf, type View, type ViewDeps } from './view.ts';

export type PlanDeps = ViewDeps & {
	/** Inside `read`. */
	readonly readVolumes: () => readonly Volume[];
	/** Whether this host moves a folder without copying what is in it. */
	readonly renamesFolders: boolean;
};

const inputSchema = v.pipe(
	v.object({
		entries: entriesSchema,
		folder: v.pipe(v.number(), v.integer(), v.minValue(1)),
		conflicts: v.optional(v.picklist(conflictPolicies), 'ask'),
		/** What a single entry is called there, where not as before. */
		name: v.optional(v.nullable(v.string()), null)
	}),
	v.check(({ entries, name }) => name === null || entries.length === 1)
);

type Transfer = MoveEntry | CopyEntry;

/** What a plan of moving or copying carries along. */
type Plan = {
	readonly deps: PlanDeps;
	readonly view: View;
	readonly draft: DraftBuilder;
	readonly kind: Transfer['kind'];
	readonly folder: EntryId;
	readonly conflicts: ConflictPolicy;
	/** What operations of this plan bring into the folder. */
	readonly coming: Set<EntryId>;
	readonly target: Location | null;
};

function isTaken({ view }: Plan, place: EntryPlace): boolean {
	return view.named(place) !== null;
}

function volumeOf(location: Location | null): number | null {
	return location?.place?.volume ?? null;
}

/** Whether bytes are written, rather than a name. */
function copiesBytes({ deps, kind, view, target }: Plan, entry: PlanEntry): boolean {
	if (kind === 'copy-entry') return true;
	if (entry.kind === 'directory' && !deps.renamesFolders) return true;
	if (entry.location === target?.id) return false;
	const source = entry.location === null ? null : view.location(entry.location);
	return volumeOf(source) === null || volumeOf(source) !== volumeOf(target);
}

function operationOf({ kind }: Plan, entry: PlanEntry, to: EntryPlace): Transfer {
	const from = { folder: entry.parent ?? 0, name: entry.name };
	return { kind, entry: entry.id, seen: seenOf(entry), ...sizeOf(entry), from, to };
}

function check({ deps: { database }, view }: Plan, operation: Transfer) {
	const look = { database, view };
	return operation.kind === 'move-entry' ? checkMove(look, operation) : checkCopy(look, operation);
}

function addTransfer(plan: Plan, entry: PlanEntry, to: EntryPlace): void {
	const operation = operationOf(plan, entry, to);
	plan.coming.add(entry.id);
	plan.draft.add(operation, {
		items: operation.items,
		sizeBytes: copiesBytes(plan, entry) ? operation.sizeBytes : 0
	});
}

/** Puts what has the name into the trash, so that the name is free for `entry`. */
function replace(plan: Plan, taken: PlanEntry, entry: PlanEntry, to: EntryPlace): void {
	const size = sizeOf(taken);
	const seen = seenOf(taken);
	const as = `${taken.id}`;
	plan.draft.add({ kind: 'trash-entry', entry: taken.id, seen, ...size, from: to, as }, { ...size, sizeBytes: 0 });
	plan.draft.ask();
	addTransfer(plan, entry, to);
}

/** What is done where the name is taken, as the person has chosen. */
function settleConflict(plan: Plan, entry: PlanEntry, to: EntryPlace, takenBy: EntryId): void {
	const { view, conflicts, draft } = plan;
	const operation = operationOf(plan, entry, to);
	const isFolder = entry.kind === 'directory';
	if (conflicts === 'keep-both') {
		const name = freeName(to.name, isFolder, (wanted) => isTaken(plan, { ...to, name: wanted }));
		return addTransfer(plan, entry, { ...to, name });
	}
	const taken = view.entry(takenBy);
	// Two of what is moved are called alike: neither gives way to the other.
	const isOwn = taken === null || plan.coming.has(taken.id);
	if (isOwn || conflicts === 'ask') return draft.block(operation, { type: 'NameInUse', name: to.name, entry: takenBy });
	const isNewer = (entry.modifiedMs ?? 0) > (taken.modifiedMs ?? 0);
	if (conflicts === 'skip' || (conflicts === 'newer' && !isNewer))
		return draft.block(operation, { type: 'NameInUse', name: to.name, entry: taken.id });
	replace(plan, taken, entry, to);
}

function planOne(plan: Plan, entry: PlanEntry, name: string): void {
	const to = { folder: plan.folder, name };
	const operation = operationOf(plan, entry, to);
	// A copy beside its source is a duplicate: it gets another name.
	const isBeside = plan.kind === 'copy-entry' && entry.parent === plan.folder;
	const why = check(plan, operation);
	if (why?.type === 'AlreadyThere' && isBeside) {
		const isFolder = entry.kind === 'directory';
		return addTransfer(plan, entry, {
			...to,
			name: freeName(to.name, isFolder, (name) => isTaken(plan, { ...to, name }))
		});
	}
	if (why !== null && why.type !== 'NameInUse') return plan.draft.block(operation, why);
	if (why === null) return addTransfer(plan, entry, to);
	settleConflict(plan, entry, to, why.entry);
}

const ranks: readonly StorageClass[] = ['hot', 'warm', 'cold', 'deep'];

/** Warns where there is less room than is needed, as far as the library knows; answers the volume of the target. */
export function warnOfRoom(
	{ readVolumes }: Pick<PlanDeps, 'readVolumes'>,
	draft: DraftBuilder,
	target: Location | null
): Volume | null {
	const volume = readVolumes().find(({ id }) => id === volumeOf(target)) ?? null;
	const needsBytes = draft.sizeBytes();
	if (volume !== null && volume.freeBytes !== null && needsBytes > volume.freeBytes)
		draft.warn({ type: 'RoomShort', needsBytes, freeBytes: volume.freeBytes });
	return volume;
}

/** What a person should know of where it goes. */
function warnOfTarget({ deps, draft, target }: Plan, sources: ReadonlySet<Location>): number | null {
	const volume = warnOfRoom(deps, draft, target);
	const to = target?.tier.effective ?? null;
	const froms = [...sources].flatMap(({ tier: { effective } }) => (effective === null ? [] : [effective]));
	const warmest = froms.toSorted((a, b) => ranks.indexOf(a) - ranks.indexOf(b))[0];
	if (to !== null && warmest !== undefined && ranks.indexOf(to) > ranks.indexOf(warmest))
		draft.warn({ type: 'TierColder', from: warmest, to });
	return volume?.speed?.bytesPerSecond ?? null;
}

function planTransfer(
	deps: PlanDeps,
	kind: Transfer['kind'],
	{ entries, folder: into, conflicts, name }: v.InferOutput<typeof inputSchema>,
	facts: Facts
) {
	const view = createView(deps, facts);
	const folder = entryId(into);
	const location = view.folder(folder)?.location ?? null;
	const target = location === null ? null : view.location(location);
	const draft = createDraft((operation) => foreseeNames(view, operation));
	const plan: Plan = { deps, view, draft, kind, folder, conflicts, coming: new Set(), target };
	const sources = new Set<Location>();
	for (const id of topmost(deps.database, view, entries)) {
		const entry = view.entry(id);
		if (entry === null) continue;
		const source = entry.location === null ? null : view.location(entry.location);
		if (source !== null) sources.add(source);
		planOne(plan, entry, name ?? entry.name);
	}
	return draft.finish(warnOfTarget(plan, sources));
}

/** Moves entries into a folder. */
export function moveAction(deps: PlanDeps): Action<FilesDomain> {
	return defineAction({
		name: 'files.move',
		input: inputSchema,
		plan: (input, facts) => planTransfer(deps, 'move-entry', input, facts)
	});
}

/** Copies entries into a folder; beside themselves under another name. */
export function copyAction(deps: PlanDeps): Action<FilesDomain> {
	return defineAction({
		name: 'files.copy',
		input: inputSchema,
		plan: (input, facts) => planTransfer(deps, 'copy-entry', input, facts)
	});
}
