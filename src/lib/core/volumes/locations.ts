import { err, ok, type LocationId, type Result } from '#core/kernel';
import type { Database, StorageFailure } from '#core/schema';
import type { LastRun, Location, LocationFailure, LocationProblem } from './schema.ts';
import {
	beginRun,
	endRun,
	readEverywhere,
	readLocation,
	readLocations,
	readRun,
	updateProblem,
	whyMissing
} from './store.ts';

type Refusal = LocationFailure | StorageFailure;

/**
 * The locations of this device in an open library: whatever works on disks gets no others. Methods named `read…` and
 * `write…` run inside the caller's transaction.
 */
export type Locations = {
	/** With those of other devices, to be looked at. */
	listEverywhere(): Result<Location[], StorageFailure>;
	readEverywhere(): Location[];
	list(): Result<Location[], StorageFailure>;
	find(id: LocationId): Result<Location, Refusal>;
	writeBegin(id: LocationId): number;
	writeEnd(id: LocationId, indexedMs: number, newestEntry: number): void;
	readRun(id: LocationId): LastRun | null;
	readAll(): Location[];
	setProblem(id: LocationId, problem: LocationProblem | null): Result<void, StorageFailure>;
};

type Deps = { readonly database: Database };

/** The locations of the library behind `deps.database`. */
export function createLocations({ database }: Deps): Locations {
	return {
		listEverywhere: () => database.read(() => readEverywhere(database)),
		readEverywhere: () => readEverywhere(database),
		list: () => database.read(() => readLocations(database)),
		find: (id) => {
			const found = database.read(() => readLocation(database, id) ?? whyMissing(database, id));
			if (!found.ok) return found;
			return 'type' in found.value ? err(found.value) : ok(found.value);
		},
		writeBegin: (id) => beginRun(database, id),
		writeEnd: (id, indexedMs, newestEntry) => endRun(database, id, indexedMs, newestEntry),
		readRun: (id) => readRun(database, id),
		readAll: () => readLocations(database),
		setProblem: (id, problem) => database.write(() => updateProblem(database, id, problem))
	};
}
