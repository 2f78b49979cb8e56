import { err, ok, type EntryId, type LocationId, type Result } from '#core/kernel';
import type { ClockPort, ComputePort, FilesFailure, FilesPort, RootRef, SkippedName } from '#core/ports';
import type { Database, StorageFailure } from '#core/schema';
import type { LastRun, Location, LocationFailure, LocationProblem } from '#core/volumes';
import type { Batch, Listed } from './batch.ts';
import { comparePage, type KnownChild, type PageChanges } from './compare-folder.ts';
import { findMoves, type Move } from './find-moves.ts';
import type { IndexProgress } from './schema.ts';
import { countPending, hasChildren, hasDirectory, readChildren, readPath } from './store.ts';
import type { NameSink } from './tree.ts';
import type { Walks } from './walks.ts';

/** Time between two reports of progress. */
const progressEveryMs = 250;

export type RunDeps = {
	readonly database: Database;
	readonly files: FilesPort;
	readonly clock: ClockPort;
	readonly compute: ComputePort;
	readonly names: NameSink;
	readonly onChange: (folders: readonly EntryId[]) => void;
	readonly onProgress: (progress: IndexProgress) => void;
	/** Begins or goes on with a run; ends it. Both inside a transaction. */
	/** Counts what has moved, in whichever run: paths read before may lead elsewhere. */
	readonly movements: { count: number };
	readonly walks: Walks;
	readonly rootOf: (location: LocationId) => RootRef | null;
	/** The run that was begun last, and whether it has come to its end. Inside `read` or `write`. */
	readonly readRun: (location: LocationId) => LastRun | null;
	readonly writeBegin: (location: LocationId) => number;
	readonly writeEnd: (location: LocationId, indexedMs: number, newestEntry: number) => void;
	/** The location with its folder where its volume is mounted now, or why what lies there must not be read. */
	readonly locate: (location: LocationId, signal: AbortSignal) => Promise<Result<Location, Stop>>;
};

/** What ends a run before its end. */
export type Stop = StorageFailure | LocationFailure | LocationProblem;

/** What one run carries along. */
export type Run = RunDeps & {
	readonly location: Location;
	readonly number: number;
	readonly batch: Batch;
	readonly acceptEmpty: boolean;
	readonly startedMs: number;
	readonly entriesAtStart: number;
	/** Entries with higher numbers have come since the last run of the location ended. */
	readonly newestEntry: number;
	/** Whether something that turns up may have been elsewhere before. */
	readonly mayMove: boolean;
	readonly claimed: Set<EntryId>;
	seen: number;
	reportedMs: number;
	reportedSeen: number;
};

type Known = { readonly listed: Listed; readonly unseen: Map<string, KnownChild> };

type Read = {
	readonly unseen: ReadonlyMap<string, KnownChild>;
	readonly skipped: readonly SkippedName[];
	readonly isEmpty: boolean;
};

async function findPageMoves(
	run: Run,
	changes: PageChanges,
	signal: AbortSignal
): Promise<Result<readonly Move[], StorageFailure>> {
	const { location, mayMove } = run;
	return mayMove ? findMoves({ ...run, location: location.id }, changes, signal) : ok([]);
}

/** What the index has of a directory; null where this location has it no more: its parent has lost it meanwhile. */
function readKnown(
	{ database, location, movements }: Run,
	folder: EntryId,
	isNew: boolean
): Result<Known | null, StorageFailure> {
	return database.read(() => {
		if (!hasDirectory(database, location.id, folder)) return null;
		// A directory cut off in its first listing may already have children.
		const isBlank = isNew && !hasChildren(database, folder);
		return {
			listed: { folder, path: readPath(database, folder), movements: movements.count },
			unseen: isBlank ? new Map<string, KnownChild>() : readChildren(database, folder)
		};
	});
}

/** Lists one directory and puts what differs into the batch, page by page. */
async function readFolder(
	run: Run,
	{ listed, unseen }: Known,
	signal: AbortSignal
): Promise<Result<Read, FilesFailure | StorageFailure>> {
	const seen = new Set<string>();
	const skipped: SkippedName[] = [];
	for await (const page of run.files.list(run.location.root, listed.path, signal)) {
		if (!page.ok) return page;
		skipped.push(...page.value.skipped);
		const changes = comparePage(unseen, seen, page.value.entries);
		run.seen += page.value.entries.length;
		const moves = await findPageMoves(run, changes, signal);
		if (!moves.ok) return moves;
		const written = await run.batch.addPage(listed, changes, moves.value, signal);
		if (!written.ok) return written;
		report(run);
	}
	// What is there and could not be read has not vanished.
	for (const { name } of skipped) unseen.delete(name);
	return ok({ unseen, skipped, isEmpty: seen.size + skipped.length === 0 });
}

/** Whether a directory other than the location's own may be passed over with a note. */
export function toSkipped(failure: FilesFailure): SkippedName | null {
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

/** Brings the index of one directory into step with the disk; what lies below it is left to the run. */
export async function indexFolder(
	run: Run,
	folder: { readonly id: EntryId; readonly isNew: boolean },
	signal: AbortSignal
): Promise<Result<null, Stop>> {
	const isRoot = folder.id === run.location.entry;
	const known = readKnown(run, folder.id, folder.isNew);
	if (!known.ok) return known;
	if (known.value === null) return ok(null);
	const { listed } = known.value;
	const read = await readFolder(run, known.value, signal);
	if (!read.ok) {
		if (!isFilesFailure(read.failure) || isRoot) return read;
		const note = toSkipped(read.failure);
		if (note === null) return read;
		// One folder is missing, or the whole disk is gone: only the second ends the run.
		const root = await probeRoot(run, signal);
		if (!root.ok) return root;
		return run.batch.endFolder(listed, new Map(), [note], signal);
	}
	const { unseen, skipped, isEmpty } = read.value;
	if (isRoot && isEmpty && unseen.size > 0 && !run.acceptEmpty)
		return err({ type: 'FolderSuddenlyEmpty', entries: run.entriesAtStart });
	return run.batch.endFolder(listed, unseen, skipped, signal);
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
