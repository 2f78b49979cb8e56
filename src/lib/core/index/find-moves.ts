import { ok, entryId, locationId, type EntryId, type LocationId, type Result } from '#core/kernel';
import type { DiskEntry, FilesPort, RootRef } from '#core/ports';
import type { Database, StorageFailure } from '#core/schema';
import type { PageChanges } from './compare-folder.ts';
import { readEntry } from './read-entries.ts';
import type { EntryRow } from './schema.ts';
import { readPath } from './store.ts';

/** An entry of the index that a page names in another place. */
export type Move = {
	readonly id: EntryId;
	/** The folder that has lost it. */
	readonly from: EntryId;
	readonly entry: DiskEntry;
};

type Deps = {
	readonly database: Database;
	readonly files: FilesPort;
	readonly location: LocationId;
	readonly rootOf: (location: LocationId) => RootRef | null;
	/** Entries that a page of this run has claimed: no two places get the same one. */
	readonly claimed: Set<EntryId>;
};

type Candidate = { readonly id: EntryId; readonly from: EntryId; readonly in: LocationId; readonly path: string[] };
type Suspect = { readonly entry: DiskEntry; readonly candidates: readonly Candidate[] };

/** Numbers of inodes come back: what has changed since it was last seen is believed to be another thing. */
function isLike(row: EntryRow, entry: DiskEntry): boolean {
	const sameSize = entry.kind === 'directory' || row.sizeBytes === entry.sizeBytes;
	const modifiedMs = entry.modifiedMs === null ? null : Math.trunc(entry.modifiedMs);
	return row.kind === entry.kind && sameSize && row.modifiedMs === modifiedMs;
}

/** Entries that were what `entry` is now, those of the same location first. */
function readCandidates({ database, location, claimed }: Deps, entry: DiskEntry): Candidate[] {
	const rows = database
		.prepare(
			`SELECT entry.id, directory.location FROM entry JOIN directory ON directory.entry = entry.parent
			WHERE entry.inode = ? ORDER BY directory.location <> ?, entry.id`
		)
		.all([entry.inode, location]);
	const candidates: Candidate[] = [];
	for (const found of rows) {
		const row = readEntry(database, entryId(found['id']));
		if (row === null || row.parent === null || claimed.has(row.id) || !isLike(row, entry)) continue;
		const path = [...readPath(database, row.parent), row.name];
		candidates.push({ id: row.id, from: row.parent, in: locationId(found['location']), path });
	}
	return candidates;
}

/** Whether something else, or nothing, is now where the candidate was; of a place that is away nothing is known. */
async function hasLeft(deps: Deps, candidate: Candidate, inode: number | null, signal: AbortSignal): Promise<boolean> {
	const root = deps.rootOf(candidate.in);
	if (root === null) return false;
	// A name that the run itself has taken away is no place on the disk.
	if (candidate.path.some((name) => name.includes('\0'))) return true;
	const there = await deps.files.look(root, candidate.path, signal);
	return there.ok && there.value?.inode !== inode;
}

/**
 * Finds what a page names that was elsewhere before: by its inode, and only where the old place has it no more. A hard
 * link has not left its old place, so it is a new entry.
 */
export async function findMoves(
	deps: Deps,
	{ added, changed, replaced }: PageChanges,
	signal: AbortSignal
): Promise<Result<readonly Move[], StorageFailure>> {
	const named = [...added, ...[...changed, ...replaced].map(({ entry }) => entry)];
	if (named.length === 0) return ok([]);
	const suspects = deps.database.read((): Suspect[] =>
		named
			.filter(({ inode }) => inode !== null)
			.map((entry) => ({ entry, candidates: readCandidates(deps, entry) }))
			.filter(({ candidates }) => candidates.length > 0)
	);
	if (!suspects.ok) return suspects;
	const moves: Move[] = [];
	for (const { entry, candidates } of suspects.value) {
		for (const candidate of candidates) {
			if (deps.claimed.has(candidate.id)) continue;
			// Before waiting, or another page could claim it as well.
			deps.claimed.add(candidate.id);
			if (await hasLeft(deps, candidate, entry.inode, signal)) {
				moves.push({ id: candidate.id, from: candidate.from, entry });
				break;
			}
			deps.claimed.delete(candidate.id);
		}
	}
	return ok(moves);
}
