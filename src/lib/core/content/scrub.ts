import { err, ok, type EntryId, type Result } from '#core/kernel';
import type { Blake3, ClockPort, FileFailure, OpenFile } from '#core/ports';
import type { Database, StorageFailure } from '#core/schema';
import type { Location, LocationProblem } from '#core/volumes';
import type { IdentifyDeps } from './identify.ts';
import { writeProven } from './prove.ts';
import { pieceBytes, readInput, readSteady, type FilePlace } from './read-identity.ts';
import { inputBytesMax } from './identity.ts';
import type { FileEntry, Unread } from './schema.ts';
import { readContent } from './store.ts';

/** Files taken from the table at once. */
const pendingMax = 500;
/** A batch ends after so many files or so long, whichever comes first: what a kill has read again. */
const batchFilesMax = 200;
const batchMsMax = 2_000;

/** Counts of a scrub, its earlier tries included. */
export type ScrubOutcome = {
	/** Files of which every byte was read and is as the library knows it, or was not known before. */
	readonly whole: number;
	/** Files of other bytes than the library knows, though size and time are the same. */
	readonly damaged: number;
	readonly unread: number;
	readonly bytesRead: number;
};

/** Where a scrub goes on: after the file with this number. */
export type ScrubPoint = ScrubOutcome & { readonly after: number; readonly files: number; readonly sizeBytes: number };

export type ScrubHooks = {
	/** Inside the transaction that writes what was found. */
	readonly writePoint: (point: ScrubPoint) => void;
	readonly onProgress: (point: ScrubPoint) => void;
	readonly onFound: (path: readonly string[], why: Unread | 'damaged') => void;
};

/** What every byte of a file, and the windows of its quick identity, come to. */
type Sums = { readonly identity: string; readonly proof: Uint8Array };
type Verdict = Sums | Unread;
type Seen = { readonly file: FileEntry; readonly path: readonly string[]; readonly verdict: Verdict };

type Scrub = IdentifyDeps & {
	readonly location: Location;
	readonly hooks: ScrubHooks;
	/** Free between two files. */
	readonly hasher: Blake3;
	readonly input: Uint8Array;
};

/** Waits as long as the work since `sinceMs` took, so that a disk is never kept busy for more than half of the time. */
async function rest(clock: ClockPort, sinceMs: number, signal: AbortSignal): Promise<void> {
	await clock.wait(clock.elapsedMs() - sinceMs, signal);
	signal.throwIfAborted();
}

/** The BLAKE3 of all bytes, read slowly. */
async function hashAll(
	{ clock, hasher }: Scrub,
	opened: OpenFile,
	signal: AbortSignal
): Promise<Result<Uint8Array, FileFailure>> {
	const piece = new Uint8Array(Math.min(pieceBytes, opened.sizeBytes));
	for (let offset = 0; offset < opened.sizeBytes; offset += piece.length) {
		const sinceMs = clock.elapsedMs();
		const part = piece.subarray(0, Math.min(piece.length, opened.sizeBytes - offset));
		const read = await opened.read(offset, part, signal);
		if (!read.ok) return read;
		if (read.value < part.length) return err({ type: 'FileUnreadable', code: 'ShortRead', retry: 'soon' });
		hasher.update(part);
		await rest(clock, sinceMs, signal);
	}
	return ok(hasher.digest());
}

async function readSums(scrub: Scrub, place: FilePlace, signal: AbortSignal): Promise<Verdict> {
	const { hasher, input } = scrub;
	const work = async (opened: OpenFile): Promise<Result<Sums, FileFailure>> => {
		const filled = await readInput(opened, input, signal);
		if (!filled.ok) return filled;
		hasher.update(filled.value);
		const identity = String(hasher.digest());
		const proof = await hashAll(scrub, opened, signal);
		if (proof.ok) return ok({ identity, proof: proof.value });
		// What it was given of a file that could not be read on is no part of the next.
		hasher.digest();
		return proof;
	};
	const read = await readSteady(scrub, place, work, signal);
	return read.ok ? read.value : read.failure.unread;
}

/** Writes what was found of a file that is as it was; whether it is damaged, or null where it is another by now. */
function writeVerdict(scrub: Scrub, file: FileEntry, { identity, proof }: Sums): boolean | null {
	const { database, entries } = scrub;
	const now = entries.readFile(file.id);
	const isSame = now?.sizeBytes === file.sizeBytes && now.modifiedMs === file.modifiedMs && now.inode === file.inode;
	const content = now?.content == null ? null : readContent(database, now.content);
	if (now == null || content === null || now.content !== file.content || !isSame) return null;
	const isProof = content.proof?.every((byte, at) => byte === proof[at]) ?? true;
	// What was never read to the end may be another file than the copies that were.
	const isBound = now.proven || now.damaged;
	if (String(content.identity) !== identity || (isBound && !isProof)) {
		entries.writeDamaged(now.id);
		return true;
	}
	writeProven(scrub, file, proof);
	return false;
}

/** Makes a batch durable, with the place to go on from. */
function flush(scrub: Scrub, point: ScrubPoint, seen: readonly Seen[]): Result<ScrubPoint, StorageFailure> {
	const { database, hooks, location, onChange } = scrub;
	const last = seen.at(-1);
	if (last === undefined) return ok(point);
	const written = database.write(() => {
		const next = { ...point, after: last.file.id, files: point.files + seen.length };
		const found: (readonly [readonly string[], Unread | 'damaged'])[] = [];
		for (const { file, path, verdict } of seen) {
			next.sizeBytes += file.sizeBytes;
			const isDamaged = 'reason' in verdict ? null : writeVerdict(scrub, file, verdict);
			if (!('reason' in verdict)) next.bytesRead += file.sizeBytes;
			if (isDamaged === false) next.whole++;
			else if (isDamaged === true) next.damaged++;
			else next.unread++;
			if (isDamaged === true) found.push([[location.name, ...path], 'damaged']);
			if ('reason' in verdict) found.push([[location.name, ...path], verdict]);
		}
		hooks.writePoint(next);
		return { next, found };
	});
	if (!written.ok) return written;
	for (const [path, why] of written.value.found) hooks.onFound(path, why);
	onChange([...new Set<EntryId>(seen.map(({ file }) => file.folder))]);
	return ok(written.value.next);
}

function readPlaces(database: Database, { entries, location }: Scrub, after: number) {
	return database.read(() => {
		const pathOf = entries.pathReader();
		return entries.readKnown(location.id, after, pendingMax).map((file) => ({ file, path: pathOf(file.folder) }));
	});
}

/**
 * Reads every byte of every file of `location` whose content is known, slowly, and says which are not what the library
 * knows: other bytes under the same size and time are damage, as whatever writes a file on purpose changes its time.
 * Those are marked, and count as a copy of nothing from then on. A file that nobody had read to the end is proven by
 * it. Goes on after `from`, which each batch writes anew. Rejects with the reason of an aborted signal.
 */
export async function scrubLocation(
	deps: IdentifyDeps,
	location: Location,
	from: ScrubPoint,
	hooks: ScrubHooks,
	signal: AbortSignal
): Promise<Result<ScrubOutcome, StorageFailure | LocationProblem>> {
	const { database, clock, files } = deps;
	const hasher = await deps.compute.blake3();
	const scrub: Scrub = { ...deps, location, hooks, hasher, input: new Uint8Array(inputBytesMax) };
	let point = from;
	for (;;) {
		const pending = readPlaces(database, scrub, point.after);
		if (!pending.ok) return pending;
		if (pending.value.length === 0) break;
		let seen: Seen[] = [];
		let sinceMs = clock.elapsedMs();
		for (const [at, { file, path: folder }] of pending.value.entries()) {
			signal.throwIfAborted();
			const path = [...folder, file.name];
			const verdict = await readSums(scrub, { file, root: location.root, path }, signal);
			if ('reason' in verdict && verdict.reason !== 'changing') {
				// One file is away, or the whole disk: of that nothing is said.
				const root = await files.rootName(location.root, signal);
				if (!root.ok) return root;
			}
			seen.push({ file, path, verdict });
			const isDue = seen.length >= batchFilesMax || clock.elapsedMs() - sinceMs >= batchMsMax;
			if (!isDue && at + 1 < pending.value.length) continue;
			const flushed = flush(scrub, point, seen);
			if (!flushed.ok) return flushed;
			point = flushed.value;
			hooks.onProgress(point);
			await clock.wait(0, signal);
			[seen, sinceMs] = [[], clock.elapsedMs()];
		}
	}
	const { whole, damaged, unread, bytesRead } = point;
	return ok({ whole, damaged, unread, bytesRead });
}
