import * as v from 'valibot';
import { entryId, type EntryId, type LocationId } from '#core/kernel';
import { defineAction, type Action, type Facts } from '#core/actions';
import { readSharedFiles, type SharedFile } from '#core/index';
import type { Database } from '#core/schema';
import type { Location, StorageClass } from '#core/volumes';
import { checkTrashCopy } from './checks.ts';
import { fileKeys, groupCopies, type CopyGroup, type Keep } from './copy-groups.ts';
import { createDraft, type DraftBuilder } from './draft.ts';
import { freeName } from './free-name.ts';
import { keepPolicies, type FilesDomain, type TrashCopy } from './schema.ts';
import { entriesSchema } from './selection.ts';
import type { PlanDeps as TransferDeps } from './transfer.ts';
import { createView, foreseeNames, isInside, seenOf, type View } from './view.ts';

type PlanDeps = Omit<TransferDeps, 'renamesFolders'>;

const idSchema = v.pipe(v.number(), v.integer(), v.minValue(1));

const inputSchema = v.pipe(
	v.object({
		/** Contents that have copies; null for all of them. */
		contents: v.optional(v.nullable(v.array(idSchema)), null),
		/** Files, and folders with all below them: copies among these go. Null for the whole library. */
		within: v.optional(v.nullable(entriesSchema), null),
		keep: v.optional(v.picklist(keepPolicies), 'oldest'),
		/** Where one is kept, by `in-folder`; it need not lie within. */
		folder: v.optional(v.nullable(idSchema), null),
		/** Files that stay whatever the policy; with `chosen`, only their copies go. */
		kept: v.optional(v.array(idSchema), [])
	}),
	v.check(({ keep, folder }) => keep !== 'in-folder' || folder !== null)
);

type Input = v.InferOutput<typeof inputSchema>;

/** What a plan of removing copies carries along. */
type Plan = {
	readonly database: Database;
	readonly view: View;
	readonly draft: DraftBuilder;
	/** Names in the bin that are taken. */
	readonly names: Set<string>;
	readonly removed: Map<LocationId, number>;
	readonly sums: { kept: number; savedBytes: number; names: number; away: number; none: number; readBytes: number };
	/** Where copies go from and where what is kept lies, by how soon it is at hand. */
	readonly tiers: Map<string, { readonly from: StorageClass; readonly to: StorageClass }>;
};

const ranks: readonly StorageClass[] = ['hot', 'warm', 'cold', 'deep'];

function isHere(location: Location | null): boolean {
	return location !== null && location.problem === null && !location.isOffline;
}

function readKeep({ database, view }: Plan, { keep, folder, kept }: Input): Keep {
	const isBelow = new Map<EntryId, boolean>();
	return {
		by: keep,
		chosen: new Set(kept),
		isHere: (location) => isHere(view.location(location)),
		isInFolder: (file) => {
			const known = isBelow.get(file.folder) ?? (folder !== null && isInside(database, file.folder, entryId(folder)));
			isBelow.set(file.folder, known);
			return known;
		}
	};
}

function operationOf({ view, names }: Plan, file: SharedFile, kept: SharedFile): TrashCopy | null {
	const entry = view.entry(file.id);
	if (entry === null) return null;
	const pathOf = ({ location, path }: SharedFile) => [view.location(location)?.name ?? '', ...path];
	const as = freeName(file.name, false, (name) => names.has(name));
	names.add(as);
	return {
		kind: 'trash-copy',
		entry: file.id,
		seen: seenOf(entry),
		items: 1,
		sizeBytes: file.sizeBytes,
		from: { folder: file.folder, name: file.name },
		as,
		copyOf: {
			entry: kept.id,
			at: { folder: kept.folder, name: kept.name },
			path: pathOf(kept),
			ownPath: pathOf(file)
		}
	};
}

/** Notes where what stays is slower to be had than what goes. */
function noteTiers({ view, tiers }: Plan, file: SharedFile, kept: SharedFile): void {
	const [from, to] = [file, kept].map(({ location }) => view.location(location)?.tier.effective ?? null);
	if (from && to && ranks.indexOf(to) > ranks.indexOf(from)) tiers.set(`${from}-${to}`, { from, to });
}

function planGroup(plan: Plan, { kept, going, savedBytes, names }: CopyGroup): void {
	const { database, view, draft, removed, sums } = plan;
	if (kept === null) return void sums.none++;
	sums.names += names;
	let count = 0;
	for (const file of going) {
		if (!isHere(view.location(file.location))) {
			sums.away++;
			continue;
		}
		const operation = operationOf(plan, file, kept);
		if (operation === null) continue;
		const why = checkTrashCopy({ database, view }, operation);
		if (why !== null) {
			draft.block(operation, why);
			continue;
		}
		draft.add(operation, { items: 1, sizeBytes: 0 });
		noteTiers(plan, file, kept);
		removed.set(file.location, (removed.get(file.location) ?? 0) + 1);
		count++;
	}
	if (count === 0) return;
	sums.kept++;
	sums.savedBytes += count === going.length ? savedBytes : 0;
	sums.readBytes += (count + 1) * kept.sizeBytes;
}

/** Files of one content, content by content, those that would save most first. */
function readGroups(plan: Plan, input: Input): CopyGroup[] {
	const files = readSharedFiles(plan.database, input);
	const keys = fileKeys(files, (location) => plan.view.location(location));
	const keep = readKeep(plan, input);
	const groups: CopyGroup[] = [];
	for (let from = 0; from < files.length;) {
		let to = from + 1;
		while (files[to]?.content === files[from]?.content && to < files.length) to++;
		groups.push(groupCopies(files.slice(from, to), keys.slice(from, to), keep));
		from = to;
	}
	return groups.toSorted((a, b) => b.savedBytes - a.savedBytes);
}

function warn({ draft, tiers, sums }: Plan): void {
	if (sums.kept > 0) draft.warn({ type: 'CopiesKept', files: sums.kept, sizeBytes: sums.savedBytes });
	if (sums.names > 0) draft.warn({ type: 'NamesOfOneFile', names: sums.names });
	if (sums.away > 0) draft.warn({ type: 'CopiesAway', files: sums.away });
	if (sums.none > 0) draft.warn({ type: 'NoneToKeep', groups: sums.none });
	const [tier] = tiers.values();
	if (tier !== undefined) draft.warn({ type: 'TierColder', ...tier });
}

/** How many bytes a second the slowest disk gives that is read; null where one is not known. */
function slowest({ readVolumes }: PlanDeps, { view, removed }: Plan): number | null {
	const volumes = new Map(readVolumes().map(({ id, speed }) => [id, speed?.bytesPerSecond ?? null]));
	let least: number | null = Infinity;
	for (const id of removed.keys()) {
		const volume = view.location(id)?.place?.volume;
		const speed = volume === undefined ? null : (volumes.get(volume) ?? null);
		least = speed === null || least === null ? null : Math.min(least, speed);
	}
	return least === Infinity ? null : least;
}

function planDeduplicate(deps: PlanDeps, input: Input, facts: Facts) {
	const view = createView(deps, facts);
	const plan: Plan = {
		database: deps.database,
		view,
		draft: createDraft((operation) => foreseeNames(view, operation)),
		names: new Set(),
		removed: new Map(),
		sums: { kept: 0, savedBytes: 0, names: 0, away: 0, none: 0, readBytes: 0 },
		tiers: new Map()
	};
	for (const group of readGroups(plan, input)) planGroup(plan, group);
	warn(plan);
	plan.draft.ask();
	const { cost, ...draft } = plan.draft.finish(null);
	const { savedBytes, readBytes } = plan.sums;
	const bytesPerSecond = slowest(deps, plan);
	const estimateMs = bytesPerSecond === null ? null : Math.round((readBytes / bytesPerSecond) * 1000);
	return { ...draft, cost: { ...cost, sizeBytes: savedBytes, estimateMs } };
}

/** Keeps one of files that are the same, and puts the others into the trash once every byte of them was compared. */
export function deduplicateAction(deps: PlanDeps): Action<FilesDomain> {
	return defineAction({
		name: 'files.deduplicate',
		input: inputSchema,
		plan: (input, facts) => planDeduplicate(deps, input, facts)
	});
}
