import { err, ok, type LocationId, type Result } from '#core/kernel';
import type { Database, StorageFailure } from '#core/schema';
import type { LastRun, Location, LocationFailure, LocationProblem } from './schema.ts';
import { beginRun, endRun, readLocation, readLocations, readRun, updateProblem } from './store.ts';

type Refusal = LocationFailure | StorageFailure;

/** The locations of an open library. Methods named `read…` and `write…` run inside the caller's transaction. */
export type Locations = {
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
		list: () => database.read(() => readLocations(database)),
		find: (id) => {
			const found = database.read(() => readLocation(database, id));
			if (!found.ok) return found;
			return found.value === null ? err({ type: 'LocationMissing' }) : ok(found.value);
		},
		writeBegin: (id) => beginRun(database, id),
		writeEnd: (id, indexedMs, newestEntry) => endRun(database, id, indexedMs, newestEntry),
		readRun: (id) => readRun(database, id),
		readAll: () => readLocations(database),
		setProblem: (id, problem) => database.write(() => updateProblem(database, id, problem))
	};
}
