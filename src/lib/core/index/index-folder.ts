import { err, ok, type EntryId, type LocationId, type Result } from '#core/kernel';
import type { ClockPort, ComputePort, FilesFailure, FilesPort, RootRef, SkippedName } from '#core/ports';
import { readNoted, type FolderRules, type Judges, type Noted, type Rulebook } from '#core/rules';
import type { Database, StorageFailure } from '#core/schema';
import type { LastRun, Location, LocationFailure, LocationProblem } from '#core/volumes';
import type { Batch, Listed } from './batch.ts';
import type { Movements } from './change-entries.ts';
import { comparePage, type KnownChild, type PageChanges } from './compare-folder.ts';
import { findMoves, type Move } from './find-moves.ts';
import type { LateInodes } from './late-inodes.ts';
import { listAllowed } from './list-allowed.ts';
import { isDisplaced } from './missing.ts';
import type { IndexProgress } from './schema.ts';
import { countPending, hasDirectory, readChildren, readPath } from './store.ts';
import type { NameSink } from './tree.ts';
import type { Walks } from './walks.ts';
import { createCounts, type Ruled } from './write-ruled.ts';

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
	/** Counts what has moved or is ruled otherwise, in whichever run: paths read before may lead elsewhere. */
	readonly movements: Movements;
	/** The runs of other locations, which may be about to find what this one misses. */
	readonly walks: Walks;
	readonly rootOf: (location: LocationId) => RootRef | null;
	/** Entries that an action is taking elsewhere: what it says of them is waited for. Inside `write`. */
	readonly readMoving: () => ReadonlySet<EntryId>;
	/** The run that was begun last, and whether it has come to its end. Inside `read` or `write`. */
	readonly readRun: (location: LocationId) => LastRun | null;
	/** Begins or goes on with a run; ends it. Both inside a transaction. */
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
	/** Entries with higher numbers have come since this run began. */
	readonly newestAtStart: number;
	/** Whether something that turns up may have been elsewhere before. */
	readonly mayMove: boolean;
	readonly claimed: Set<EntryId>;
	readonly rulebook: Rulebook;
	readonly judges: Judges;
	readonly inodes: LateInodes;
	seen: number;
	/** Children in the index of the directories that are being listed. */
	held: number;
	reportedMs: number;
	reportedSeen: number;
};

/** A directory that is to be listed, where it was when it was due, and whether the index has anything in it or notes of it. */
export type Due = Omit<Listed, 'basis'> & { readonly hasChildren: boolean; readonly isNoted: boolean };
type Known = {
	readonly listed: Listed;
	readonly unseen: Map<string, KnownChild>;
	readonly rules: FolderRules;
	readonly noted: Noted;
};

type Read = {
	readonly unseen: ReadonlyMap<string, KnownChild>;
	readonly skipped: readonly SkippedName[];
	readonly ruled: Ruled;
	readonly isEmpty: boolean;
};

const nothingNoted: Noted = { ignoreFile: null, hasLeftOut: false };

async function findPageMoves(
	run: Run,
	changes: PageChanges,
	signal: AbortSignal
): Promise<Result<readonly Move[], StorageFailure>> {
	const { location, mayMove } = run;
	return mayMove ? findMoves({ ...run, location: location.id }, changes, signal) : ok([]);
}

/**
 * What the index has of a directory as it is now, by its present path where something has moved since it was due; null
 * where this location has lost it.
 */
function readKnown(
	{ database, location, movements, rulebook }: Run,
	{ folder, path: pathDue, movements: movedWhenDue, hasChildren, isNoted }: Due
): Result<Known | null, StorageFailure> {
	const isInPlace = movedWhenDue === movements.count;
	return database.read(() => {
		if (!isInPlace && !hasDirectory(database, location.id, folder)) return null;
		const path = isInPlace ? pathDue : readPath(database, folder);
		const rules = rulebook(folder, path);
		return {
			listed: { folder, path, basis: rules.basis, movements: movements.count },
			rules,
			noted: isNoted ? readNoted(database, folder) : nothingNoted,
			unseen: hasChildren ? readChildren(database, folder) : new Map<string, KnownChild>()
		};
	});
}

/** Lists one directory and puts what differs into the batch, page by page; what a rule leaves out is as if it were not there. */
async function readFolder(
	run: Run,
	{ listed, unseen, rules, noted }: Known,
	signal: AbortSignal
): Promise<Result<Read, FilesFailure | StorageFailure>> {
	const seen = new Set<string>();
	const skipped: SkippedName[] = [];
	const leaving = new Map<string, KnownChild>();
	const counts = createCounts();
	const listing = listAllowed({ ...run, root: run.location.root }, rules, noted.ignoreFile, signal);
	for await (const page of listing.pages) {
		if (!page.ok) return page;
		skipped.push(...page.value.skipped);
		for (const { entry, rule } of page.value.leftOut) {
			counts.add(entry, rule);
			const known = unseen.get(entry.name);
			if (known === undefined) continue;
			unseen.delete(entry.name);
			leaving.set(entry.name, known);
		}
		const changes = comparePage(unseen, seen, page.value.entries);
		run.seen += page.value.entries.length;
		const moves = await findPageMoves(run, changes, signal);
		if (!moves.ok) return moves;
		const written = await run.batch.addPage(listed, changes, moves.value, signal);
		if (!written.ok) return written;
		const indexed = run.inodes.grown(run.seen);
		if (!indexed.ok) return indexed;
		report(run);
	}
	// What is there and could not be read has not vanished.
	for (const { name } of skipped) unseen.delete(name);
	const ruled = { noted, own: listing.own(), leaving, counts: counts.all() };
	const isEmpty = seen.size + skipped.length + ruled.counts.length === 0;
	return ok({ unseen, skipped, ruled, isEmpty });
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
export async function indexFolder(run: Run, due: Due, signal: AbortSignal): Promise<Result<null, Stop>> {
	const isRoot = due.folder === run.location.entry;
	const known = readKnown(run, due);
	if (!known.ok) return known;
	if (known.value === null) return ok(null);
	const { listed } = known.value;
	// Where it turns up it is read there.
	if (isDisplaced(listed.path)) return run.batch.endFolder(listed, new Map(), [], null, signal);
	const held = known.value.unseen.size;
	run.held += held;
	const read = await readFolder(run, known.value, signal).finally(() => (run.held -= held));
	if (!read.ok) {
		if (!isFilesFailure(read.failure) || isRoot) return read;
		const note = toSkipped(read.failure);
		if (note === null) return read;
		// One folder is missing, or the whole disk is gone: only the second ends the run.
		const root = await probeRoot(run, signal);
		if (!root.ok) return root;
		return run.batch.endFolder(listed, new Map(), [note], null, signal);
	}
	const { unseen, skipped, ruled, isEmpty } = read.value;
	if (isRoot && isEmpty && unseen.size > 0 && !run.acceptEmpty)
		return err({ type: 'FolderSuddenlyEmpty', entries: run.entriesAtStart });
	return run.batch.endFolder(listed, unseen, skipped, ruled, signal);
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
