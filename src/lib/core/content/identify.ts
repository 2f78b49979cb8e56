import { ok, type EntryId, type Result } from '#core/kernel';
import type { ComputePort } from '#core/ports';
import type { Database, StorageFailure } from '#core/schema';
import type { Location } from '#core/volumes';
import {
	createIdentityReader,
	type FilePlace,
	type Identified,
	type IdentityReader,
	type ReadDeps
} from './read-identity.ts';
import type { ContentProgress, FileEntries, FileEntry, IdentifyOutcome, Unread } from './schema.ts';
import { findOrInsert } from './store.ts';

/** Files taken from the table at once. */
const pendingMax = 3_000;
/** Files in flight: hides the latency of a browser's handles and of a disk that has to seek. */
const readersMax = 4;
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

type Seen = { readonly file: FileEntry; readonly result: Identified | Unread };

type Look = IdentifyDeps & {
	readonly location: Location;
	readonly onProgress: (progress: ContentProgress) => void;
	seen: Seen[];
	filesSeen: number;
	problems: number;
	bytesRead: number;
	filesLeft: number;
	batchMs: number;
	reportedMs: number;
	reportedFiles: number;
};

async function countLeft(look: Look, signal: AbortSignal): Promise<Result<number, StorageFailure>> {
	let files = 0;
	for (let after: number | null = 0; after !== null;) {
		const from: number = after;
		const part = look.database.read(() => look.entries.countUnidentified(look.location.id, from, countedMax));
		if (!part.ok) return part;
		files += part.value.files;
		after = part.value.last;
		await look.clock.wait(0, signal);
		signal.throwIfAborted();
	}
	return ok(files);
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
 * nothing is noted of them, and the answer is false, as there is nothing more to be seen.
 */
async function flush(look: Look, signal: AbortSignal): Promise<Result<boolean, StorageFailure>> {
	const { database, clock, files, location } = look;
	const seen = look.seen;
	look.seen = [];
	look.batchMs = clock.elapsedMs();
	if (seen.length === 0) return ok(true);
	const hasProblems = seen.some(({ result }) => 'reason' in result);
	const isThere = !hasProblems || signal.aborted || (await files.rootName(location.root, signal)).ok;
	const due = isThere ? seen : seen.filter(({ result }) => !('reason' in result));
	// In the order of the index on identities, so that a batch touches each of its pages once.
	const ordered = due.toSorted(compareIdentities);
	const written = database.write(() => apply(look, ordered));
	if (!written.ok) return written;
	look.problems += due.filter(({ result }) => 'reason' in result).length;
	look.onChange([...new Set(due.map(({ file }) => file.folder))]);
	await clock.wait(0, signal);
	return ok(isThere);
}

function report(look: Look): void {
	const nowMs = look.clock.elapsedMs();
	const passedMs = nowMs - look.reportedMs;
	if (passedMs < progressEveryMs) return;
	const { location, filesSeen: files, bytesRead, filesLeft } = look;
	const filesPerSecond = Math.round(((files - look.reportedFiles) * 1000) / passedMs);
	look.onProgress({
		location: location.id,
		files,
		filesLeft: Math.max(0, filesLeft - files),
		bytesRead,
		filesPerSecond
	});
	look.reportedMs = nowMs;
	look.reportedFiles = files;
}

/** Looks at all `places`, several at a time; false where the disk is gone. */
async function lookAt(
	look: Look,
	places: readonly FilePlace[],
	readers: readonly IdentityReader[],
	signal: AbortSignal
): Promise<Result<boolean, StorageFailure>> {
	const queue = places.values();
	let end: Result<boolean, StorageFailure> = ok(true);
	const work = async (read: IdentityReader) => {
		for (const place of queue) {
			signal.throwIfAborted();
			const result = await read(place, signal);
			look.seen.push({ file: place.file, result: result.ok ? result.value : result.failure.unread });
			look.filesSeen++;
			look.bytesRead += result.ok ? result.value.bytesRead : 0;
			report(look);
			const isDue = look.seen.length >= batchFilesMax || look.clock.elapsedMs() - look.batchMs >= batchMsMax;
			const flushed = isDue ? await flush(look, signal) : ok(true);
			if (!flushed.ok || !flushed.value) end = flushed;
			if (!end.ok || !end.value) return;
		}
	};
	const settled = await Promise.allSettled(readers.map(work));
	// Also when it is paused: what was seen so far is kept.
	const flushed = end.ok && end.value ? await flush(look, signal) : end;
	for (const one of settled) if (one.status === 'rejected') throw one.reason;
	return flushed;
}

function placesOf(look: Look, pending: readonly FileEntry[]): FilePlace[] {
	const pathOf = look.entries.pathReader();
	return pending
		.filter(({ location }) => location === look.location.id)
		.map((file) => ({ file, root: look.location.root, path: [...pathOf(file.folder), file.name] }));
}

/**
 * Finds out what each file of `location` is whose content is not known yet. Each batch is one transaction, and what
 * is done is the rows themselves: after a pause (`signal` aborted, this throws) or a kill it goes on with what is
 * left. A file that cannot be read or changes meanwhile keeps a note and is tried again the next time; where the
 * whole folder is away, nothing is noted.
 */
export async function identify(
	deps: IdentifyDeps,
	location: Location,
	signal: AbortSignal,
	onProgress: (progress: ContentProgress) => void
): Promise<Result<IdentifyOutcome, StorageFailure>> {
	const startedMs = deps.clock.elapsedMs();
	const counters = { seen: [], filesSeen: 0, problems: 0, bytesRead: 0, filesLeft: 0, reportedFiles: 0 };
	const look: Look = { ...deps, ...counters, location, onProgress, batchMs: startedMs, reportedMs: startedMs };
	const left = await countLeft(look, signal);
	if (!left.ok) return left;
	look.filesLeft = left.value;
	const hasher = await deps.compute.blake3();
	const readers = Array.from({ length: readersMax }, () => createIdentityReader(deps, hasher));
	for (let after = 0; left.value > 0;) {
		signal.throwIfAborted();
		const pending = deps.database.read(() => {
			const files = deps.entries.readUnidentified(after, pendingMax);
			return { last: files.at(-1)?.id ?? null, places: placesOf(look, files) };
		});
		if (!pending.ok) return pending;
		const { last, places } = pending.value;
		if (last === null) break;
		const looked = await lookAt(look, places, readers, signal);
		if (!looked.ok) return looked;
		if (!looked.value) break;
		after = last;
	}
	const { filesSeen: files, bytesRead, problems } = look;
	return ok({ files, bytesRead, problems, durationMs: Math.round(deps.clock.elapsedMs() - startedMs) });
}
