import { err, ok, type LocationId, type Result, type VolumeId } from '#core/kernel';
import type { FilesFailure, FilesPort } from '#core/ports';
import type { StorageFailure } from '#core/schema';
import { locate, lookForLocations, nameOfVolume, readState, type LookDeps } from './look-for-locations.ts';
import { measureSpeed } from './measure-volume.ts';
import type { Location, LocationFailure, LocationProblem, Volume, VolumeFailure } from './schema.ts';
import type { Speed } from './storage-class.ts';
import { readVolumes, updateProblem, updateSpeed } from './store.ts';
import { writePlace } from './write-place.ts';

/** The volumes of an open library. */
export type Volumes = {
	list(): Result<Volume[], StorageFailure>;
	/** As `list`, inside the caller's transaction. */
	readAll(): Volume[];
	/** Where `lookForLocations` and `locate` say. */
	look(signal: AbortSignal): Promise<Result<boolean, StorageFailure>>;
	locate(
		location: LocationId,
		signal: AbortSignal
	): Promise<Result<Location, StorageFailure | LocationFailure | LocationProblem>>;
	/** Takes the volume that the location's path leads to now for its own from now on. */
	accept(
		location: LocationId,
		signal: AbortSignal
	): Promise<Result<null, StorageFailure | LocationFailure | FilesFailure>>;
	/** How quickly files of the volume are read; kept, as its class follows from it. */
	measure(volume: VolumeId, signal: AbortSignal): Promise<Result<Speed, StorageFailure | VolumeFailure | FilesFailure>>;
};

type Deps = LookDeps & { readonly files: FilesPort };

async function accept(
	deps: Deps,
	id: LocationId,
	signal: AbortSignal
): Promise<Result<null, StorageFailure | LocationFailure | FilesFailure>> {
	const state = readState(deps.database);
	if (!state.ok) return state;
	const location = state.value.locations.find((known) => known.id === id);
	if (location === undefined) return err({ type: 'LocationMissing' });
	const place = await deps.port.placeOf(location.root, signal);
	if (!place.ok) return place;
	const written = deps.database.write(() => {
		writePlace(deps, id, place.value);
		updateProblem(deps.database, id, null);
	});
	return written.ok ? ok(null) : written;
}

async function measure(
	deps: Deps,
	id: VolumeId,
	signal: AbortSignal
): Promise<Result<Speed, StorageFailure | VolumeFailure | FilesFailure>> {
	const state = readState(deps.database);
	if (!state.ok) return state;
	const volume = state.value.volumes.find((known) => known.id === id);
	if (volume === undefined) return err({ type: 'VolumeMissing' });
	const here = state.value.locations.filter(({ place, isOffline }) => place?.volume === id && !isOffline);
	if (here.length === 0) return err({ type: 'VolumeAway', disk: nameOfVolume(volume) });
	let speed: Result<Speed, VolumeFailure | FilesFailure> = err({ type: 'NothingToMeasure' });
	for (const { root } of here) {
		speed = await measureSpeed(deps, root, signal);
		if (speed.ok) break;
	}
	if (!speed.ok) return speed;
	const { value } = speed;
	const written = deps.database.write(() => updateSpeed(deps.database, id, value));
	return written.ok ? ok(value) : written;
}

export function createVolumes(deps: Deps): Volumes {
	const { database } = deps;
	return {
		list: () => database.read(() => readVolumes(database)),
		readAll: () => readVolumes(database),
		look: (signal) => lookForLocations(deps, signal),
		locate: (id, signal) => locate(deps, id, signal),
		accept: (id, signal) => accept(deps, id, signal),
		measure: (id, signal) => measure(deps, id, signal)
	};
}
