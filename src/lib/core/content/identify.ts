import { ok, type EntryId, type LocationId, type Result } from '#core/kernel';
import type { ComputePort, FilesFailure } from '#core/ports';
import type { Database, StorageFailure } from '#core/schema';
import type { Location } from '#core/volumes';
import type { FilePlace, Identified, ReadDeps } from './read-identity.ts';
import { createReaderBeside, createReaderHere, type IdentitiesReader } from './read-identities.ts';
import { wholeBytesMax, windowBytes } from './identity.ts';
import type { ContentProgress, FileEntries, FileEntry, IdentifyOutcome, LookHooks, Unread } from './schema.ts';
import { findOrInsert } from './store.ts';

/** Files taken from the table at once. */
const pendingMax = 3_000;
/** Fewer files are read sooner than threads for them are started. */
const besideFilesMin = 500;
/** A batch ends after so many files or so long, whichever comes first: what a kill may lose. */
const batchFilesMax = 3_000;
const batchMsMax = 1_000;
const progressEveryMs = 250;
/** Index rows counted in one go, some 10 ms, so that nobody waits for a number. */
const countedMax = 20_000;

export type IdentifyDeps = ReadDeps & {
	readonly database: Database;
	readonly compute: ComputePort;
	readonly entries: FileEntries;
	readonly onChange: (folders: readonly EntryId[]) => void;
};

type Seen = {
	readonly file: FileEntry;
	readonly path: readonly string[];
	readonly result: Identified | Unread;
};

/** What ends a look before its end. */
type Stop = StorageFailure | FilesFailure;

type Left = { readonly files: number; readonly bytes: number };

type Look = IdentifyDeps & {
	readonly location: Location;
	readonly hooks: LookHooks;
	seen: Seen[];
	filesSeen: number;
	problems: number;
	bytesRead: number;
	left: Left;
	batchMs: number;
	reportedMs: number;
	reportedFiles: number;
	filesPerSecond: number;
};

type CountDeps = Pick<IdentifyDeps, 'database' | 'clock' | 'entries'>;

/** What there is to read of a location; ends early where `isEnough`. */
async function countLeft(
	{ database, clock, entries }: CountDeps,
	location: LocationId,
	isEnough: (untried: number) => boolean,
	signal: AbortSignal
): Promise<Result<Left & { readonly untried: number }, StorageFailure>> {
	const left = { files: 0, untried: 0, bytes: 0 };
	for (let after: number | null = 0; after !== null && !isEnough(left.untried);) {
		const from: number = after;
		const limits = { wholeBytesMax, windowBytes };
		const part = database.read(() => entries.countUnidentified(location, from, countedMax, limits));
		if (!part.ok) return part;
		left.files += part.value.files;
		left.untried += part.value.untried;
		left.bytes += part.value.bytes;
		after = part.value.last;
		await clock.wait(0, signal);
		signal.throwIfAborted();
	}
	return ok(left);
}

/** Whether a location has files that nobody has tried to read since they were listed. */
export async function hasUntried(
	deps: CountDeps,
	location: LocationId,
	signal: AbortSignal
): Promise<Result<boolean, StorageFailure>> {
	const left = await countLeft(deps, location, (untried) => untried > 0, signal);
	return left.ok ? ok(left.value.untried > 0) : left;
}

function compareIdentities({ result: a }: Seen, { result: b }: Seen): number {
	if ('reason' in a || 'reason' in b) return 0;
	for (let at = 0; at < a.identity.length; at++) {
		const difference = (a.identity[at] ?? 0) - (b.identity[at] ?? 0);
		if (difference !== 0) return difference;
	}
	return 0;
}

/** Writes what was seen of files, but of those in whose place an index run has found others meanwhile. */
function apply({ database, entries }: Look, seen: readonly Seen[]): void {
	const read: FileEntry[] = [];
	for (const { file, result } of seen) {
		if ('reason' in result) entries.writeProblem(file, result);
		else {
			entries.linkContent(file, findOrInsert(database, result.identity, file.sizeBytes, result.found));
			read.push(file);
		}
	}
	entries.clearProblems(read);
}

/**
 * Makes what was seen durable. Whether files are missing or their whole disk is, is asked once for a batch: then
 * nothing is noted of them, and the answer is why, as there is nothing more to be seen.
 */
async function flush(look: Look, signal: AbortSignal): Promise<Result<null, Stop>> {
	const { database, clock, files, location } = look;
	const seen = look.seen;
	look.seen = [];
	look.batchMs = clock.elapsedMs();
	if (seen.length === 0) return ok(null);
	const hasProblems = seen.some(({ result }) => 'reason' in result);
	const root = hasProblems && !signal.aborted ? await files.rootName(location.root, signal) : ok('');
	const due = root.ok ? seen : seen.filter(({ result }) => !('reason' in result));
	// In the order of the index on identities, so that a batch touches each of its pages once.
	const ordered = due.toSorted(compareIdentities);
	look.hooks.onProgress(progressOf(look));
	const written = database.write(() => {
		apply(look, ordered);
		look.hooks.onBatch();
	});
	if (!written.ok) return written;
	for (const { path, result } of due) {
		if (!('reason' in result)) continue;
		look.problems++;
		look.hooks.onUnread(path, result);
	}
	look.onChange([...new Set(due.map(({ file }) => file.folder))]);
	await clock.wait(0, signal);
	return root.ok ? ok(null) : root;
}

function progressOf({ location, filesSeen: files, bytesRead, left, filesPerSecond }: Look): ContentProgress {
	const filesLeft = Math.max(0, left.files - files);
	return {
		location: location.id,
		files,
		filesLeft,
		bytesRead,
		// What could not be read is not left either.
		bytesLeft: filesLeft === 0 ? 0 : Math.max(0, left.bytes - bytesRead),
		filesPerSecond
	};
}

function report(look: Look): void {
	const nowMs = look.clock.elapsedMs();
	const passedMs = nowMs - look.reportedMs;
	if (passedMs < progressEveryMs) return;
	look.filesPerSecond = Math.round(((look.filesSeen - look.reportedFiles) * 1000) / passedMs);
	look.hooks.onProgress(progressOf(look));
	look.reportedMs = nowMs;
	look.reportedFiles = look.filesSeen;
}

function placesOf(look: Look, pending: readonly FileEntry[]): FilePlace[] {
	const pathOf = look.entries.pathReader();
	return pending
		.filter(({ location }) => location === look.location.id)
		.map((file) => ({ file, root: look.location.root, path: [...pathOf(file.folder), file.name] }));
}

/** Gives the files that are to be looked at, some at a time; an empty list is the end. */
function pendingLists(look: Look, listMax: number): () => Result<readonly FilePlace[], StorageFailure> {
	let window: readonly FilePlace[] = [];
	let [at, after, isLast] = [0, 0, false];
	return () => {
		while (at >= window.length && !isLast) {
			const pending = look.database.read(() => {
				const files = look.entries.readUnidentified(after, pendingMax);
				return { last: files.at(-1)?.id ?? null, places: placesOf(look, files) };
			});
			if (!pending.ok) return pending;
			[window, at, after, isLast] = [pending.value.places, 0, pending.value.last ?? after, pending.value.last === null];
		}
		const list = window.slice(at, at + listMax);
		at += list.length;
		return ok(list);
	};
}

async function takeIn(
	look: Look,
	places: readonly FilePlace[],
	results: readonly (Identified | Unread)[],
	signal: AbortSignal
): Promise<Result<null, Stop>> {
	for (const [n, result] of results.entries()) {
		const place = places[n];
		if (place === undefined) continue;
		look.seen.push({ file: place.file, path: place.path, result });
		look.filesSeen++;
		look.bytesRead += 'reason' in result ? 0 : result.bytesRead;
	}
	report(look);
	const isDue = look.seen.length >= batchFilesMax || look.clock.elapsedMs() - look.batchMs >= batchMsMax;
	return isDue ? flush(look, signal) : ok(null);
}

/** Looks at everything that is left, several lists at a time, until the disk is gone. */
async function lookAtAll(look: Look, reader: IdentitiesReader, signal: AbortSignal): Promise<Result<null, Stop>> {
	const next = pendingLists(look, reader.filesAtOnce);
	let end: Result<null, Stop> = ok(null);
	const work = async () => {
		while (end.ok) {
			signal.throwIfAborted();
			const places = next();
			if (!places.ok) end = places;
			if (!places.ok || places.value.length === 0) return;
			const results = await reader.read(places.value, signal);
			const taken = await takeIn(look, places.value, results, signal);
			if (!taken.ok) end = taken;
		}
	};
	const settled = await Promise.allSettled(Array.from({ length: reader.lanes }, work));
	await reader.close();
	// Also when it is paused: what was seen so far is kept.
	const flushed = end.ok ? await flush(look, signal) : end;
	for (const one of settled) if (one.status === 'rejected') throw one.reason;
	return flushed;
}

/** Beside this thread where the host can and there is enough to do. */
async function createReader(look: Look, signal: AbortSignal): Promise<IdentitiesReader> {
	const { files, left, location } = look;
	if (files.createHasher === null || left.files < besideFilesMin) return createReaderHere(look);
	return createReaderBeside(look, files.createHasher(location.root, signal));
}

/**
 * Finds out what each file of `location` is whose content is not known yet. Each batch is one transaction, and what
 * is done is the rows themselves: after a pause (`signal` aborted, this throws) or a kill it goes on with what is
 * left. A file that cannot be read or changes meanwhile keeps a note and is tried again the next time; where the
 * whole folder is away, nothing is noted and the failure says so.
 */
export async function identify(
	deps: IdentifyDeps,
	location: Location,
	hooks: LookHooks,
	signal: AbortSignal
): Promise<Result<IdentifyOutcome, Stop>> {
	const startedMs = deps.clock.elapsedMs();
	const left = await countLeft(deps, location.id, () => false, signal);
	if (!left.ok) return left;
	const counters = { seen: [], filesSeen: 0, problems: 0, bytesRead: 0, reportedFiles: 0, filesPerSecond: 0 };
	const times = { batchMs: deps.clock.elapsedMs(), reportedMs: startedMs };
	const look: Look = { ...deps, ...counters, ...times, location, hooks, left: left.value };
	hooks.onProgress(progressOf(look));
	if (left.value.files > 0) {
		const looked = await lookAtAll(look, await createReader(look, signal), signal);
		if (!looked.ok) return looked;
	}
	const { filesSeen: files, bytesRead, problems } = look;
	return ok({ files, bytesRead, problems, durationMs: Math.round(deps.clock.elapsedMs() - startedMs) });
}
