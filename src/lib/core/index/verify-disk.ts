import { createIdentityReader, readContent, type FileEntry, type IdentityReader } from '#core/content';
import { entryId, err, ok, type EntryId, type LocationId, type Result } from '#core/kernel';
import type { ClockPort, ComputePort, DiskEntry, FilesFailure, FilesPort } from '#core/ports';
import { createJudges, createRulebook, readNoted, type Judges, type Rulebook } from '#core/rules';
import type { Database, StorageFailure } from '#core/schema';
import type { Location } from '#core/volumes';
import { comparePage, type KnownChild } from './compare-folder.ts';
import { ReportMaker, type DiskReport, type VerifyProgress } from './disk-report.ts';
import { readFileEntry } from './file-contents.ts';
import { listAllowed } from './list-allowed.ts';
import { toSkipped, type Stop } from './index-folder.ts';
import { readEntry } from './read-entries.ts';
import type { EntryFailure } from './schema.ts';
import { readChildren, readDamaged, readLocationOf, readPath } from './store.ts';

/** Directories listed at the same time, as in an index run; each reads one file at a time. */
const listingsMax = 8;
const progressEveryMs = 250;

export type VerifyDeps = {
	readonly database: Database;
	readonly files: FilesPort;
	readonly clock: ClockPort;
	readonly compute: ComputePort;
	readonly locate: (location: LocationId, signal: AbortSignal) => Promise<Result<Location, Stop>>;
	/** Counts what has moved or is ruled otherwise. */
	readonly movements: { readonly count: number };
};
export type VerifyFailure = Stop | EntryFailure;

type Folder = { readonly id: EntryId; readonly path: readonly string[] };
/** What both sides say the same of. */
type Agreed = { readonly id: EntryId; readonly entry: DiskEntry };

type Verification = VerifyDeps & {
	readonly location: Location;
	/** The first folder. */
	readonly start: Folder;
	/** Only this child of the first folder, or all of them. */
	readonly only: string | null;
	/** Files that an earlier look has found damaged. */
	readonly damaged: ReadonlySet<EntryId>;
	readonly rulebook: Rulebook;
	readonly judges: Judges;
	readonly report: ReportMaker;
	readonly onProgress: (progress: VerifyProgress) => void;
	reportedMs: number;
};

function tell(verification: Verification): void {
	const { clock, location, report, onProgress } = verification;
	const nowMs = clock.elapsedMs();
	if (nowMs - verification.reportedMs < progressEveryMs) return;
	verification.reportedMs = nowMs;
	onProgress({ location: location.id, compared: report.compared, filesRead: report.filesRead });
}

/** Whether the bytes of a file that is as it was are those that the library knows; what cannot be read is noted. */
async function compareBytes(
	verification: Verification,
	folder: Folder,
	{ id, entry }: Agreed,
	read: IdentityReader,
	signal: AbortSignal
): Promise<Result<null, StorageFailure>> {
	const { database, location, report } = verification;
	const known = database.read((): { file: FileEntry; identity: Uint8Array } | null => {
		const file = readFileEntry(database, id);
		const content = file === null || file.content === null ? null : readContent(database, file.content);
		return file === null || content === null ? null : { file, identity: content.identity };
	});
	if (!known.ok) return known;
	if (known.value === null) return ok(null);
	const { file, identity } = known.value;
	const path = [...folder.path, entry.name];
	const found = await read({ file, root: location.root, path }, signal);
	if (!found.ok) report.unread(path, 'file', found.failure.unread);
	else {
		report.filesRead++;
		if (found.value.identity.some((byte, at) => byte !== identity[at])) report.different(folder.path, entry.name, id);
	}
	tell(verification);
	return ok(null);
}

/** Compares one page, and gives what both sides say the same of. */
function compareEntries(
	{ report }: Verification,
	folder: Folder,
	known: ReadonlyMap<string, KnownChild>,
	unseen: Map<string, KnownChild>,
	seen: Set<string>,
	page: readonly DiskEntry[]
): Agreed[] {
	const { added, changed, replaced } = comparePage(unseen, seen, page);
	for (const { name, kind } of added) report.listing('unindexed', folder.path, name, kind);
	for (const { entry } of [...changed, ...replaced]) report.listing('stale', folder.path, entry.name, entry.kind);
	const other = new Set([...added, ...replaced.map(({ entry }) => entry)].map(({ name }) => name));
	const stale = new Set(changed.map(({ entry }) => entry.name));
	return page.flatMap((entry) => {
		const child = known.get(entry.name);
		// A folder of another time is still the same folder, with its own children to compare.
		const isSame =
			child !== undefined && !other.has(entry.name) && (entry.kind === 'directory' || !stale.has(entry.name));
		return isSame ? [{ id: entryId(child.id), entry }] : [];
	});
}

type Listed = { readonly agreed: readonly Agreed[]; readonly isEmpty: boolean; readonly unseen: number };

async function compareFolder(
	verification: Verification,
	folder: Folder,
	signal: AbortSignal
): Promise<Result<Listed, StorageFailure | FilesFailure>> {
	const { database, location, report, only } = verification;
	const isTop = folder.path.length === 0;
	const held = database.read(() => ({
		children: readChildren(database, folder.id),
		rules: verification.rulebook(folder.id, folder.path),
		noted: readNoted(database, folder.id)
	}));
	if (!held.ok) return held;
	const { children, rules, noted } = held.value;
	const wanted = (name: string) => only === null || name === only;
	const known = new Map([...children].filter(([name]) => wanted(name)));
	report.compared += known.size;
	const unseen = new Map(known);
	const seen = new Set<string>();
	const agreed: Agreed[] = [];
	let there = 0;
	const listing = listAllowed({ ...verification, root: location.root }, rules, noted.ignoreFile, signal);
	for await (const page of listing.pages) {
		if (!page.ok) return page;
		const { entries: allowed, leftOut } = page.value;
		there += allowed.length + leftOut.length + page.value.skipped.length;
		for (const { name, reason, code } of page.value.skipped) {
			// What is there and could not be read has not vanished.
			const child = unseen.get(name);
			unseen.delete(name);
			if (wanted(name)) report.unread([...folder.path, name], child?.kind ?? 'other', { reason, code });
		}
		// What a rule leaves out and the index still has waits for its run, which tells: it is there, and no deletion.
		for (const { entry } of leftOut)
			if (unseen.delete(entry.name) && wanted(entry.name)) report.listing('stale', folder.path, entry.name, entry.kind);
		const entries = allowed.filter(({ name }) => wanted(name));
		agreed.push(...compareEntries(verification, folder, known, unseen, seen, entries));
		tell(verification);
	}
	const isEmpty = isTop && there === 0;
	if (!isEmpty) for (const [name, { kind }] of unseen) report.listing('missing', folder.path, name, kind);
	return ok({ agreed, isEmpty, unseen: unseen.size });
}

/** Why a folder could not be listed: noted, unless the whole location is away. */
async function noteUnlisted(
	{ files, location, start, report }: Verification,
	{ id, path }: Folder,
	failure: FilesFailure,
	signal: AbortSignal
): Promise<Result<readonly Folder[], Stop>> {
	const why = path.length === 0 ? null : toSkipped(failure);
	if (why === null) return err(failure);
	const root = await files.rootName(location.root, signal);
	if (!root.ok) return root;
	const isGone = id === start.id && why.reason === 'vanished';
	if (isGone) report.listing('missing', path.slice(0, -1), path.at(-1) ?? '', 'directory');
	else report.unread(path, 'directory', why);
	return ok([]);
}

function isStorageFailure(failure: StorageFailure | FilesFailure): failure is StorageFailure {
	return !failure.type.startsWith('Folder') && failure.type !== 'NotAFolder';
}

/** Compares one folder with what lies in it, and gives the folders below to go on with. */
async function verifyFolder(
	verification: Verification,
	folder: Folder,
	read: IdentityReader | null,
	signal: AbortSignal
): Promise<Result<readonly Folder[], Stop>> {
	const { damaged, report } = verification;
	const compared = await compareFolder(verification, folder, signal);
	if (!compared.ok)
		return isStorageFailure(compared.failure)
			? err(compared.failure)
			: noteUnlisted(verification, folder, compared.failure, signal);
	const { agreed, isEmpty, unseen } = compared.value;
	// An unplugged disk looks so.
	if (isEmpty && unseen > 0) return err({ type: 'FolderSuddenlyEmpty', entries: unseen });
	for (const one of agreed) {
		if (one.entry.kind !== 'file') continue;
		signal.throwIfAborted();
		if (damaged.has(one.id)) report.different(folder.path, one.entry.name, one.id);
		else if (read !== null) {
			const looked = await compareBytes(verification, folder, one, read, signal);
			if (!looked.ok) return looked;
		}
	}
	const directories = agreed.filter(({ entry }) => entry.kind === 'directory');
	return ok(directories.map(({ id, entry }) => ({ id, path: [...folder.path, entry.name] })));
}

/** Where a comparison of `entry` begins: at the folder itself, or with one child of the folder that holds it. */
function readStart(
	database: Database,
	entry: EntryId
): { readonly folder: Folder; readonly only: string | null } | null {
	const row = readEntry(database, entry);
	if (row === null) return null;
	const id = row.kind === 'directory' || row.parent === null ? row.id : row.parent;
	return { folder: { id, path: readPath(database, id) }, only: id === row.id ? null : row.name };
}

/**
 * Compares what the index has at `entry` and below with the disk, and changes nothing on either side. With `content`
 * it reads up to 100 KiB of every file whose content is known. Rejects with the reason of an aborted signal.
 */
export async function verifyDisk(
	deps: VerifyDeps,
	{ entry, content }: { readonly entry: EntryId; readonly content: boolean },
	onProgress: (progress: VerifyProgress) => void,
	signal: AbortSignal
): Promise<Result<DiskReport, VerifyFailure>> {
	const { database, clock, compute } = deps;
	const begun = database.read(() => {
		const start = readStart(database, entry);
		const location = start === null ? null : readLocationOf(database, start.folder.id);
		return start === null || location === null ? null : { ...start, location, damaged: readDamaged(database) };
	});
	if (!begun.ok) return begun;
	if (begun.value === null) return err({ type: 'EntryMissing' });
	const { folder, only, damaged } = begun.value;
	const location = await deps.locate(begun.value.location, signal);
	if (!location.ok) return location;
	const report = new ReportMaker();
	const verification: Verification = {
		...deps,
		location: location.value,
		start: folder,
		only,
		damaged,
		rulebook: createRulebook(database, location.value, deps.movements),
		judges: createJudges(),
		report,
		onProgress,
		reportedMs: clock.elapsedMs()
	};
	const hasher = content ? await compute.blake3() : null;
	const readers = Array.from({ length: listingsMax }, () => hasher && createIdentityReader(deps, hasher));
	let stop: Result<null, Stop> = ok(null);
	for (let level: readonly Folder[] = [folder]; level.length > 0 && stop.ok;) {
		const queue = level.values();
		const next: Folder[] = [];
		const work = async (read: IdentityReader | null) => {
			for (const one of queue) {
				signal.throwIfAborted();
				const below = await verifyFolder(verification, one, read, signal);
				if (!below.ok) stop = below;
				if (!stop.ok || !below.ok) return;
				if (only === null) next.push(...below.value);
			}
		};
		const settled = await Promise.allSettled(readers.map(work));
		for (const end of settled) if (end.status === 'rejected') throw end.reason;
		level = next;
	}
	return stop.ok ? ok(report.make(location.value.id)) : stop;
}
