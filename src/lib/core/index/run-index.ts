import { err, ok, type EntryId, type LocationId, type Result } from '#core/kernel';
import type { ClockPort, FilesFailure, FilesPort, SkippedName } from '#core/ports';
import type { Database, StorageFailure } from '#core/schema';
import type { Location, LocationFailure, LocationProblem } from '#core/volumes';
import { comparePage, type KnownChild } from './compare-folder.ts';
import { createBatch, type Batch } from './batch.ts';
import type { IndexOutcome, IndexProgress } from './schema.ts';
import {
	countBelow,
	countPending,
	countProblems,
	hasChildren,
	hasDirectory,
	readChildren,
	readPath,
	readPending,
	type NameSink
} from './store.ts';

/** Directories taken from the table at once. */
const pendingMax = 256;
/** Directories listed at the same time: hides the latency of a browser's handles, costs nothing on a disk. */
const listingsMax = 8;
/** Time between two reports of progress. */
const progressEveryMs = 250;

export type RunDeps = {
	readonly database: Database;
	readonly files: FilesPort;
	readonly clock: ClockPort;
	readonly names: NameSink;
	readonly onChange: (folders: readonly EntryId[]) => void;
	readonly onProgress: (progress: IndexProgress) => void;
	/** Begins or goes on with a run; ends it. Both inside a transaction. */
	readonly writeBegin: (location: LocationId) => number;
	readonly writeEnd: (location: LocationId, indexedMs: number) => void;
	/** The location with its folder where its volume is mounted now, or why what lies there must not be read. */
	readonly locate: (location: LocationId, signal: AbortSignal) => Promise<Result<Location, Stop>>;
};

type Stop = StorageFailure | LocationFailure | LocationProblem;

/** What one run carries along. */
type Run = RunDeps & {
	readonly location: Location;
	readonly number: number;
	readonly batch: Batch;
	readonly acceptEmpty: boolean;
	readonly startedMs: number;
	readonly entriesAtStart: number;
	seen: number;
	reportedMs: number;
	reportedSeen: number;
};

type Listed = {
	readonly unseen: ReadonlyMap<string, KnownChild>;
	readonly skipped: readonly SkippedName[];
	readonly isEmpty: boolean;
};

/** Lists one directory and puts what differs into the batch, page by page; null where it is no more in the index. */
async function listFolder(
	run: Run,
	folder: EntryId,
	isNew: boolean,
	signal: AbortSignal
): Promise<Result<Listed | null, FilesFailure | StorageFailure>> {
	const { database, batch } = run;
	const known = database.read(() => {
		if (!hasDirectory(database, folder)) return null;
		// A directory cut off in its first listing may already have children.
		const isBlank = isNew && !hasChildren(database, folder);
		return {
			path: readPath(database, folder),
			unseen: isBlank ? new Map<string, KnownChild>() : readChildren(database, folder)
		};
	});
	if (!known.ok) return known;
	// Its parent has lost it since this run took note of it: the empty path that it has left is the root's.
	if (known.value === null) return ok(null);
	const { path, unseen } = known.value;
	const seen = new Set<string>();
	const skipped: SkippedName[] = [];
	for await (const page of run.files.list(run.location.root, path, signal)) {
		if (!page.ok) return page;
		skipped.push(...page.value.skipped);
		const changes = comparePage(unseen, seen, page.value.entries);
		run.seen += page.value.entries.length;
		const written = await batch.addPage(folder, changes, signal);
		if (!written.ok) return written;
		report(run);
	}
	// What is there and could not be read has not vanished.
	for (const { name } of skipped) unseen.delete(name);
	return ok({ unseen, skipped, isEmpty: seen.size + skipped.length === 0 });
}

/** Whether a directory other than the location's own may be passed over with a note. */
function toSkipped(failure: FilesFailure): SkippedName | null {
	switch (failure.type) {
		case 'FolderDenied':
			return { name: '', reason: 'denied', code: failure.type };
		case 'FolderMissing':
		case 'NotAFolder':
			return { name: '', reason: 'vanished', code: failure.type };
		case 'FolderUnreadable':
			return { name: '', reason: 'unreadable', code: failure.code };
		case 'FolderNeedsConsent':
			return null;
	}
}

function isFilesFailure(failure: FilesFailure | StorageFailure): failure is FilesFailure {
	return failure.type.startsWith('Folder') || failure.type === 'NotAFolder';
}

/** Whether the location's own folder can still be read. */
async function probeRoot(run: Run, signal: AbortSignal): Promise<Result<null, FilesFailure>> {
	for await (const page of run.files.list(run.location.root, [], signal)) return page.ok ? ok(null) : page;
	return ok(null);
}

async function indexFolder(
	run: Run,
	folder: { readonly id: EntryId; readonly isNew: boolean },
	signal: AbortSignal
): Promise<Result<null, Stop>> {
	const isRoot = folder.id === run.location.entry;
	const listed = await listFolder(run, folder.id, folder.isNew, signal);
	if (!listed.ok) {
		if (!isFilesFailure(listed.failure) || isRoot) return listed;
		const note = toSkipped(listed.failure);
		if (note === null) return listed;
		// One folder is missing, or the whole disk is gone: only the second ends the run.
		const root = await probeRoot(run, signal);
		if (!root.ok) return root;
		return run.batch.endFolder(folder.id, run.number, [], [note], signal);
	}
	if (listed.value === null) return ok(null);
	const { unseen, skipped, isEmpty } = listed.value;
	if (isRoot && isEmpty && unseen.size > 0 && !run.acceptEmpty)
		return err({ type: 'FolderSuddenlyEmpty', entries: run.entriesAtStart });
	return run.batch.endFolder(folder.id, run.number, [...unseen.values()], skipped, signal);
}

/** Lists what is pending, several directories at a time, until nothing is left or one stops the run. */
async function indexPending(
	run: Run,
	pending: readonly { readonly id: EntryId; readonly isNew: boolean }[],
	signal: AbortSignal
): Promise<Result<null, Stop>> {
	const queue = pending.values();
	let stop: Result<null, Stop> = ok(null);
	const worker = async () => {
		for (const folder of queue) {
			signal.throwIfAborted();
			const done = await indexFolder(run, folder, signal);
			if (!done.ok) stop = done;
			if (!stop.ok) return;
		}
	};
	const settled = await Promise.allSettled(Array.from({ length: listingsMax }, worker));
	// Also when the run is paused: what was read so far is kept.
	const flushed = await run.batch.flush(signal);
	for (const end of settled) if (end.status === 'rejected') throw end.reason;
	return stop.ok ? flushed : stop;
}

function report(run: Run): void {
	const nowMs = run.clock.elapsedMs();
	const passedMs = nowMs - run.reportedMs;
	if (passedMs < progressEveryMs) return;
	const foldersLeft = run.database.read(() => countPending(run.database, run.location.id, run.number));
	run.onProgress({
		location: run.location.id,
		entries: run.seen,
		foldersLeft: foldersLeft.ok ? foldersLeft.value : 0,
		entriesPerSecond: Math.round(((run.seen - run.reportedSeen) * 1000) / passedMs)
	});
	run.reportedMs = nowMs;
	run.reportedSeen = run.seen;
}

async function walk(run: Run, signal: AbortSignal): Promise<Result<null, Stop>> {
	// First of all, also when a run goes on: nothing below means anything while the folder itself is away.
	const root = await indexPending(run, [{ id: run.location.entry, isNew: false }], signal);
	if (!root.ok) return root;
	for (;;) {
		signal.throwIfAborted();
		const pending = run.database.read(() => readPending(run.database, run.location.id, run.number, pendingMax));
		if (!pending.ok) return pending;
		if (pending.value.length === 0) return ok(null);
		const done = await indexPending(run, pending.value, signal);
		if (!done.ok) return done;
	}
}

function finish(run: Run): Result<IndexOutcome, StorageFailure> {
	const { database, location, clock, batch } = run;
	const counted = database.write(() => {
		run.writeEnd(location.id, clock.nowMs());
		return { entries: countBelow(database, location.entry), problems: countProblems(database, location.id) };
	});
	if (!counted.ok) return counted;
	return ok({ ...batch.totals(), ...counted.value, durationMs: Math.round(clock.elapsedMs() - run.startedMs) });
}

/**
 * Brings the index of one location into step with its folder. What is committed stays when this throws
 * (`signal` aborted) or the process dies: the next run goes on with the directories that are left.
 */
export async function runIndex(
	deps: RunDeps,
	location: Location,
	acceptEmpty: boolean,
	signal: AbortSignal
): Promise<Result<IndexOutcome, Stop>> {
	const { database, clock } = deps;
	const begun = database.write(() => ({
		number: deps.writeBegin(location.id),
		entriesAtStart: countBelow(database, location.entry)
	}));
	if (!begun.ok) return begun;
	const located = await deps.locate(location.id, signal);
	if (!located.ok) return located;
	const startedMs = clock.elapsedMs();
	const run: Run = {
		...deps,
		...begun.value,
		location: located.value,
		batch: createBatch(deps, location.id),
		acceptEmpty,
		startedMs,
		seen: 0,
		reportedMs: startedMs,
		reportedSeen: 0
	};
	const walked = await walk(run, signal);
	return walked.ok ? finish(run) : walked;
}
