import { ok, type EntryId, type Result } from '#core/kernel';
import type { Database, StorageFailure } from '#core/schema';
import type { Location } from '#core/volumes';
import { createJudges, createRulebook, writeApplied } from '#core/rules';
import { createBatch } from './batch.ts';
import { dropLeftOut } from './change-rules.ts';
import { updateFolderTimes } from './folder-times.ts';
import { indexFolder, type Due, type Run, type RunDeps, type Stop } from './index-folder.ts';
import { createLateInodes } from './late-inodes.ts';
import { hasLost, readNewest } from './lost-files.ts';
import { lookAgain } from './missing.ts';
import { readUsage } from './read-entries.ts';
import { recognizeKept } from './recognize-kept.ts';
import { recognizeMoves } from './recognize-moves.ts';
import type { IndexOutcome } from './schema.ts';
import { countPending, countProblems, hasInodes, readPending, writeInodeIndex, type Pending } from './store.ts';

export type RunOptions = {
	/** Every folder of a location, or those that are noted as changed. */
	readonly scope: 'all' | 'noted';
	/** Whether a location's folder may have lost all it had. */
	readonly acceptEmpty: boolean;
};

/** Directories taken from the table at once, some 10 ms; where nothing has changed, they are one transaction. */
const pendingMax = 2_000;
/** Directories listed at the same time where the host does not say: hides the latency of a browser's handles. */
const listingsUsual = 8;
/** Children that the directories which are being listed have in the index, at the most; a few directories may have more. */
const heldMax = 20_000;

/** Lists what is pending, several directories at a time, until nothing is left or one stops the run. */
async function indexPending(run: Run, pending: readonly Due[], signal: AbortSignal): Promise<Result<null, Stop>> {
	const queue = pending.values();
	let stop: Result<null, Stop> = ok(null);
	const worker = async (_: unknown, place: number) => {
		while (place < listingsUsual || run.held <= heldMax) {
			const { value: folder } = queue.next();
			if (folder === undefined) return;
			signal.throwIfAborted();
			const done = await indexFolder(run, folder, signal);
			if (!done.ok) stop = done;
			if (!stop.ok) return;
		}
	};
	const workers = run.files.listingsMax ?? listingsUsual;
	const settled = await Promise.allSettled(Array.from({ length: workers }, worker));
	// Also when the run is paused: what was read so far is kept.
	const flushed = await run.batch.flush(signal);
	for (const end of settled) if (end.status === 'rejected') throw end.reason;
	return stop.ok ? flushed : stop;
}

function toDue({ movements }: Run, { id, path, hasChildren, isNoted }: Pending): Due {
	return { folder: id, path, movements: movements.count, hasChildren, isNoted };
}

async function walk(run: Run, scope: RunOptions['scope'], signal: AbortSignal): Promise<Result<null, Stop>> {
	// First of all, also when a run goes on: nothing below means anything while the folder itself is away.
	const root =
		scope === 'all'
			? await indexPending(
					run,
					[toDue(run, { id: run.location.entry, path: [], hasChildren: true, isNoted: true })],
					signal
				)
			: await run.files.rootName(run.location.root, signal);
	if (!root.ok) return root;
	const late = run.walks.isAlone(run.location.id) ? run.inodes.begin(run.seen) : ok(null);
	if (!late.ok) return late;
	let hasWaited = false;
	for (;;) {
		signal.throwIfAborted();
		const pending = run.database.read(() => readPending(run.database, run.location.id, run.number, pendingMax));
		if (!pending.ok) return pending;
		if (pending.value.length === 0) {
			run.walks.end(run.location.id);
			const lost = run.database.read(() => hasLost(run.database, run.location.id));
			if (!lost.ok) return lost;
			if (lost.value && !hasWaited) await run.walks.waitForOthers(run.location.id, run.clock, signal);
			hasWaited ||= lost.value;
			const recognized = lost.value ? await recognizeMoves(run, signal) : ok(0);
			if (!recognized.ok) return recognized;
			// Folders that have moved are read in their new place, and may have lost something themselves.
			if (recognized.value > 0) continue;
			const known = await recognizeKept(run, scope, signal);
			if (!known.ok) return known;
			if (known.value > 0) continue;
			return run.batch.removeMissing(run.newestEntry, signal);
		}
		if (scope === 'noted') {
			const timed = await updateFolderTimes(run, pending.value, signal);
			if (!timed.ok) return timed;
		}
		const due = pending.value.map((one) => toDue(run, one));
		const done = await indexPending(run, due, signal);
		if (!done.ok) return done;
	}
}

/** Entries below a directory, itself not counted. */
function countBelow(database: Database, folder: EntryId): number {
	const { files, folders } = readUsage(database, folder);
	return files + folders;
}

/** Ends the run; null where other rules have come into force meanwhile, and folders wait again. */
function finish(run: Run, scope: RunOptions['scope']): Result<IndexOutcome | null, StorageFailure> {
	const { database, location, clock, batch, number } = run;
	const counted = database.write(() => {
		if (countPending(database, location.id, number) > 0) return null;
		// A run of a few folders is not the one that was begun for the rules of all.
		if (run.readRun(location.id)?.run === number) run.writeEnd(location.id, clock.nowMs(), readNewest(database));
		if (scope === 'all') writeApplied(database, location.id);
		return { entries: countBelow(database, location.entry), problems: countProblems(database, location.id) };
	});
	if (!counted.ok) return counted;
	if (counted.value === null) return ok(null);
	return ok({ ...batch.totals(), ...counted.value, durationMs: Math.round(clock.elapsedMs() - run.startedMs) });
}

/**
 * Brings the index of one location into step with its folder. What is committed stays when this throws
 * (`signal` aborted) or the process dies: the next run goes on with the directories that are left.
 */
export async function runIndex(
	deps: RunDeps,
	location: Location,
	{ scope, acceptEmpty }: RunOptions,
	signal: AbortSignal
): Promise<Result<IndexOutcome, Stop>> {
	const { database, clock } = deps;
	const begun = database.write(() => {
		const last = deps.readRun(location.id);
		const number = scope === 'all' ? deps.writeBegin(location.id) : (last?.run ?? 0);
		const newestEntry = last?.newestEntry ?? 0;
		lookAgain(database, location.id, number);
		// A first run may have been cut off before it was built.
		writeInodeIndex(database);
		const entriesAtStart = countBelow(database, location.entry);
		const newestAtStart = readNewest(database);
		return { number, newestEntry, newestAtStart, entriesAtStart, mayMove: hasInodes(database) };
	});
	if (!begun.ok) return begun;
	const startedMs = clock.elapsedMs();
	const rulebook = createRulebook(database, location, deps.movements);
	const ruled = {
		rulebook,
		judges: createJudges(),
		batch: createBatch(deps, location.id, begun.value.number, rulebook)
	};
	if (scope === 'all') {
		const dropped = await dropLeftOut({ ...deps, ...begun.value, ...ruled, location }, signal);
		if (!dropped.ok) return dropped;
	}
	const located = await deps.locate(location.id, signal);
	if (!located.ok) return located;
	const run: Run = {
		...deps,
		...begun.value,
		...ruled,
		location: located.value,
		acceptEmpty,
		claimed: new Set(),
		inodes: createLateInodes(database, begun.value.mayMove),
		startedMs,
		seen: 0,
		held: 0,
		reportedMs: startedMs,
		reportedSeen: 0
	};
	deps.walks.begin(location.id);
	try {
		for (;;) {
			const walked = await walk(run, scope, signal);
			const indexed = run.inodes.end();
			if (!walked.ok) return walked;
			if (!indexed.ok) return indexed;
			const ended = finish(run, scope);
			if (!ended.ok) return ended;
			if (ended.value !== null) return ok(ended.value);
		}
	} finally {
		deps.walks.end(location.id);
	}
}
