import { err, locationId, ok, type CommandId, type EntryId, type LocationId, type Result } from '#core/kernel';
import type { FilesFailure, FilesPort, RootRef } from '#core/ports';
import type { Database, StorageFailure } from '#core/schema';
import { chosenName, ownName } from './name-location.ts';
import type { IndexMode, LastRun, Location, LocationFailure, LocationProblem } from './schema.ts';
import {
	beginRun,
	deleteLocation,
	endRun,
	readRun,
	insertLocation,
	readLocation,
	readLocations,
	updateMode,
	updateProblem
} from './store.ts';

type Once = { readonly command: CommandId; readonly atMs: number };
type Refusal = LocationFailure | StorageFailure;

/** The locations of an open library. Methods named `read…` and `write…` run inside the caller's transaction. */
export type Locations = {
	list(): Result<Location[], StorageFailure>;
	find(id: LocationId): Result<Location, Refusal>;
	/** Puts `root` under management; `name` null takes the folder's own. The folder must be readable now. */
	add(
		input: { readonly root: RootRef; readonly name: string | null },
		once: Once,
		signal: AbortSignal
	): Promise<Result<Location, Refusal | FilesFailure>>;
	setMode(id: LocationId, mode: IndexMode, once: Once): Result<null, Refusal>;
	/** Forgets the location at once; its tree is left to whoever sweeps the index. */
	remove(id: LocationId, once: Once): Result<null, Refusal>;
	writeBegin(id: LocationId): number;
	writeEnd(id: LocationId, indexedMs: number, newestEntry: number): void;
	readRun(id: LocationId): LastRun | null;
	readAll(): Location[];
	setProblem(id: LocationId, problem: LocationProblem | null): Result<void, StorageFailure>;
};

type Deps = {
	readonly database: Database;
	readonly files: FilesPort;
	/** Makes the entry of a location's folder, inside the transaction that makes the location. */
	readonly writeRootEntry: (name: string) => EntryId;
	/** Ties that entry to the location once its id is known. */
	readonly writeRootDirectory: (entry: EntryId, location: LocationId) => void;
};

async function findSame(
	{ files }: Deps,
	root: RootRef,
	known: readonly Location[],
	signal: AbortSignal
): Promise<Location | null> {
	for (const location of known) {
		if (location.root === root) return location;
		const relation = await files.relation(root, location.root, signal);
		if (relation.ok && relation.value === 'same') return location;
	}
	return null;
}

async function add(
	deps: Deps,
	input: { readonly root: RootRef; readonly name: string | null },
	once: Once,
	signal: AbortSignal
): Promise<Result<Location, Refusal | FilesFailure>> {
	const { database } = deps;
	const folderName = await deps.files.rootName(input.root, signal);
	if (!folderName.ok) return folderName;
	const known = database.read(() => readLocations(database));
	if (!known.ok) return known;
	const same = await findSame(deps, input.root, known.value, signal);
	const name =
		input.name === null
			? ok(ownName(folderName.value, known.value))
			: chosenName(input.name, known.value, same?.id ?? null);
	if (!name.ok) return name;
	// A repeat of the command that added it is answered with it, not refused.
	const added = database.writeOnce(once.command, once.atMs, () => {
		if (same !== null) return null;
		const entry = deps.writeRootEntry(name.value);
		const id = insertLocation(database, { name: name.value, root: input.root, entry, addedMs: once.atMs });
		deps.writeRootDirectory(entry, id);
		return id;
	});
	if (!added.ok) return added;
	if (added.value === null && same !== null) return err({ type: 'LocationExists', location: same.id });
	const made = database.read(() => readLocation(database, locationId(added.value)));
	if (!made.ok) return made;
	return made.value === null ? err({ type: 'LocationMissing' }) : ok(made.value);
}

/** The locations of the library behind `deps.database`. */
export function createLocations(deps: Deps): Locations {
	const { database } = deps;
	// One at a time, or two tabs that add one folder at once would both find it missing.
	let adding: Promise<unknown> = Promise.resolve();
	return {
		list: () => database.read(() => readLocations(database)),
		find: (id) => {
			const found = database.read(() => readLocation(database, id));
			if (!found.ok) return found;
			return found.value === null ? err({ type: 'LocationMissing' }) : ok(found.value);
		},
		add: (input, once, signal) => {
			const added = adding.then(() => add(deps, input, once, signal));
			adding = added.catch(() => undefined);
			return added;
		},
		setMode: (id, mode, once) => {
			const set = database.writeOnce(once.command, once.atMs, () => updateMode(database, id, mode));
			if (!set.ok) return set;
			return set.value === 0 ? err({ type: 'LocationMissing' }) : ok(null);
		},
		remove: (id, once) => {
			const removed = database.writeOnce(once.command, once.atMs, () => deleteLocation(database, id));
			if (!removed.ok) return removed;
			return removed.value === 0 ? err({ type: 'LocationMissing' }) : ok(null);
		},
		writeBegin: (id) => beginRun(database, id),
		writeEnd: (id, indexedMs, newestEntry) => endRun(database, id, indexedMs, newestEntry),
		readRun: (id) => readRun(database, id),
		readAll: () => readLocations(database),
		setProblem: (id, problem) => database.write(() => updateProblem(database, id, problem))
	};
}
