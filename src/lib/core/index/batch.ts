import { entryId, ok, type EntryId, type LocationId, type Result } from '#core/kernel';
import type { ClockPort, SkippedName } from '#core/ports';
import type { Rulebook } from '#core/rules';
import type { Database, StorageFailure } from '#core/schema';
import { applyPage } from './apply-page.ts';
import type { Movements } from './change-entries.ts';
import type { KnownChild, PageChanges } from './compare-folder.ts';
import type { Move } from './find-moves.ts';
import { forgetOldKept } from './kept-lost.ts';
import { noteMissing } from './missing.ts';
import { saysMore, writeRuled, type Ruled } from './write-ruled.ts';
import { removeSomeMissing } from './remove-tree.ts';
import { hasDirectory, hasEntry, markAllListed, markListed, readPath } from './store.ts';
import { changeTree, type NameSink, type Tree } from './tree.ts';

/** Rows written in one transaction: at most about 50 ms of work, so that browsing never waits longer for its turn. */
const rowsMax = 4_000;
/** What a slow source has given waits no longer: it is to be seen, and a kill loses it. */
const batchMsMax = 1_000;

/** Before a folder is listed anew that an action is changing. */
const outdatedWaitMs = 300;

type Deps = {
	readonly database: Database;
	readonly clock: ClockPort;
	readonly names: NameSink;
	readonly onChange: (folders: readonly EntryId[]) => void;
	readonly movements: Movements;
	readonly readMoving: () => ReadonlySet<EntryId>;
};

type Written = Result<null, StorageFailure>;

/**
 * A directory that was listed, the path by which it was found and the rules it was judged by, and how much had moved
 * or was ruled otherwise by then.
 */
export type Listed = {
	readonly folder: EntryId;
	readonly path: readonly string[];
	readonly basis: string;
	readonly movements: number;
};

/** Changes that become durable together, with the marks of the directories they complete. */
export type Batch = {
	addPage(listed: Listed, changes: PageChanges, moves: readonly Move[], signal: AbortSignal): Promise<Written>;
	/** `missing` are the children, by name, that the disk no longer has in this folder; `ruled` what its rules say, null where it could not be read. */
	endFolder(
		listed: Listed,
		missing: ReadonlyMap<string, KnownChild>,
		skipped: readonly SkippedName[],
		ruled: Ruled | null,
		signal: AbortSignal
	): Promise<Written>;
	flush(signal: AbortSignal): Promise<Written>;
	/**
	 * Removes what was missing and has not turned up, and keeps a while what is no newer than `newestEntry`; to be called
	 * when every folder has been read.
	 */
	removeMissing(newestEntry: number, signal: AbortSignal): Promise<Written>;
	/** Corrects the totals: what was taken for new and for missing has moved. */
	recount(change: Readonly<Pick<Totals, 'added' | 'moved' | 'removed'>>): void;
	totals(): Readonly<Totals>;
};

type Step = {
	readonly listed: Listed;
	/** Folders that show something else after it. */
	readonly touched: readonly EntryId[];
	readonly rows: number;
	readonly apply: (tree: Tree) => void;
};
type Totals = { added: number; changed: number; moved: number; removed: number; leftOut: number };
type State = Deps & {
	readonly location: LocationId;
	readonly run: number;
	readonly rulebook: Rulebook;
	totals: Totals;
	steps: Step[];
	/** Directories of which nothing is left to be said but that they were listed to the end. */
	ended: Listed[];
	rows: number;
	beganMs: number;
};

/** Tells who shows these folders, and lets whoever waits have the thread before more is written. */
async function announce({ clock, onChange }: State, folders: readonly EntryId[], signal: AbortSignal): Promise<void> {
	if (folders.length > 0) onChange(folders);
	await clock.wait(0, signal);
}

/**
 * Whether the directory is still where it was listed, and under the same rules. One that has moved meanwhile, that
 * other rules hold for, or that an action has put something into or taken something from, waits to be listed anew.
 */
function isInPlace(state: State, { folder, path, basis, movements }: Listed): boolean {
	const { database, rulebook } = state;
	if (movements === state.movements.count) return true;
	if (isTouched(state, folder, movements)) return false;
	if (!hasDirectory(database, state.location, folder)) return false;
	return readPath(database, folder).join('/') === path.join('/') && rulebook(folder, path).basis === basis;
}

/** Whether an action has changed what is in a folder since it was listed. */
function isTouched({ movements }: State, folder: EntryId, listedAt: number): boolean {
	return (movements.touched.get(folder) ?? 0) > listedAt;
}

async function flush(state: State, signal: AbortSignal): Promise<Written> {
	const { steps: due, ended } = state;
	if (due.length + ended.length === 0) return ok(null);
	const touched = new Set(due.flatMap((step) => step.touched));
	const before = { ...state.totals };
	const { database, names } = state;
	const isOutdated = [...due.map(({ listed }) => listed), ...ended].some((listed) =>
		isTouched(state, listed.folder, listed.movements)
	);
	const written = database.write(() =>
		changeTree(database, names, (tree) => {
			for (const { listed, apply } of due)
				// Its location may have been forgotten.
				if (hasEntry(database, listed.folder) && isInPlace(state, listed)) apply(tree);
			const listed = ended.filter((one) => isInPlace(state, one));
			markAllListed(
				database,
				listed.map(({ folder }) => folder),
				state.run
			);
		})
	);
	if (!written.ok) {
		// The steps stay: were they let go, a later and smaller batch could mark a directory whose rows never came.
		state.totals = before;
		return written;
	}
	state.steps = [];
	state.ended = [];
	state.rows = 0;
	// Before waiting: whoever adds something meanwhile would take it for an old batch.
	state.beganMs = state.clock.elapsedMs();
	await announce(state, [...touched], signal);
	// The action goes on: listed at once, the folder would be outdated again.
	if (isOutdated) await state.clock.wait(outdatedWaitMs, signal);
	return ok(null);
}

/** Takes note of `rows` more to be written, and writes them when the batch is full or old. */
async function grow(state: State, rows: number, signal: AbortSignal): Promise<Written> {
	state.rows += rows;
	const isOld = state.clock.elapsedMs() - state.beganMs >= batchMsMax;
	return state.rows >= rowsMax || isOld ? flush(state, signal) : ok(null);
}

async function push(state: State, step: Step, signal: AbortSignal): Promise<Written> {
	state.steps.push(step);
	return grow(state, step.rows, signal);
}

async function addPage(
	state: State,
	listed: Listed,
	changes: PageChanges,
	moves: readonly Move[],
	signal: AbortSignal
): Promise<Written> {
	const { location, run } = state;
	const { folder } = listed;
	const rows = changes.added.length + changes.changed.length + changes.replaced.length;
	if (rows === 0) return ok(null);
	const touched = [folder, ...moves.map(({ from }) => from)];
	const apply = (tree: Tree) => {
		const applied = applyPage(tree, { folder, location, run }, changes, moves);
		const { totals } = state;
		totals.added += applied.added;
		totals.changed += applied.changed;
		totals.moved += applied.moved;
		state.movements.count += applied.moved;
	};
	const pushed = await push(state, { listed, touched, rows, apply }, signal);
	// Where things were is asked of the index: it has to know at once where they are.
	return pushed.ok && moves.length > 0 ? flush(state, signal) : pushed;
}

async function endFolder(
	state: State,
	listed: Listed,
	missing: ReadonlyMap<string, KnownChild>,
	skipped: readonly SkippedName[],
	ruled: Ruled | null,
	signal: AbortSignal
): Promise<Written> {
	const { location, run } = state;
	const { folder } = listed;
	if (missing.size === 0 && skipped.length === 0 && (ruled === null || !saysMore(ruled))) {
		state.ended.push(listed);
		return grow(state, 0, signal);
	}
	const apply = ({ database }: Tree) => {
		for (const [name, child] of missing)
			noteMissing(database, { id: location, run }, { id: entryId(child.id), folder, name });
		if (ruled !== null && writeRuled(database, { id: location, run }, folder, ruled)) state.movements.count++;
		markListed(database, folder, run, skipped);
	};
	return push(state, { listed, touched: [], rows: missing.size + (ruled?.leaving.size ?? 0), apply }, signal);
}

/** Forgets what was lost too long ago, or is too much of it. */
export async function sweepKept(
	{ database, clock }: Pick<Deps, 'database' | 'clock'>,
	signal: AbortSignal
): Promise<Written> {
	for (;;) {
		const nowMs = clock.nowMs();
		const forgotten = database.write(() => forgetOldKept(database, nowMs, rowsMax));
		if (!forgotten.ok) return forgotten;
		if (forgotten.value < rowsMax) return ok(null);
		await clock.wait(0, signal);
		signal.throwIfAborted();
	}
}

async function removeMissing(state: State, newestEntry: number, signal: AbortSignal): Promise<Written> {
	const { database, names, location, clock, readMoving } = state;
	for (;;) {
		const keeping = { newestEntry, nowMs: clock.nowMs() };
		const written = database.write(() =>
			changeTree(database, names, (tree) =>
				removeSomeMissing(tree, location, rowsMax, { ...keeping, moving: readMoving() })
			)
		);
		if (!written.ok) return written;
		const { removed, leftOut, folders } = written.value;
		state.totals.removed += removed;
		state.totals.leftOut += leftOut;
		await announce(state, folders, signal);
		if (removed + leftOut >= rowsMax) continue;
		return removed === 0 ? ok(null) : sweepKept(state, signal);
	}
}

/** A batch of `location`. Steps are kept in order, so a directory is marked only with or after its rows. */
export function createBatch(deps: Deps, location: LocationId, run: number, rulebook: Rulebook): Batch {
	const totals = { added: 0, changed: 0, moved: 0, removed: 0, leftOut: 0 };
	const state: State = {
		...deps,
		location,
		run,
		rulebook,
		totals,
		steps: [],
		ended: [],
		rows: 0,
		beganMs: deps.clock.elapsedMs()
	};
	return {
		flush: (signal) => flush(state, signal),
		removeMissing: (newestEntry, signal) => removeMissing(state, newestEntry, signal),
		recount: (change) => {
			const before = state.totals;
			const { added, moved, removed } = change;
			state.totals = {
				...before,
				added: before.added + added,
				moved: before.moved + moved,
				removed: before.removed + removed
			};
		},
		totals: () => {
			const { added, changed, moved, removed, leftOut } = state.totals;
			// What has moved may have been counted as new by an earlier try, and is taken from this one.
			return { added: Math.max(0, added), changed, moved, removed: Math.max(0, removed), leftOut };
		},
		addPage: (listed, changes, moves, signal) => addPage(state, listed, changes, moves, signal),
		endFolder: (listed, missing, skipped, ruled, signal) => endFolder(state, listed, missing, skipped, ruled, signal)
	};
}
