import { entryId, ok, type EntryId, type LocationId, type Result } from '#core/kernel';
import type { ClockPort, SkippedName } from '#core/ports';
import type { Database, StorageFailure } from '#core/schema';
import type { KnownChild, PageChanges } from './compare-folder.ts';
import { removeEntry, removeSomeOfTree } from './remove-tree.ts';
import { hasEntry, insertEntry, markListed, updateEntry, type NameSink } from './store.ts';

/** Rows written in one transaction: at most about 50 ms of work, so that browsing never waits longer for its turn. */
const rowsMax = 2_000;

type Deps = {
	readonly database: Database;
	readonly clock: ClockPort;
	readonly names: NameSink;
	readonly onChange: (folders: readonly EntryId[]) => void;
};

type Written = Result<null, StorageFailure>;

/** Changes that become durable together, with the marks of the directories they complete. */
export type Batch = {
	addPage(folder: EntryId, changes: PageChanges, signal: AbortSignal): Promise<Written>;
	/** `missing` are the children that the disk no longer has. */
	endFolder(
		folder: EntryId,
		run: number,
		missing: readonly KnownChild[],
		skipped: readonly SkippedName[],
		signal: AbortSignal
	): Promise<Written>;
	flush(signal: AbortSignal): Promise<Written>;
	totals(): { readonly added: number; readonly changed: number; readonly removed: number };
};

type Step = { readonly folder: EntryId; readonly rows: number; readonly apply: () => void };
type Totals = { added: number; changed: number; removed: number };
type State = Deps & { readonly location: LocationId; totals: Totals; steps: Step[]; rows: number };

/** Tells who shows these folders, and lets whoever waits have the thread before more is written. */
async function announce({ clock, onChange }: State, folders: readonly EntryId[], signal: AbortSignal): Promise<void> {
	if (folders.length > 0) onChange(folders);
	await clock.wait(0, signal);
}

async function flush(state: State, signal: AbortSignal): Promise<Written> {
	if (state.steps.length === 0) return ok(null);
	const due = state.steps;
	const changed = new Set(due.filter((step) => step.rows > 0).map((step) => step.folder));
	const before = { ...state.totals };
	const written = state.database.write(() => {
		// A directory that is listed while its parent turns out to have lost it is gone by now.
		for (const step of due) if (hasEntry(state.database, step.folder)) step.apply();
	});
	if (!written.ok) {
		// The steps stay: were they let go, a later and smaller batch could mark a directory whose rows never came.
		state.totals = before;
		return written;
	}
	state.steps = [];
	state.rows = 0;
	await announce(state, [...changed], signal);
	return ok(null);
}

async function push(state: State, step: Step, signal: AbortSignal): Promise<Written> {
	state.steps.push(step);
	state.rows += step.rows;
	return state.rows >= rowsMax ? flush(state, signal) : ok(null);
}

async function removeTree(state: State, folder: EntryId, top: EntryId, signal: AbortSignal): Promise<Written> {
	for (;;) {
		const removed = state.database.write(() => removeSomeOfTree(state.database, state.names, top, rowsMax));
		if (!removed.ok) return removed;
		state.totals.removed += removed.value;
		await announce(state, [folder], signal);
		if (removed.value < rowsMax) return ok(null);
	}
}

async function removeTrees(
	state: State,
	folder: EntryId,
	tops: readonly { readonly id: number }[],
	signal: AbortSignal
): Promise<Written> {
	for (const { id } of tops) {
		const removed = await removeTree(state, folder, entryId(id), signal);
		if (!removed.ok) return removed;
	}
	return ok(null);
}

function applyPage(state: State, folder: EntryId, { added, changed, replaced }: PageChanges): void {
	const { database, names, location, totals } = state;
	for (const { id, entry } of replaced) {
		removeEntry(database, names, entryId(id));
		insertEntry(database, names, folder, location, entry);
	}
	for (const entry of added) insertEntry(database, names, folder, location, entry);
	for (const { id, entry } of changed) updateEntry(database, id, entry);
	totals.added += added.length + replaced.length;
	totals.changed += changed.length;
	totals.removed += replaced.length;
}

async function addPage(state: State, folder: EntryId, changes: PageChanges, signal: AbortSignal): Promise<Written> {
	// A directory that became a file still has its tree, which goes before its row can.
	const trees = changes.replaced.filter(({ entry }) => entry.kind !== 'directory');
	const emptied = await removeTrees(state, folder, trees, signal);
	if (!emptied.ok) return emptied;
	const rows = changes.added.length + changes.changed.length + changes.replaced.length;
	return push(state, { folder, rows, apply: () => applyPage(state, folder, changes) }, signal);
}

async function endFolder(
	state: State,
	folder: EntryId,
	run: number,
	missing: readonly KnownChild[],
	skipped: readonly SkippedName[],
	signal: AbortSignal
): Promise<Written> {
	const trees = missing.filter((child) => child.kind === 'directory');
	const removed = await removeTrees(state, folder, trees, signal);
	if (!removed.ok) return removed;
	const gone = missing.filter((child) => child.kind !== 'directory');
	const apply = () => {
		for (const child of gone) removeEntry(state.database, state.names, entryId(child.id));
		state.totals.removed += gone.length;
		markListed(state.database, folder, run, skipped);
	};
	return push(state, { folder, rows: gone.length, apply }, signal);
}

/** A batch of `location`. Steps are kept in order, so a directory is marked only with or after its rows. */
export function createBatch(deps: Deps, location: LocationId): Batch {
	const state: State = { ...deps, location, totals: { added: 0, changed: 0, removed: 0 }, steps: [], rows: 0 };
	return {
		flush: (signal) => flush(state, signal),
		totals: () => ({ ...state.totals }),
		addPage: (folder, changes, signal) => addPage(state, folder, changes, signal),
		endFolder: (folder, run, missing, skipped, signal) => endFolder(state, folder, run, missing, skipped, signal)
	};
}
