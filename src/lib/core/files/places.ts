import { entryId, err, ok, type LocationId, type Result } from '#core/kernel';
import { readLocationOf, readPath, trashFolderName, type EntryChanges } from '#core/index';
import type { FilesDeps as BytesDeps } from '#core/bytes';
import type { DiskPlace, RootRef } from '#core/ports';
import type { Database, StorageFailure } from '#core/schema';
import type { Location, LocationFailure, LocationProblem } from '#core/volumes';
import type { EntryPlace, FilesStepFailure } from './schema.ts';

/** What the steps of this room stand on. */
export type StepsDeps = BytesDeps & {
	readonly database: Database;
	/** A time that has passed for certain, whatever the clock says now. */
	readonly passedMs: () => number;
	/** The index is told of what was done, inside the transaction that marks it as done. */
	readonly index: EntryChanges;
	/** The location with its folder where its volume is mounted now. */
	readonly locate: (
		id: LocationId,
		signal: AbortSignal
	) => Promise<Result<Location, StorageFailure | LocationFailure | LocationProblem>>;
};

type Found<T> = Promise<Result<T, FilesStepFailure>>;

/** Where things lie on disks now; each location is looked for once. */
export type Places = {
	/** The place of a name in a folder of the index. */
	of(place: EntryPlace): Found<DiskPlace>;
	/** The folder of a location that holds all bins, a bin, or what lies in one. */
	trash(location: LocationId, ...below: readonly string[]): Found<DiskPlace>;
};

export function createPlaces({ database, locate }: StepsDeps, signal: AbortSignal): Places {
	const roots = new Map<LocationId, Found<RootRef>>();

	async function findRoot(id: LocationId): Found<RootRef> {
		const found = await locate(id, signal);
		return found.ok ? ok(found.value.root) : err({ type: 'DiskAway', location: id, retry: 'when-online' });
	}

	function rootOf(id: LocationId): Found<RootRef> {
		const known = roots.get(id) ?? findRoot(id);
		roots.set(id, known);
		return known;
	}

	return {
		of: async ({ folder, name }) => {
			const id = entryId(folder);
			const found = database.read(() => ({ location: readLocationOf(database, id), path: readPath(database, id) }));
			if (!found.ok) return found;
			const { location, path } = found.value;
			if (location === null) return err({ type: 'TargetMissing' });
			const root = await rootOf(location);
			return root.ok ? ok({ root: root.value, path: [...path, name] }) : root;
		},
		trash: async (location, ...below) => {
			const root = await rootOf(location);
			return root.ok ? ok({ root: root.value, path: [trashFolderName, ...below] }) : root;
		}
	};
}

/** What is at a place after a step; a failure where it is gone already. */
export async function lookAt({ files }: Pick<StepsDeps, 'files'>, place: DiskPlace, signal: AbortSignal) {
	const found = await files.look(place.root, place.path, signal);
	if (!found.ok) return err({ ...found.failure, place });
	return found.value === null ? err({ type: 'EntryChanged' } as const) : ok(found.value);
}

const missing: ReadonlySet<string> = new Set(['FileMissing', 'FolderMissing', 'SourceChanged', 'NotAFolder']);

/** Whether a disk is away, or only what lay on it: the one may pass, the other does not. */
export async function settle(
	{ files }: Pick<StepsDeps, 'files'>,
	place: DiskPlace,
	failure: FilesStepFailure,
	signal: AbortSignal
): Promise<FilesStepFailure> {
	if (!missing.has(failure.type)) return failure;
	const root = await files.rootName(place.root, signal);
	return root.ok ? { type: 'EntryChanged' } : failure;
}
